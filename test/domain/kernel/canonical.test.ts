import fc from 'fast-check';
import { canonicalDigest, canonicalJson } from '../../../src/domain/kernel/canonical.js';

describe('canonicalJson', () => {
  test.each([
    [
      'keys are sorted at every depth',
      { b: 1, a: { d: [1, { z: 0, y: 0 }], c: null } },
      '{"a":{"c":null,"d":[1,{"y":0,"z":0}]},"b":1}',
    ],
    ['an undefined property is an absent one', { a: undefined, b: 'x' }, '{"b":"x"}'],
    ['bigint is written as a string', { amountMinor: 12345678901234567890n }, '{"amountMinor":"12345678901234567890"}'],
    ['an instant is written in UTC', new Date('2026-01-02T03:04:05+02:00'), '"2026-01-02T01:04:05.000Z"'],
    ['text is escaped as JSON does it', 'a"\n\u2028', '"a\\"\\n\u2028"'],
  ])('%s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, () => 0, undefined, [undefined]])('refuses %p', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  test('reading it and writing it again changes nothing, whatever the order of keys was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });

  test('the digest is SHA-256 of that text', () => {
    // printf '{"a":1}' | sha256sum
    expect(canonicalDigest({ a: 1 }).toString('hex')).toBe(
      '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862',
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
