/**
 * Attacks on tokens, one row each (RFC 8725 and the usual list). Every row is refused with 401, for the reason that
 * it is meant to be refused for, and the answer repeats nothing of the token.
 */
import { createHmac, generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { CompactEncrypt, type JWK } from 'jose';
import { Ctx, Query, Resolver } from 'type-graphql';
import { v7 } from 'uuid';
import type { GatewayContext } from '../../src/graphql/context.js';
import { localKeys, PRINCIPAL_KINDS } from '../../src/infrastructure/auth/index.js';
import { SigningKeys } from '../../src/modules/tokens/index.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { AUDIENCE, type Edge, openEdge } from './edge.js';

@Resolver()
class WhoResolver {
  @Query(() => String)
  who(@Ctx() { principal }: GatewayContext): string {
    return JSON.stringify({ ...principal, scopes: [...principal.scopes] });
  }
}

const ISSUER = 'https://issuer.example';
const OTHER = 'https://other.example';
const LIMITED = 'https://limited.example';
const OWN = 'https://gateway.test';
/** Stands wherever a token has a text of its own: no answer may contain it. */
const CANARY = 'canary-7f3a';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 });
const ed = generateKeyPairSync('ed25519');
const others = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const attackers = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const attackersJwk = attackers.publicKey.export({ format: 'jwk' });

const published = (key: KeyObject, kid: string, alg?: string): JWK => ({
  ...(key.export({ format: 'jwk' }) as JWK),
  kid,
  ...(alg && { alg }),
});
const b64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const now = (): number => Math.floor(Date.now() / 1_000);

const es256 = (key: KeyObject) => (input: string) =>
  signWith('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
const rs256 = (key: KeyObject) => (input: string) => signWith('sha256', Buffer.from(input), key);
const eddsa = (key: KeyObject) => (input: string) => signWith(null, Buffer.from(input), key);

interface Parts {
  /** Merged into the good header, or the whole text of it. */
  readonly header?: object | string;
  readonly claims?: object | string;
  readonly by?: (input: string) => Buffer;
}
const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: CANARY, hansa_kind: 'ADMIN', scope: 'members:read' };
/** A token that is good but for what is said. */
function forge({ header = {}, claims = {}, by = es256(ec.privateKey) }: Parts = {}): string {
  const head = typeof header === 'string' ? header : { alg: 'ES256', kid: 'ec', typ: 'JWT', ...header };
  const body = typeof claims === 'string' ? claims : { ...CLAIMS, exp: now() + 60, iat: now(), ...claims };
  const input = `${b64(head)}.${b64(body)}`;
  return `${input}.${by(input).toString('base64url')}`;
}
const claimsText = (claims: string): string => `{${JSON.stringify(CLAIMS).slice(1, -1)},${claims}}`;

let db: TestDatabase;
let edge: Edge;
let ours: KeyObject;
let oursKid: string;
let clientId: string;
const memberId = v7();
/** What asked for keys that a token names. */
let decoy: Server;
let decoyUrl: string;
const asked: string[] = [];

async function listen(answer: Parameters<typeof createServer>[1]): Promise<[Server, string]> {
  const server = createServer(answer as never);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
}

beforeAll(async () => {
  db = await openTestDatabase();
  await db.superuser.query(
    `insert into partner (id, code, name, roles, onboarded_at) values ($1, 'corner-shop', 'Corner Shop', '{MERCHANT}', now())`,
    [v7()],
  );
  await db.superuser.query(`insert into member (id, programme_no, code, enrolled_at) values ($1, 1, 'M-1', now())`, [
    memberId,
  ]);
  clientId = v7();
  await db.superuser.query(
    `insert into api_client (id, name, kind, scopes, registered_by, registered_at) values ($1, 'x', 'ADMIN', '{members:read}', 'x', now())`,
    [clientId],
  );
  const signing = new SigningKeys(db.database);
  await signing.open();
  const { rows } = await db.superuser.query('select kid, private_sealed from signing_key');
  oursKid = rows[0].kid;
  const { createPrivateKey } = await import('node:crypto');
  const place = { table: 'signing_key', column: 'private_sealed', rowId: oursKid };
  const jwk = JSON.parse(db.database.secrets.open(rows[0].private_sealed, place));
  ours = createPrivateKey({ key: jwk, format: 'jwk' });
  const keys = [
    published(ec.publicKey, 'ec'),
    published(rsa.publicKey, 'rsa'),
    published(weak.publicKey, 'weak'),
    published(ed.publicKey, 'ed', 'EdDSA'),
  ];
  const all = { kinds: PRINCIPAL_KINDS };
  edge = await openEdge({
    db,
    resolvers: [WhoResolver],
    issuers: [
      { issuer: ISSUER, keys: localKeys(keys), trust: all },
      { issuer: OTHER, keys: localKeys([published(others.publicKey, 'others')]), trust: all },
      {
        issuer: LIMITED,
        keys: localKeys(keys),
        trust: { kinds: ['PARTNER', 'SERVICE'], partners: ['corner-shop'], scopes: ['members:read'] },
      },
      { issuer: OWN, keys: signing.find, own: 'AUTHORIZATION_SERVER' },
    ],
  });
  [decoy, decoyUrl] = await listen((incoming, response) => {
    asked.push(incoming.url ?? '');
    response.end(JSON.stringify({ keys: [{ ...attackersJwk, kid: 'ec' }] }));
  });
});
afterAll(async () => {
  decoy?.close();
  await edge?.stop();
  await db?.close();
});

const partner = { hansa_kind: 'PARTNER', hansa_partner: 'corner-shop' };
/** As the gateway itself would sign it. */
const own = ({ header = {}, claims = {} }: { header?: object; claims?: object } = {}): string =>
  forge({
    header: { typ: 'at+jwt', kid: oursKid, ...header },
    claims: { iss: OWN, sub: `client:${clientId}`, client_id: clientId, jti: v7(), ...claims },
    by: es256(ours),
  });

test.each<[string, () => string]>([
  ['ES256', () => forge()],
  ['RS256', () => forge({ header: { alg: 'RS256', kid: 'rsa' }, by: rs256(rsa.privateKey) })],
  ['Ed25519', () => forge({ header: { alg: 'EdDSA', kid: 'ed' }, by: eddsa(ed.privateKey) })],
  ['without a type', () => forge({ header: { typ: undefined } })],
  ['of the gateway itself', () => own()],
  ['of an issuer that may say less', () => forge({ claims: { iss: LIMITED, ...partner } })],
  ['that expired within the leeway', () => forge({ claims: { exp: now() - 20 } })],
  ['for several, us too', () => forge({ claims: { aud: ['https://elsewhere.example', AUDIENCE] } })],
])('what the attacks begin with is good: %s', async (_what, make) => {
  expect(await edge.ask('{ who }', { token: make() })).toMatchObject({ status: 200 });
});

const SIGNATURE = /signature does not hold/;
const ALGORITHM = /must be signed with RS256, ES256, EdDSA/;
const NOT_PUBLISHED = /does not publish/;
const NO_JWT = /not a JSON Web Token/;
const NO_ACCESS = /not an access token/;
const KIND = /"hansa_kind" must be one of/;
const claim = (name: string): RegExp => new RegExp(`claim "${name}" is`);
const unsigned = (alg: unknown) => (): string => forge({ header: { alg }, by: () => Buffer.alloc(0) });
/** HMAC with a public key as the secret, spelled in the ways libraries have taken it. */
const confused =
  (secret: () => string | Buffer, kid = 'rsa') =>
  (): string =>
    forge({ header: { alg: 'HS256', kid }, by: (input) => createHmac('sha256', secret()).update(input).digest() });
const withKeyOfItsOwn = (header: () => object) => (): string =>
  forge({ header: header(), by: es256(attackers.privateKey) });
const underKid =
  (kid: unknown, by = es256(attackers.privateKey)) =>
  (): string =>
    forge({ header: { kid }, by });

const ROWS: readonly (readonly [string, () => string | Promise<string>, RegExp])[] = [
  // Algorithms
  ...['none', 'None', 'NONE', 'nOnE', ' none', ''].map(
    (alg) => [`algorithm "${alg}"`, unsigned(alg), alg === '' ? NO_JWT : ALGORITHM] as const,
  ),
  ['no algorithm', unsigned(undefined), NO_JWT],
  ['an algorithm that is no text', unsigned(['ES256']), NO_JWT],
  ['algorithm none with a signature', () => forge({ header: { alg: 'none' } }), ALGORITHM],
  [
    'HS256 with the public key in PEM',
    confused(() => rsa.publicKey.export({ type: 'spki', format: 'pem' })),
    ALGORITHM,
  ],
  [
    'HS256 with the public key in PKCS 1',
    confused(() => rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })),
    ALGORITHM,
  ],
  [
    'HS256 with the public key in DER',
    confused(() => rsa.publicKey.export({ type: 'spki', format: 'der' })),
    ALGORITHM,
  ],
  ['HS256 with the public key as JWK', confused(() => JSON.stringify(published(ec.publicKey, 'ec')), 'ec'), ALGORITHM],
  ['HS256 with nothing', confused(() => ''), ALGORITHM],
  [
    'RS256 under a key for ES256',
    () => forge({ header: { alg: 'RS256', kid: 'ec' }, by: rs256(rsa.privateKey) }),
    NOT_PUBLISHED,
  ],
  ['ES256 under a key for RS256', () => forge({ header: { kid: 'rsa' } }), NOT_PUBLISHED],
  [
    'an algorithm of RSA that is not taken',
    () => forge({ header: { alg: 'PS256', kid: 'rsa' }, by: rs256(rsa.privateKey) }),
    ALGORITHM,
  ],
  [
    'a key too short',
    () => forge({ header: { alg: 'RS256', kid: 'weak' }, by: rs256(weak.privateKey) }),
    NOT_PUBLISHED,
  ],
  ['a signature of zeros', () => forge({ by: () => Buffer.alloc(64) }), SIGNATURE],
  [
    'a signature of one and zero',
    () => forge({ by: () => Buffer.concat([Buffer.alloc(31), Buffer.of(1), Buffer.alloc(32)]) }),
    SIGNATURE,
  ],
  [
    'a signature in DER',
    () => forge({ by: (input) => signWith('sha256', Buffer.from(input), ec.privateKey) }),
    SIGNATURE,
  ],
  ['no signature', () => forge({ by: () => Buffer.alloc(0) }), SIGNATURE],
  // Keys that the token brings or points to
  ['a key under jwk', withKeyOfItsOwn(() => ({ jwk: attackersJwk })), SIGNATURE],
  ['a key under jku', withKeyOfItsOwn(() => ({ jku: `${decoyUrl}/jku` })), SIGNATURE],
  ['a key under x5u', withKeyOfItsOwn(() => ({ x5u: `${decoyUrl}/x5u` })), SIGNATURE],
  [
    'a key under x5c',
    withKeyOfItsOwn(() => ({ x5c: [attackers.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] })),
    SIGNATURE,
  ],
  [
    'an issuer at an address of its own',
    () => forge({ claims: { iss: decoyUrl }, by: es256(attackers.privateKey) }),
    /no issuer/,
  ],
  ['kid: a path', underKid('../../../../dev/null'), NOT_PUBLISHED],
  ['kid: a file', underKid('file:///etc/passwd'), NOT_PUBLISHED],
  ['kid: SQL', underKid("x' union select 'secret' --"), NOT_PUBLISHED],
  ['kid: a command', underKid('$(id); `id`|id'), NOT_PUBLISHED],
  ['kid: a property of every object', underKid('__proto__'), NOT_PUBLISHED],
  ['kid: an address', () => underKid(`${decoyUrl}/kid`)(), NOT_PUBLISHED],
  ['kid: very long', underKid('k'.repeat(4_000)), NOT_PUBLISHED],
  ['kid: a zero byte', underKid('ec\u0000x'), NOT_PUBLISHED],
  ['kid: an object', underKid({ kid: 'ec' }), NOT_PUBLISHED],
  ['kid: of another issuer', underKid('others', es256(others.privateKey)), NOT_PUBLISHED],
  ['kid: another one of the issuer', underKid('ed', es256(ec.privateKey)), NOT_PUBLISHED],
  ['somebody else’s key', underKid('ec'), SIGNATURE],
  // Headers
  ['crit that is not known', () => forge({ header: { crit: ['exp'], exp: 1 } }), ALGORITHM],
  ['crit that names nothing', () => forge({ header: { crit: [] } }), NO_JWT],
  ['b64: false', () => forge({ header: { crit: ['b64'], b64: false } }), NO_JWT],
  ['typ of an id token', () => forge({ header: { typ: 'id+jwt' } }), NO_ACCESS],
  ['typ of a logout', () => forge({ header: { typ: 'logout+jwt' } }), NO_ACCESS],
  ['typ of a security event', () => forge({ header: { typ: 'application/secevent+jwt' } }), NO_ACCESS],
  [
    'two algorithms in one header',
    () => forge({ header: '{"alg":"ES256","kid":"ec","alg":"none"}', by: () => Buffer.alloc(0) }),
    ALGORITHM,
  ],
  [
    'none, then an algorithm',
    () => forge({ header: '{"alg":"none","kid":"ec","alg":"ES256"}', by: () => Buffer.alloc(0) }),
    SIGNATURE,
  ],
  ['a header that is no object', () => forge({ header: '["ES256"]' }), NO_JWT],
  ['a header that is no JSON', () => forge({ header: '{alg:ES256}' }), NO_JWT],
  // For whom, from whom
  ['for somebody else', () => forge({ claims: { aud: `${AUDIENCE}.example` } }), claim('aud')],
  ['for several, us not', () => forge({ claims: { aud: [`x${AUDIENCE}`, CANARY] } }), claim('aud')],
  ['for a text that contains us', () => forge({ claims: { aud: `${CANARY} ${AUDIENCE}` } }), claim('aud')],
  ['for an object', () => forge({ claims: { aud: { [AUDIENCE]: true } } }), claim('aud')],
  ['for nobody', () => forge({ claims: { aud: undefined } }), claim('aud')],
  ['from nobody', () => forge({ claims: { iss: undefined } }), /no issuer/],
  ['from several', () => forge({ claims: { iss: [ISSUER] } }), /no issuer/],
  ['from somebody unknown', () => forge({ claims: { iss: `https://${CANARY}.example` } }), /no issuer/],
  ['from ours with a slash', () => forge({ claims: { iss: `${ISSUER}/` } }), /no issuer/],
  ['from a property of every object', () => forge({ claims: { iss: '__proto__' } }), /no issuer/],
  ['from another issuer, signed by ours', () => forge({ claims: { iss: OTHER } }), NOT_PUBLISHED],
  [
    'from ours, signed by another issuer',
    () => forge({ header: { kid: undefined }, by: es256(others.privateKey) }),
    SIGNATURE,
  ],
  [
    'from the gateway, signed by an issuer',
    () => forge({ header: { typ: 'at+jwt', kid: undefined }, claims: { iss: OWN, client_id: clientId, jti: v7() } }),
    SIGNATURE,
  ],
  // When
  ['without an end', () => forge({ claims: { exp: undefined } }), claim('exp')],
  ['an end that is a text', () => forge({ claims: { exp: String(now() + 60) } }), claim('exp')],
  ['an end that is null', () => forge({ claims: { exp: null } }), claim('exp')],
  ['an end below zero', () => forge({ claims: { exp: -1 } }), /expired/],
  ['an end that never comes', () => forge({ claims: claimsText('"exp":1e999') }), claim('exp')],
  ['an end a fraction too late', () => forge({ claims: { exp: now() - 30.5 } }), /expired/],
  ['an end beyond the leeway', () => forge({ claims: { exp: now() - 31 } }), /expired/],
  ['an end in a hundred years', () => forge({ claims: { exp: now() + 3_155_760_000 } }), /more than a day/],
  ['two ends', () => forge({ claims: claimsText(`"exp":${now() + 60},"exp":1`) }), /expired/],
  ['not good yet', () => forge({ claims: { nbf: now() + 60 } }), claim('nbf')],
  ['a beginning that is a text', () => forge({ claims: { nbf: '0' } }), claim('nbf')],
  ['made in the future', () => forge({ claims: { iat: now() + 3_600 } }), claim('iat')],
  ['made at a text', () => forge({ claims: { iat: 'yesterday' } }), claim('iat')],
  ['made never', () => forge({ claims: claimsText(`"exp":${now() + 60},"iat":1e999`) }), claim('iat')],
  // Who, and what for
  ['nobody', () => forge({ claims: { sub: undefined } }), claim('sub')],
  ['an empty subject', () => forge({ claims: { sub: '' } }), /no subject/],
  ['a subject that is a list', () => forge({ claims: { sub: [CANARY] } }), /no subject/],
  ['a subject too long', () => forge({ claims: { sub: 's'.repeat(256) } }), /no subject/],
  ['a subject with a line break', () => forge({ claims: { sub: `${CANARY}\nkind=ADMIN` } }), /no subject/],
  ['scopes as a list', () => forge({ claims: { scope: ['members:read'] } }), /"scope" must be one string/],
  ['scopes as an object', () => forge({ claims: { scope: { 'members:read': true } } }), /"scope" must be one string/],
  ['scopes without end', () => forge({ claims: { scope: 'members:read '.repeat(200) } }), /"scope" must be one string/],
  ['no kind', () => forge({ claims: { hansa_kind: undefined } }), KIND],
  ['an unknown kind', () => forge({ claims: { hansa_kind: CANARY } }), KIND],
  ['a kind in small letters', () => forge({ claims: { hansa_kind: 'admin' } }), KIND],
  ['a list of kinds', () => forge({ claims: { hansa_kind: ['ADMIN'] } }), KIND],
  ['a property of every object as kind', () => forge({ claims: { hansa_kind: '__proto__' } }), KIND],
  [
    'a kind by way of __proto__',
    () => forge({ claims: claimsText(`"exp":${now() + 60},"hansa_kind":null,"__proto__":{"hansa_kind":"ADMIN"}`) }),
    KIND,
  ],
  ['a partner without its code', () => forge({ claims: { hansa_kind: 'PARTNER' } }), /must carry "hansa_partner"/],
  [
    'a partner with a list of codes',
    () => forge({ claims: { ...partner, hansa_partner: ['corner-shop'] } }),
    /must carry "hansa_partner"/,
  ],
  [
    'a partner that names a member',
    () => forge({ claims: { ...partner, hansa_member: memberId } }),
    /must not carry "hansa_member"/,
  ],
  [
    'a member that names a partner',
    () => forge({ claims: { hansa_kind: 'MEMBER', hansa_member: memberId, hansa_partner: 'corner-shop' } }),
    /must not carry "hansa_partner"/,
  ],
  [
    'an administrator that names a member',
    () => forge({ claims: { hansa_member: memberId } }),
    /must not carry "hansa_member"/,
  ],
  ['a member by its code', () => forge({ claims: { hansa_kind: 'MEMBER', hansa_member: 'M-1' } }), /not active/],
  ['an id token', () => forge({ claims: { nonce: CANARY } }), NO_ACCESS],
  ['an id token beside a code', () => forge({ claims: { at_hash: CANARY } }), NO_ACCESS],
  ['a refresh token', () => forge({ claims: { typ: 'Refresh' } }), NO_ACCESS],
  ['a token bound to a key', () => forge({ claims: { cnf: { jkt: CANARY } } }), /bound to a key/],
  // What an issuer may not say
  [
    'an administrator by an issuer that may not',
    () => forge({ claims: { iss: LIMITED } }),
    /may not speak for anybody of the kind ADMIN/,
  ],
  [
    'a member by an issuer that may not',
    () => forge({ claims: { iss: LIMITED, hansa_kind: 'MEMBER', hansa_member: memberId } }),
    /may not speak for anybody of the kind MEMBER/,
  ],
  [
    'another partner',
    () => forge({ claims: { iss: LIMITED, ...partner, hansa_partner: 'closed-shop' } }),
    /may not speak for this partner/,
  ],
  // The gateway's own
  ['our own of another type', () => own({ header: { typ: 'JWT' } }), NO_ACCESS],
  ['our own without a type', () => own({ header: { typ: undefined } }), NO_ACCESS],
  ['an assertion signed with our key', () => own({ header: { typ: 'client-authentication+jwt' } }), NO_ACCESS],
  ['our own without a client', () => own({ claims: { client_id: undefined } }), /names no client/],
  ['our own without a name', () => own({ claims: { jti: undefined } }), /names no client/],
  ['our own of a client that there is none of', () => own({ claims: { client_id: v7() } }), /was revoked/],
  ['our own of a client that is SQL', () => own({ claims: { client_id: "x' or true --" } }), /was revoked/],
  ['our own under a name that is SQL', () => own({ claims: { jti: "x' or true --" } }), /was revoked/],
  ['a development token signed with our key', () => own({ claims: { iss: 'urn:hansa:development' } }), NOT_PUBLISHED],
  // Shapes
  ['no token', () => CANARY, NO_JWT],
  ['two parts', () => forge().split('.').slice(0, 2).join('.'), NO_JWT],
  ['four parts', () => `${forge()}.${b64(CANARY)}`, NO_JWT],
  ['something behind it', () => `${forge()}${b64(CANARY)}`, NO_JWT],
  ['something before it', () => `${b64(CANARY)}${forge()}`, NO_JWT],
  ['only points', () => '..', NO_JWT],
  [
    'another payload under a good signature',
    () => {
      const [header, , signature] = forge().split('.');
      return `${header}.${forge({ claims: { sub: 'root' } }).split('.')[1]}.${signature}`;
    },
    SIGNATURE,
  ],
  ['a payload that is a list', () => forge({ claims: '[]' }), NO_JWT],
  ['a token in a token', () => forge({ header: { cty: 'JWT' }, claims: JSON.stringify(forge()) }), NO_JWT],
  [
    'an encrypted one',
    async () =>
      new CompactEncrypt(Buffer.from(JSON.stringify({ ...CLAIMS, exp: now() + 60 })))
        .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'rsa' })
        .encrypt(rsa.publicKey),
    NO_JWT,
  ],
  ['a token too large', () => forge({ claims: { padding: CANARY.repeat(700) } }), /too large/],
];

test.each(ROWS)('%s is refused', async (_what, make, reason) => {
  const token = await make();
  const answer = await edge.ask('{ who }', { token });
  expect([answer.status, answer.data, answer.errors?.[0]?.message]).toEqual([
    401,
    undefined,
    expect.stringMatching(reason),
  ]);
  expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  const text = JSON.stringify(answer.errors);
  expect(text).not.toContain(CANARY);
  for (const part of token.split('.').filter(({ length }) => length > 8)) expect(text).not.toContain(part);
});

test('no key was asked for where a token said', () => {
  expect(asked).toEqual([]);
});

test('of the scopes those are taken that are ours, once each, and that the issuer may give', async () => {
  const scope = 'openid members:read members:read settlement:read programme:root __proto__';
  const whoIs = async (claims: object) =>
    JSON.parse((await edge.ask('{ who }', { token: forge({ claims }) })).data.who);
  expect((await whoIs({ scope })).scopes).toEqual(['members:read', 'settlement:read']);
  expect((await whoIs({ scope, iss: LIMITED, ...partner })).scopes).toEqual(['members:read']);
});

test('two issuers that call two people alike mean two people', async () => {
  const subjects = await Promise.all(
    [forge(), forge({ header: { kid: 'others' }, claims: { iss: OTHER }, by: es256(others.privateKey) })].map(
      async (token) => JSON.parse((await edge.ask('{ who }', { token })).data.who).subject,
    ),
  );
  expect(subjects).toEqual([`${ISSUER}|${CANARY}`, `${OTHER}|${CANARY}`]);
});

/** What fetch would never send. */
function raw(headers: Record<string, string | string[]>, path = '/graphql'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${edge.url}${path}`,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let text = '';
        response.on('data', (part) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify({ query: '{ who }' }));
  });
}

describe('a good token in a bad place is none', () => {
  test.each<[string, () => Record<string, string | string[]>, string, RegExp]>([
    ['in the address', () => ({}), '/graphql?access_token=', /Send a token/],
    [
      'in two headers',
      () => ({ authorization: [`Bearer ${forge()}`, `Bearer ${forge()}`] }),
      '/graphql',
      /one Authorization header/,
    ],
    ['twice in one header', () => ({ authorization: `Bearer ${forge()}, Bearer ${forge()}` }), '/graphql', /must read/],
    ['in a cookie', () => ({ cookie: `access_token=${forge()}` }), '/graphql', /Send a token/],
    [
      'in a header of a proxy',
      () => ({ 'x-forwarded-authorization': `Bearer ${forge()}` }),
      '/graphql',
      /Send a token/,
    ],
    ['under another scheme', () => ({ authorization: `Token ${forge()}` }), '/graphql', /must read/],
    ['without a scheme', () => ({ authorization: forge() }), '/graphql', /must read/],
  ])('%s', async (_what, headers, path, reason) => {
    const { status, text } = await raw(headers(), path.endsWith('=') ? `${path}${forge()}` : path);
    expect([status, text]).toEqual([401, expect.stringMatching(reason)]);
    expect(text).not.toContain('eyJ');
  });
});

describe('issuers that misbehave cost themselves, and nobody else', () => {
  const ALL_BUT_DATE = [
    'hrtime',
    'nextTick',
    'performance',
    'queueMicrotask',
    'setImmediate',
    'clearImmediate',
    'setInterval',
    'clearInterval',
    'setTimeout',
    'clearTimeout',
  ] as const;
  const servers: Server[] = [];
  let counts: Record<string, number>;
  let urls: Record<string, string>;
  let misled: Edge;

  const behave: Readonly<Record<string, Parameters<typeof createServer>[1]>> = {
    good: (incoming, response) => {
      const url = `http://${incoming.headers.host}`;
      const answer =
        incoming.url === '/jwks' ? { keys: [published(ec.publicKey, 'ec')] } : { issuer: url, jwks_uri: `${url}/jwks` };
      response.end(JSON.stringify(answer));
    },
    hanging: () => undefined,
    redirecting: (_incoming, response) => response.writeHead(302, { location: `${decoyUrl}/redirected` }).end(),
    huge: (_incoming, response) => {
      const part = Buffer.alloc(64 * 1024, ' ');
      const write = (): void => {
        while (!response.destroyed && response.write(part));
      };
      response.on('drain', write);
      write();
    },
    failing: (_incoming, response) => response.writeHead(500).end('{}'),
    lying: (_incoming, response) => response.end(JSON.stringify({ issuer: ISSUER, jwks_uri: `${decoyUrl}/jwks` })),
    elsewhere: (incoming, response) =>
      response.end(JSON.stringify({ issuer: `http://${incoming.headers.host}`, jwks_uri: 'file:///etc/passwd' })),
    'no JSON': (_incoming, response) => response.end('<html>'),
  };

  beforeAll(async () => {
    counts = {};
    urls = {};
    for (const [name, answer] of Object.entries(behave)) {
      counts[name] = 0;
      const [server, url] = await listen((incoming, response) => {
        counts[name] = (counts[name] ?? 0) + 1;
        (answer as (incoming: unknown, response: unknown) => void)(incoming, response);
      });
      servers.push(server);
      urls[name] = url;
    }
    misled = await openEdge({
      db,
      resolvers: [WhoResolver],
      issuers: Object.values(urls).map((issuer) => ({
        issuer,
        discovery: true as const,
        trust: { kinds: PRINCIPAL_KINDS },
      })),
    });
  });
  afterAll(async () => {
    await misled?.stop();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  const from = (name: string, parts: Parts = {}): string =>
    forge({ ...parts, claims: { iss: urls[name], ...(parts.claims as object) } });
  const statusOf = async (token: string): Promise<number> => (await misled.ask('{ who }', { token })).status;

  test('a thousand made-up key ids cost an issuer one reading of its keys in thirty seconds', async () => {
    expect(await statusOf(from('good'))).toBe(200);
    expect(counts.good).toBe(2); // its description and its keys
    const flood = async (): Promise<void> => {
      for (let count = 0; count < 1_000; count += 50) {
        const tokens = Array.from({ length: 50 }, (_, index) =>
          from('good', { header: { kid: `${CANARY}-${count + index}` } }),
        );
        expect(new Set(await Promise.all(tokens.map(statusOf)))).toEqual(new Set([401]));
      }
    };
    await flood();
    expect(counts.good).toBe(2);
    jest.useFakeTimers({ now: Date.now() + 31_000, doNotFake: [...ALL_BUT_DATE] });
    try {
      await flood();
    } finally {
      jest.useRealTimers();
    }
    expect(counts.good).toBe(4);
  });

  test.each(['redirecting', 'huge', 'failing', 'lying', 'elsewhere', 'no JSON'])(
    '%s: nothing is said about its tokens, and it is left alone',
    async (name) => {
      expect(await Promise.all(Array.from({ length: 10 }, () => statusOf(from(name))))).toEqual(Array(10).fill(503));
      expect(await statusOf(from(name))).toBe(503);
      expect(counts[name]).toBe(1);
      expect(asked).toEqual([]);
    },
  );

  test('one that hangs is waited for once by all who ask, and by nobody else', async () => {
    const waiting = Promise.all(Array.from({ length: 20 }, () => statusOf(from('hanging'))));
    expect(await statusOf(from('good', { claims: { sub: 'meanwhile' } }))).toBe(200);
    expect(await waiting).toEqual(Array(20).fill(503));
    expect(counts.hanging).toBe(1);
  });
});
