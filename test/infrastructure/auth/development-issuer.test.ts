import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTokenVerifier,
  openDevelopmentIssuer,
  type TokenClaims,
} from '../../../src/infrastructure/auth/index.js';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'hansa-issuer-'));
});
afterEach(() => rmSync(dataDirectory, { recursive: true }));

const open = (environment = 'development') => openDevelopmentIssuer({ dataDirectory, environment, audience: 'hansa' });
const claims: TokenClaims = { subject: 'somebody', kind: 'MEMBER', scopes: new Set(['members:read']), memberId: 'm' };

test('it refuses to run in production, and leaves no key', async () => {
  await expect(open('production')).rejects.toThrow('does not run in production');
  expect(readdirSync(dataDirectory)).toEqual([]);
});

test('its key outlives a restart, readable by its owner only', async () => {
  const token = await (await open()).issue(claims, 60);
  const verify = createTokenVerifier([(await open()).config], 'hansa');
  await expect(verify(token, new Date())).resolves.toMatchObject({ claims });
  const [file, ...others] = readdirSync(dataDirectory);
  expect(others).toEqual([]);
  expect(statSync(join(dataDirectory, file as string)).mode & 0o777).toBe(0o600);
});

test('processes that start at once end up with one key', async () => {
  const issuers = await Promise.all(Array.from({ length: 8 }, () => open()));
  expect(new Set(issuers.map(({ jwks }) => JSON.stringify(jwks))).size).toBe(1);
});
