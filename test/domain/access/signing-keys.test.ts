import { believedAt, signerAt } from '../../../src/domain/access/signing-keys.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const key = (kid: string, minute: number, revoked = false) => ({ kid, signsFrom: at(minute), revoked });
const LIFE_MS = 60 * 60_000;
/** b follows a after 100 minutes; c, which has leaked, would be before both. */
const KEYS = [key('b', 100), key('a', 0), key('c', -10, true)];
const kids = (keys: readonly { kid: string }[]) => keys.map(({ kid }) => kid);

test.each<[number, string | undefined, string[]]>([
  [-1, undefined, ['a', 'b']],
  [0, 'a', ['a', 'b']],
  [99, 'a', ['a', 'b']],
  [100, 'b', ['a', 'b']],
  [159, 'b', ['a', 'b']],
  [160, 'b', ['b']],
  [10_000, 'b', ['b']],
])('after %i minutes %s signs and %j are believed', (minute, signer, believed) => {
  expect(signerAt(KEYS, at(minute))?.kid).toBe(signer);
  expect(kids(believedAt(KEYS, at(minute), LIFE_MS))).toEqual(believed);
});
