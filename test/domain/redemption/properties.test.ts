/** What holds for every member's lots under any terms, tried on random lives. */
import fc from 'fast-check';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { advance } from '../../../src/domain/redemption/advance.js';
import { redeemable } from '../../../src/domain/redemption/limits.js';
import { goneOn, type Lot, POTS } from '../../../src/domain/redemption/lot.js';
import { type MemberLots, owed, usable } from '../../../src/domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { NO_PART, sumOfParts } from '../../../src/domain/redemption/part.js';
import { basket, flowsOf, missing, terms } from './fixture.js';
import { anyLife, anyTerms, creditedOf, least, lifeOf, START } from './lives.js';

const NOTHING = { units: 0n, valueMinor: 0n };

test('units and values are conserved and nothing is ever negative, after every step', () => {
  fc.assert(
    fc.property(anyLife, anyTerms, (steps, under) => {
      lifeOf(steps, under, (book) => {
        const member = book.lots;
        expect(missing(member)).toEqual(NOTHING);
        for (const lot of member.lots) {
          expect(sumOfParts(POTS.map((pot) => lot[pot]))).toEqual(lot.issued);
          for (const pot of POTS) expect(lot[pot].units >= 0n && lot[pot].valueMinor >= 0n).toBe(true);
        }
        for (const flow of Object.values(flowsOf(member))) expect(flow.units).toBeGreaterThanOrEqual(0n);
        for (const { left } of member.debts) expect(left.units >= 0n && left.valueMinor >= 0n).toBe(true);
        // A member who owes has nothing to use.
        if (owed(member).units > 0n) expect(usable(member)).toEqual([]);
      });
    }),
    { numRuns: 400 },
  );
});

test('days pass in parts or at once, once or twice, with the same result', () => {
  fc.assert(
    fc.property(
      anyLife,
      anyTerms,
      fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 5 }),
      (life, under, days) => {
        const book = lifeOf(life, under, () => {});
        const from = book.lots;
        const start = from.asOf < START ? START : from.asOf;
        const end = addDays(start, 400);
        const steps = [...days.map((day) => addDays(start, day)), end, end];
        const inParts = steps.reduce((member, day) => advance(member, day, under), from);
        expect(inParts).toEqual(advance(from, end, under));
      },
    ),
  );
});

test('the same life again gives the same books, also when every day of it is looked at', () => {
  fc.assert(
    fc.property(anyLife, anyTerms, (steps, under) => {
      const once = lifeOf(steps, under, () => {});
      const watched = lifeOf(steps, under, (book, date) => {
        book.advanceTo(date);
        book.available(addDays(date, 30));
      });
      const end = addDays(watched.lots.asOf, 10);
      once.advanceTo(end);
      watched.advanceTo(end);
      expect(watched.lots).toEqual(once.lots);
    }),
  );
});

/** Written apart from the kernel: the day it counts by, as one text. */
const rank = (lot: Lot, member: MemberLots, under: RedemptionTerms): string => {
  const gone = goneOn(lot, under.expiry, member.lastActivityOn) ?? 'never';
  return `${under.order === 'EXPIRES_FIRST' ? gone : ''}/${lot.availableOn}/${lot.accruedOn}`;
};

test('lots are used in the order of the terms, and a later one only when the earlier ones are empty', () => {
  fc.assert(
    fc.property(anyLife, anyTerms, fc.bigInt(1n, 500n), (steps, under, unitsWanted) => {
      const book = lifeOf(steps, under, () => {});
      const date = book.lots.asOf < START ? START : book.lots.asOf;
      book.advanceTo(date);
      const before = book.lots;
      book.redeem({ id: 'last', date, unitsWanted, ...basket });
      const takes = book.lots.redemptions.at(-1)?.takes ?? [];
      const ranks = takes.map(({ lotId }) => rank(before.lots.find(({ id }) => id === lotId) as Lot, before, under));
      expect(ranks).toEqual(ranks.toSorted());
      const lastRank = ranks.at(-1);
      if (lastRank === undefined) return;
      for (const lot of usable(before)) {
        if (rank(lot, before, under) >= lastRank) continue;
        expect(takes.find(({ lotId }) => lotId === lot.id)?.taken).toEqual(lot.left);
      }
    }),
  );
});

test('giving everything back, in any parts, restores every lot to the unit and the cent', () => {
  fc.assert(
    fc.property(
      anyLife,
      fc.constantFrom<RedemptionTerms['order']>('AVAILABLE_FIRST', 'EXPIRES_FIRST'),
      fc.bigInt(1n, 500n),
      fc.array(
        fc.oneof(
          fc.bigInt(0n, 200n).map((units) => ({ units })),
          fc.bigInt(0n, 300n).map((returnedMinor) => ({ returnedMinor })),
        ),
        { maxLength: 5 },
      ),
      (steps, order, unitsWanted, parts) => {
        const book = lifeOf(steps, terms({ order }), () => {});
        const date = book.lots.asOf < START ? START : book.lots.asOf;
        const before = book.lots;
        const { units } = book.redeem({ id: 'last', date, purchaseMinor: 700n, discountMinor: 0n, unitsWanted });
        const backs = [...parts, { returnedMinor: 700n }, { units: 1_000n }].map((part) =>
          book.giveBack('last', part, date),
        );
        expect(sumOfParts(backs).units).toBe(units);
        expect(book.lots.lots).toEqual(before.lots);
        expect(flowsOf(book.lots)).toEqual(flowsOf(before));
        expect(book.giveBack('last', { units: 1n }, date)).toEqual(NO_PART);
      },
    ),
  );
});

test('a purchase clawed back in any parts, whatever was done with its units, leaves nothing of it', () => {
  fc.assert(
    fc.property(anyLife, anyTerms, fc.array(fc.bigInt(0n, 100n), { maxLength: 4 }), (steps, under, parts) => {
      const book = lifeOf(steps, under, () => {});
      const date = book.lots.asOf;
      for (const part of [...parts, 10_000n]) {
        for (const origin of ['o0', 'o1', 'o2', 'o3']) {
          book.clawBack(origin, least(part, creditedOf(book.lots, origin)), date);
        }
      }
      const { credited, clawedBack } = flowsOf(book.lots);
      expect(clawedBack.units).toBe(credited.units);
      expect(missing(book.lots)).toEqual(NOTHING);
      // Nobody keeps what was redeemed for nothing: it is owed, but for what came back or left by itself.
      const left = sumOfParts(book.lots.lots.flatMap(({ left, reserved }) => [left, reserved])).units;
      const { redeemed, expired, fees, writtenOff } = flowsOf(book.lots);
      expect(owed(book.lots).units).toBe(left + redeemed.units + expired.units + fees.units + writtenOff.units);
    }),
  );
});

test('no bound of a redemption is ever passed, and one of them binds', () => {
  const anyWish = fc.record({
    purchaseMinor: fc.bigInt(0n, 10_000n),
    discountMinor: fc.bigInt(0n, 3_000n),
    unitsWanted: fc.bigInt(0n, 40_000n),
    balance: fc.bigInt(-50n, 40_000n),
  });
  fc.assert(
    fc.property(anyWish, anyTerms, (wish, under) => {
      const { units, paysMinor, limits, refused } = redeemable(wish, under);
      const { maxShare, priceMinor } = under;
      for (const limit of limits) expect(units).toBeLessThanOrEqual(limit.units);
      if (refused !== undefined) return expect([units, paysMinor]).toEqual([0n, 0n]);
      expect(limits.some((limit) => limit.units === units)).toBe(true);
      expect(units).toBeGreaterThanOrEqual(under.minimumUnits);
      expect(wish.purchaseMinor - wish.discountMinor - paysMinor).toBeGreaterThanOrEqual(under.minimumOwnMinor);
      const counted =
        units * priceMinor.numerator + (under.discountsCount ? wish.discountMinor * priceMinor.denominator : 0n);
      const of = under.discountsCount ? wish.purchaseMinor : wish.purchaseMinor - wish.discountMinor;
      expect(counted * maxShare.denominator).toBeLessThanOrEqual(of * maxShare.numerator * priceMinor.denominator);
    }),
    { numRuns: 500 },
  );
});
