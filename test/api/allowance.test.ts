import fc from 'fast-check';
import { Allowance } from '../../src/api/allowance.js';

const MINUTE = 60_000;

function at(quota: number): { allowance: Allowance; pass(milliseconds: number): void } {
  let now = 1_000;
  return {
    allowance: new Allowance('cost', quota, () => now),
    pass: (milliseconds) => {
      now += milliseconds;
    },
  };
}

test('a whole minute at once, and then nothing until it has grown back', () => {
  const { allowance, pass } = at(60);
  expect(allowance.take('a', 60)).toMatchObject({ granted: true, remaining: 0, fullInSeconds: 60 });
  expect(allowance.take('a', 1)).toMatchObject({ granted: false, remaining: 0, retryInSeconds: 1 });
  expect(allowance.take('b', 1)).toMatchObject({ granted: true, remaining: 59 });
  pass(999);
  expect(allowance.take('a', 1).granted).toBe(false);
  pass(1);
  expect(allowance.take('a', 1).granted).toBe(true);
  pass(10 * MINUTE);
  expect(allowance.take('a', 60)).toMatchObject({ granted: true, remaining: 0 });
});

test('what is given back is there again, and no more than was taken', () => {
  const { allowance } = at(60);
  allowance.giveBack('a', 1);
  allowance.take('a', 60);
  allowance.giveBack('a', 2);
  expect(allowance.take('a', 2)).toMatchObject({ granted: true, remaining: 0 });
  expect(allowance.take('a', 1).granted).toBe(false);
});

test('what is refused takes nothing, and waiting as long as it says is enough', () => {
  const { allowance, pass } = at(60);
  allowance.take('a', 50);
  const refused = allowance.take('a', 20);
  expect(refused).toMatchObject({ granted: false, remaining: 10, retryInSeconds: 10 });
  pass(refused.retryInSeconds * 1_000);
  expect(allowance.take('a', 20).granted).toBe(true);
});

test('0 is without bound', () => {
  const { allowance } = at(0);
  for (let times = 0; times < 10; times += 1) expect(allowance.take('a', 1e9).granted).toBe(true);
});

test('whatever is asked and when, no window of a minute gives more than two quotas, and no client that asks for less waits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.array(fc.record({ after: fc.integer({ min: 0, max: 20_000 }), amount: fc.integer({ min: 1, max: 100 }) })),
      (quota, requests) => {
        const { allowance, pass } = at(quota);
        const given: [time: number, amount: number][] = [];
        let now = 0;
        for (const { after, amount } of requests) {
          pass(after);
          now += after;
          const grant = allowance.take('a', amount);
          if (grant.granted) given.push([now, amount]);
          const recent = given.filter(([time]) => time > now - MINUTE).reduce((sum, [, part]) => sum + part, 0);
          expect(recent).toBeLessThanOrEqual(2 * quota);
          if (!grant.granted) expect(recent + amount).toBeGreaterThan(quota);
          expect(grant.remaining).toBeGreaterThanOrEqual(0);
          expect(grant.remaining).toBeLessThanOrEqual(quota);
        }
      },
    ),
  );
});

test('it remembers 50,000 keys at most: those seen last', () => {
  const { allowance } = at(1);
  allowance.take('first', 1);
  allowance.take('second', 1);
  for (let key = 0; key < 49_998; key += 1) allowance.take(`key ${key}`, 1);
  expect(allowance.take('second', 1).granted).toBe(false);
  allowance.take('one more', 1);
  expect(allowance.take('first', 1).granted).toBe(true);
});
