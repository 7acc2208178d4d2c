/** Random lives of one member's lots, under any terms and with every kind of funder. */
import fc from 'fast-check';
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { rate } from '../../../src/domain/money/rate.js';
import { type Funding, PROGRAMME_FUNDED } from '../../../src/domain/redemption/lot.js';
import { LotBook } from '../../../src/domain/redemption/lot-book.js';
import type { MemberLots } from '../../../src/domain/redemption/member-lots.js';
import type { LotExpiry, RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { sumOfParts } from '../../../src/domain/redemption/part.js';

export const START = '2026-01-01';

const anyCount = fc.integer({ min: 0, max: 3 });
const anyFrom = fc.constantFrom('AVAILABLE', 'ACCRUAL');
const anyExpiry: fc.Arbitrary<LotExpiry> = fc.oneof(
  fc.constant({ kind: 'NEVER' } as const),
  fc.record({ kind: fc.constant('DAYS'), count: fc.integer({ min: 1, max: 90 }), from: anyFrom }),
  fc.record({ kind: fc.constantFrom('MONTHS', 'END_OF_MONTH'), count: anyCount, from: anyFrom }),
  fc.record({ kind: fc.constant('END_OF_YEAR'), count: fc.constant(0), from: anyFrom }),
  fc.record({ kind: fc.constant('ROLLING'), days: fc.integer({ min: 5, max: 90 }) }),
);

export const anyTerms: fc.Arbitrary<RedemptionTerms> = fc
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

/** The programme, and partners of every kind of contract. */
const FUNDINGS: readonly Funding[] = [
  PROGRAMME_FUNDED,
  { funderNo: 1, model: 'SETTLE_AT_ISSUANCE', breakageOwner: 'PROGRAMME' },
  { funderNo: 2, model: 'SETTLE_AT_ISSUANCE', breakageOwner: 'FUNDER' },
  { funderNo: 3, model: 'SETTLE_AT_REDEMPTION', breakageOwner: 'PROGRAMME' },
  { funderNo: 4, model: 'SETTLE_AT_REDEMPTION', breakageOwner: 'FUNDER' },
];

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
export const anyLife = fc.array(anyStep, { maxLength: 25 });

const pick = <T>(from: readonly T[], which: number): T | undefined => from[which % Math.max(from.length, 1)];
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** What may still be clawed back of an origin. */
export const creditedOf = ({ lots, events }: MemberLots, origin: string): bigint =>
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
    const funding = FUNDINGS[which % FUNDINGS.length] as Funding;
    const worth = amount === 0n ? 0n : valueMinor;
    const commissionMinor = funding.funderNo === 0 ? 0n : worth / 9n;
    const lot = { units: amount, valueMinor: worth, commissionMinor, taxMinor: commissionMinor / 5n, funding };
    book.credit({ id: `p${no}`, origin: `o${no % 4}`, ...lot, accruedOn: date, availableOn: addDays(date, hold) });
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

export function lifeOf(
  steps: readonly Step[],
  under: RedemptionTerms,
  after: (book: LotBook, date: string) => void,
): LotBook {
  const book = new LotBook(under);
  let date = START;
  steps.forEach((step, no) => {
    date = addDays(date, step.days);
    live(book, step, date, no);
    after(book, date);
  });
  return book;
}
