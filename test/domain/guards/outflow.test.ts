import fc from 'fast-check';
import { decideOutflow, decideReview, type Outflow } from '../../../src/domain/guards/outflow.js';
import type { OutflowLimits } from '../../../src/domain/redemption/model.js';

const NOTHING: Outflow = { todayUnits: 0n, monthUnits: 0n };
const written = (units: bigint): string => `${units} PTS`;

it.each<[string, bigint, OutflowLimits, Outflow, string]>([
  ['no limits', 1_000_000n, {}, NOTHING, 'GO'],
  ['the last of the day', 40n, { perDayUnits: 100n }, { todayUnits: 60n, monthUnits: 60n }, 'GO'],
  ['one beyond the day', 41n, { perDayUnits: 100n }, { todayUnits: 60n, monthUnits: 60n }, 'DAY_LIMIT_EXCEEDED'],
  ['a limit that was lowered', 1n, { perDayUnits: 50n }, { todayUnits: 60n, monthUnits: 60n }, 'DAY_LIMIT_EXCEEDED'],
  ['one beyond the month', 41n, { perMonthUnits: 100n }, { todayUnits: 0n, monthUnits: 60n }, 'MONTH_LIMIT_EXCEEDED'],
  ['the day before the month', 9n, { perDayUnits: 1n, perMonthUnits: 1n }, NOTHING, 'DAY_LIMIT_EXCEEDED'],
  ['exactly what needs no look', 500n, { holdAboveUnits: 500n }, NOTHING, 'GO'],
  ['more than needs no look', 501n, { holdAboveUnits: 500n }, NOTHING, 'LARGE_AMOUNT'],
  ['a limit before a look', 501n, { perDayUnits: 500n, holdAboveUnits: 5n }, NOTHING, 'DAY_LIMIT_EXCEEDED'],
])('%s', (_what, units, limits, moved, expected) => {
  const decided = decideOutflow(units, moved, limits, written);
  if (!decided.ok) expect(decided.failure.code).toBe(expected);
  else expect(decided.value === 'GO' ? 'GO' : decided.value.hold).toBe(expected);
});

it('says how much is left', () => {
  const decided = decideOutflow(50n, { todayUnits: 60n, monthUnits: 60n }, { perDayUnits: 100n }, written);
  expect(decided).toMatchObject({ failure: { message: 'Today 40 PTS more may leave; ask for no more, or tomorrow.' } });
});

it('never lets more than the limit out in a day, whatever is asked in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt(1n, 50n)), fc.bigInt(0n, 200n), (asked, perDayUnits) => {
      let todayUnits = 0n;
      for (const units of asked)
        if (decideOutflow(units, { todayUnits, monthUnits: todayUnits }, { perDayUnits }, written).ok)
          todayUnits += units;
      expect(todayUnits).toBeLessThanOrEqual(perDayUnits);
    }),
  );
});

it('takes somebody else to decide, and once', () => {
  const waiting = { requestedBy: 'me', decision: null };
  expect(decideReview(waiting, 'you').ok).toBe(true);
  expect(decideReview(waiting, 'me')).toMatchObject({ failure: { code: 'SAME_PERSON' } });
  expect(decideReview({ ...waiting, decision: 'REJECTED' }, 'you')).toMatchObject({
    failure: { code: 'REVIEW_DECIDED' },
  });
});
