import fc from 'fast-check';
import { type MemberUnits, MOVERS, type Movement, MovementTally } from '../../../src/domain/backtest/movement.js';

const movementOf = (members: readonly MemberUnits[]): Movement => {
  const tally = new MovementTally();
  for (const member of members) tally.add(member);
  return tally.result();
};
const member = (memberNo: number, baseline: bigint, candidate: bigint): MemberUnits => ({
  memberNo,
  baseline,
  candidate,
});

const someMembers = fc
  .array(fc.tuple(fc.bigInt({ min: 0n, max: 50n }), fc.bigInt({ min: 0n, max: 50n })), { maxLength: 3_000 })
  .map((pairs) => pairs.map(([baseline, candidate], index) => member(index + 1, baseline, candidate)));

const changeOf = ({ candidate, baseline }: MemberUnits): bigint => candidate - baseline;

test('winners, losers and the rest are everybody, and what they gain and lose is the whole change', () => {
  fc.assert(
    fc.property(someMembers, (members) => {
      const { winners, losers, unchanged, deciles } = movementOf(members);
      const change = members.reduce((sum, each) => sum + changeOf(each), 0n);
      expect(winners.members + losers.members + unchanged).toBe(members.length);
      expect(winners.units - losers.units).toBe(change);
      expect(deciles.reduce((sum, { members: count }) => sum + count, 0)).toBe(members.length);
      expect(deciles.reduce((sum, { units }) => sum + units, 0n)).toBe(change);
    }),
    { numRuns: 30 },
  );
});

test('tenths are of one size, in order, and do not overlap', () => {
  fc.assert(
    fc.property(someMembers, (members) => {
      const { deciles } = movementOf(members);
      expect(deciles).toHaveLength(Math.min(10, members.length));
      const sizes = deciles.map(({ members: count }) => count);
      expect(Math.max(...sizes, 0) - Math.min(...sizes, members.length)).toBeLessThanOrEqual(1);
      deciles.forEach(({ no, from, to }, index) => {
        expect(no).toBe(index + 1);
        expect(from).toBeLessThanOrEqual(to);
        expect(deciles[index - 1]?.to ?? from).toBeLessThanOrEqual(from);
      });
    }),
    { numRuns: 30 },
  );
});

test('the biggest movers are those of a full sort, equal ones by their number', () => {
  fc.assert(
    fc.property(someMembers, (members) => {
      const ranked = (sign: bigint): MemberUnits[] =>
        members
          .filter((each) => changeOf(each) * sign > 0n)
          .sort((a, b) => Number((changeOf(b) - changeOf(a)) * sign) || a.memberNo - b.memberNo)
          .slice(0, MOVERS);
      const { gainsMost, losesMost } = movementOf(members);
      expect(gainsMost).toEqual(ranked(1n));
      expect(losesMost).toEqual(ranked(-1n));
    }),
    { numRuns: 30 },
  );
});

test('a worked case', () => {
  expect(movementOf([member(1, 10n, 10n), member(2, 10n, 4n), member(3, 0n, 30n)])).toEqual({
    winners: { members: 1, units: 30n },
    losers: { members: 1, units: 6n },
    unchanged: 1,
    deciles: [
      { no: 1, members: 1, from: -6n, to: -6n, units: -6n },
      { no: 2, members: 1, from: 0n, to: 0n, units: 0n },
      { no: 3, members: 1, from: 30n, to: 30n, units: 30n },
    ],
    gainsMost: [member(3, 0n, 30n)],
    losesMost: [member(2, 10n, 4n)],
  });
});

test('nobody is no division by nobody', () => {
  expect(movementOf([])).toMatchObject({ winners: { members: 0 }, unchanged: 0, deciles: [] });
});
