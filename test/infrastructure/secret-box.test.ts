import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { OperatorError } from '../../src/infrastructure/operator-error.js';
import { SecretBox } from '../../src/infrastructure/secret-box.js';
import { openSecretBox, parseSecretKeys } from '../../src/infrastructure/secret-keys.js';

const OLD = { id: 'old', key: Buffer.alloc(32, 1) };
const NEW = { id: 'new', key: Buffer.alloc(32, 2) };
const place = { table: 'member', column: 'birthday', rowId: '7' };
const box = new SecretBox([OLD]);

describe('a sealed value', () => {
  it('opens at its place again, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => expect(box.open(box.seal(text, place), place)).toBe(text)),
    );
  });

  it.each([
    ['another table', { ...place, table: 'member2' }],
    ['another column', { ...place, column: 'code' }],
    ['another row', { ...place, rowId: '8' }],
    ['parts cut otherwise', { table: 'memberb', column: 'irthday', rowId: '7' }],
  ])('does not open for %s', (_what, other) => {
    expect(() => box.open(box.seal('02-29', place), other)).toThrow();
  });

  it('does not open when any bit of it was changed', () => {
    const sealed = box.seal('02-29', place);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => box.open(changed, place)).toThrow();
    }
  });

  it('does not open when it was cut', () => {
    const sealed = box.seal('02-29', place);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => box.open(sealed.subarray(0, length), place)).toThrow();
    }
  });

  it('is found by the hash of its text, under each key of the ring, and by nothing else', () => {
    const column = { table: 'bank_account', column: 'iban' };
    const [current, before] = new SecretBox([NEW, OLD]).hashes('DE89', column);
    expect([current, before]).toEqual([new SecretBox([NEW]).hashes('DE89', column)[0], box.hashes('DE89', column)[0]]);
    const others = [box.hashes('DE88', column), box.hashes('DE89', { ...column, column: 'bic' })].flat();
    expect(others.some((other) => other.equals(before as Buffer) || other.equals(current))).toBe(false);
  });

  it('is another one each time', () => {
    expect(box.seal('02-29', place).equals(box.seal('02-29', place))).toBe(false);
  });
});

describe('a ring of keys', () => {
  it('seals with the first and opens with all', () => {
    const ring = new SecretBox([NEW, OLD]);
    const [before, after] = [box.seal('x', place), ring.seal('x', place)];
    expect([ring.open(before, place), ring.open(after, place)]).toEqual(['x', 'x']);
    const begins = (sealed: Buffer) => sealed.subarray(0, ring.currentPrefix.length).equals(ring.currentPrefix);
    expect([begins(before), begins(after)]).toEqual([false, true]);
  });

  it('says which key is missing', () => {
    const attempt = () => new SecretBox([NEW]).open(box.seal('x', place), place);
    expect(attempt).toThrow(OperatorError);
    expect(attempt).toThrow('encrypted with the key "old", which is not in HANSA_SECRET_KEYS');
  });

  it('does not open with another key of the same name', () => {
    expect(() => new SecretBox([{ ...NEW, id: 'old' }]).open(box.seal('x', place), place)).toThrow();
  });
});

describe('the setting', () => {
  const key = Buffer.alloc(32, 3).toString('base64');

  it('names keys, the current one first', () => {
    expect(parseSecretKeys(`b:${key}, a:${key}`)).toMatchObject([{ id: 'b' }, { id: 'a' }]);
  });

  it.each([
    ['', 'without an id'],
    [key, 'without an id'],
    [`a b:${key}`, 'without an id'],
    [`seventeen-letters-:${key}`, 'without an id'],
    [`a:${key.slice(4)}`, '"a" that is not 32 bytes'],
    [`a:${key}:`, '"a" that is not 32 bytes'],
    [`a:${key},a:${key}`, 'the key "a" twice'],
    [`a:${key},`, 'without an id'],
  ])('is refused when it reads %j, and not repeated', (text, words) => {
    const sentence = parseSecretKeys(text);
    expect(sentence).toContain(words);
    expect(sentence).not.toContain(key.slice(4));
  });

  it('is needed in production', () => {
    const options = { secretKeys: undefined, environment: 'production', dataDir: '/nowhere' };
    expect(() => openSecretBox(options)).toThrow('HANSA_SECRET_KEYS is not set.');
  });

  it('is made in the data directory elsewhere, once, readable by its owner alone', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hansa-keys-'));
    const options = { secretKeys: undefined, environment: 'development', dataDir: join(dataDir, 'new') };
    const [first, second] = [openSecretBox(options), openSecretBox(options)];
    expect(second.open(first.seal('x', place), place)).toBe('x');
    const path = join(dataDir, 'new', 'secret-keys');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(/^development:/);
    rmSync(dataDir, { recursive: true });
  });
});
