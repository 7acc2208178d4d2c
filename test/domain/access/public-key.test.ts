import { generateKeyPairSync } from 'node:crypto';
import { readPublicKey } from '../../../src/domain/access/public-key.js';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
const ecJwk = ec.publicKey.export({ format: 'jwk' });

describe('a key is taken, and of it only what a verifier needs', () => {
  test.each([
    [
      'EC P-256',
      { ...ecJwk, kid: 'k1', alg: 'ES256', use: 'sig', note: 'mine' },
      { algorithm: 'ES256', kid: 'k1', jwk: ecJwk },
    ],
    [
      'Ed25519',
      ed.publicKey.export({ format: 'jwk' }),
      { algorithm: 'EdDSA', jwk: ed.publicKey.export({ format: 'jwk' }) },
    ],
  ])('%s', (_what, jwk, value) => {
    expect(readPublicKey(JSON.stringify(jwk))).toEqual({ ok: true, value });
  });

  test('RSA of 2,048 bits', () => {
    expect(readPublicKey(JSON.stringify(rsa(2_048)))).toMatchObject({ ok: true, value: { algorithm: 'RS256' } });
  });
});

describe('refused', () => {
  test.each<[string, string, string]>([
    ['no JSON', '-----BEGIN PUBLIC KEY-----', 'MALFORMED_KEY'],
    ['a list', '[]', 'MALFORMED_KEY'],
    ['a number', '1', 'MALFORMED_KEY'],
    ['a text too long to be one', JSON.stringify({ ...ecJwk, note: 'x'.repeat(4_000) }), 'MALFORMED_KEY'],
    ['a private key', JSON.stringify(ec.privateKey.export({ format: 'jwk' })), 'PRIVATE_KEY'],
    ['a shared secret', JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }), 'PRIVATE_KEY'],
    ['another curve', JSON.stringify({ ...ecJwk, crv: 'P-384' }), 'MALFORMED_KEY'],
    ['a key for encryption', JSON.stringify({ ...ecJwk, use: 'enc' }), 'MALFORMED_KEY'],
    ['another algorithm', JSON.stringify({ ...ecJwk, alg: 'HS256' }), 'MALFORMED_KEY'],
    ['half a key', JSON.stringify({ ...ecJwk, y: undefined }), 'MALFORMED_KEY'],
    ['a part that is no text', JSON.stringify({ ...ecJwk, x: 1 }), 'MALFORMED_KEY'],
    ['a name that is no text', JSON.stringify({ ...ecJwk, kid: 1 }), 'MALFORMED_KEY'],
    ['a name too long', JSON.stringify({ ...ecJwk, kid: 'k'.repeat(201) }), 'MALFORMED_KEY'],
    ['RSA of 1,024 bits', JSON.stringify(rsa(1_024)), 'WEAK_KEY'],
    [
      'RSA of 1,024 bits with zeros before',
      JSON.stringify({ kty: 'RSA', e: 'AQAB', n: 'A'.repeat(300) + rsa(1_024).n }),
      'WEAK_KEY',
    ],
  ])('%s', (_what, text, code) => {
    expect(readPublicKey(text)).toMatchObject({ ok: false, failure: { code, field: 'publicKey' } });
  });
});
