/** What holds for every member's lots under any terms, tried on random lives. */
import fc from 'fast-check';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { rate } from '../../../src/domain/money/rate.js';
import { advance } from '../../../src/domain/redemption/advance.js';
import { redeemable } from '../../../src/domain/redemption/limits.js';
import { goneOn, type Lot, POTS } from '../../../src/domain/redemption/lot.js';
import { LotBook } from '../../../src/domain/redemption/lot-book.js';
import { type MemberLots, owed, usable } from '../../../src/domain/redemption/member-lots.js';
import type { LotExpiry, RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { NO_PART, sumOfParts } from '../../../src/domain/redemption/part.js';
import { basket, flowsOf, missing, terms } from './fixture.js';

const START = '2026-01-01';
const NOTHING = { units: 0n, valueMinor: 0n };

const anyCount = fc.integer({ min: 0, max: 3 });
const anyFrom = fc.constantFrom('AVAILABLE', 'ACCRUAL');
const anyExpiry: fc.Arbitrary<LotExpiry> = fc.oneof(
  fc.constant({ kind: 'NEVER' } as const),
  fc.record({ kind: fc.constant('DAYS'), count: fc.integer({ min: 1, max: 90 }), from: anyFrom }),
  fc.record({ kind: fc.constantFrom('MONTHS', 'END_OF_MONTH'), count: anyCount, from: anyFrom }),
  fc.record({ kind: fc.constant('END_OF_YEAR'), count: fc.constant(0), from: anyFrom }),
  fc.record({ kind: fc.constant('ROLLING'), days: fc.integer({ min: 5, max: 90 }) }),
);

const anyTerms: fc.Arbitrary<RedemptionTerms> = fc
  .record({
    expiry: anyExpiry,
    order: fc.constantFrom('AVAILABLE_FIRST', 'EXPIRES_FIRST'),
    maxShare: fc.constantFrom(rate(1n), rate(1n, 2n), rate(99n, 100n)),
    discountsCount: fc.boolean(),
    minimumOwnMinor: fc.constantFrom(0n, 100n),
    minimumUnits: fc.constantFrom(0n, 20n),
    priceMinor: fc.constantFrom(rate(1n), rate(1n, 3n), rate(7n)),
    returnGraceDays: fc.constantFrom(0, 30),
    authorisationHours: fc.constant(168),
    noticeDays: fc.constant(30),
    donation: fc.constant(false),
    dormancy: fc.option(fc.record({ afterDays: fc.integer({ min: 5, max: 60 }), feeUnits: fc.bigInt(1n, 200n) })),
    windDown: fc.option(fc.integer({ min: 30, max: 300 })),
  })
  .map(({ dormancy, windDown, ...rest }) => ({
    ...rest,
    ...(dormancy === null ? {} : { dormancy }),
    ...(windDown === null ? {} : { windDown: { earningEnds: START, redemptionUntil: addDays(START, windDown) } }),
  }));

/** One thing that happens, some days after the one before it. `which` picks among what there is to act on. */
interface Step {
  readonly what: 'credit' | 'redeem' | 'authorise' | 'capture' | 'release' | 'giveBack' | 'return' | 'clawBack' | 'act';
  readonly days: number;
  readonly amount: bigint;
  readonly valueMinor: bigint;
  readonly hold: number;
  readonly which: number;
}
const anyStep: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    ...(['credit', 'credit', 'credit', 'redeem', 'redeem', 'authorise', 'capture', 'release'] as const),
    ...(['giveBack', 'return', 'clawBack', 'clawBack', 'act'] as const),
  ),
  days: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 60 })),
  amount: fc.bigInt(0n, 300n),
  valueMinor: fc.bigInt(0n, 900n),
  hold: fc.constantFrom(0, 0, 14),
  which: fc.nat(20),
});
const anyLife = fc.array(anyStep, { maxLength: 25 });

const pick = <T>(from: readonly T[], which: number): T | undefined => from[which % Math.max(from.length, 1)];
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** What may still be clawed back of an origin. */
const creditedOf = ({ lots, events }: MemberLots, origin: string): bigint =>
  lots
    .filter((lot) => lot.origin === origin && lot.id === lot.root)
    .reduce((sum, { issued }) => sum + issued.units, 0n) -
  events
    .flatMap((event) => (event.kind === 'CLAWED_BACK' && event.origin === origin ? event.shares : []))
    .reduce((sum, { returned }) => sum + returned.units, 0n);

/** Does one step; what there is nothing to act on for is left out. */
function live(book: LotBook, step: Step, date: string, no: number): void {
  const { what, amount, which } = step;
  const redemptions = book.lots.redemptions;
  const held = pick(
    redemptions.filter(({ state }) => state === 'AUTHORISED'),
    which,
  );
  const done = pick(redemptions, which);
  const request = {
    id: `r${no}`,
    date,
    purchaseMinor: 500n,
    discountMinor: step.valueMinor % 90n,
    unitsWanted: amount,
  };
  if (what === 'credit') {
    const { valueMinor, hold } = step;
    const lot = { units: amount, valueMinor: amount === 0n ? 0n : valueMinor, accruedOn: date };
    book.credit({ id: `p${no}`, origin: `o${no % 4}`, ...lot, availableOn: addDays(date, hold) });
  } else if (what === 'redeem') book.redeem(request);
  else if (what === 'authorise') book.authorise(request);
  else if (what === 'act') book.act(date);
  else if (what === 'clawBack') {
    const origin = `o${which % 4}`;
    book.clawBack(origin, least(amount, creditedOf(book.lots, origin)), date);
  } else if (held !== undefined && what === 'capture') {
    book.capture(held.id, date, least(amount, sumOfParts(held.takes.map(({ taken }) => taken)).units));
  } else if (held !== undefined && what === 'release') book.release(held.id, date);
  else if (done !== undefined && what === 'giveBack') book.giveBack(done.id, { units: amount }, date);
  else if (done !== undefined && what === 'return') book.giveBack(done.id, { returnedMinor: amount }, date);
}

function lifeOf(steps: readonly Step[], under: RedemptionTerms, after: (book: LotBook, date: string) => void): LotBook {
  const book = new LotBook(under);
  let date = START;
  steps.forEach((step, no) => {
    date = addDays(date, step.days);
    live(book, step, date, no);
    after(book, date);
  });
  return book;
}

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
