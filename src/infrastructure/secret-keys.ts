/** Where the keys of the secret box come from: the settings, or in development a file in the data directory. */
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from './operator-error.js';
import { KEY_BYTES, KEY_ID, SecretBox, type SecretKey } from './secret-box.js';

const FILE = 'secret-keys';
const HINT = `Write it as id:base64 with ${KEY_BYTES} bytes, the current key first, several with commas between`;

/** Reads "id:base64,id:base64", the current key first; a sentence when it cannot be read. */
export function parseSecretKeys(text: string): readonly SecretKey[] | string {
  const ring: SecretKey[] = [];
  for (const part of text.split(',').map((each) => each.trim())) {
    const [id = '', base64 = ''] = part.split(':');
    const key = Buffer.from(base64, 'base64');
    // Never the value itself: this sentence is printed and logged.
    if (!KEY_ID.test(id)) return `has a key without an id of letters, digits and hyphens. ${HINT}`;
    if (key.length !== KEY_BYTES || part.split(':').length !== 2)
      return `has a key "${id}" that is not ${KEY_BYTES} bytes. ${HINT}`;
    if (ring.some((known) => known.id === id)) return `names the key "${id}" twice. ${HINT}`;
    ring.push({ id, key });
  }
  return ring;
}

export interface SecretKeyOptions {
  readonly secretKeys: readonly SecretKey[] | undefined;
  readonly environment: string;
  readonly dataDir: string;
}

/** The secret box of this deployment. In production the keys are given; elsewhere one is made in the data directory. */
export function openSecretBox({ secretKeys, environment, dataDir }: SecretKeyOptions): SecretBox {
  if (secretKeys !== undefined) return new SecretBox(secretKeys);
  if (environment === 'production') throw new OperatorError(`HANSA_SECRET_KEYS is not set. ${HINT}.`);
  const path = join(dataDir, FILE);
  const ring = parseSecretKeys(readIfThere(path) ?? makeFile(dataDir, path));
  if (typeof ring !== 'string') return new SecretBox(ring);
  throw new OperatorError(`${path} ${ring}, or begin anew with another HANSA_DATA_DIR.`);
}

function readIfThere(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    chmodSync(path, 0o600);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Two processes may start at once: the whole file is linked into place, and who comes second takes the first's. */
function makeFile(directory: string, path: string): string {
  mkdirSync(directory, { recursive: true });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  writeFileSync(draft, `development:${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readIfThere(path) ?? '';
}
