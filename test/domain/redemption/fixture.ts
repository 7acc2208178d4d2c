/** Terms and lots that tests build on: units of one cent, everything allowed, nothing expires. */
import type { BusinessDate } from '../../../src/domain/kernel/calendar.js';
import { ONE } from '../../../src/domain/money/rate.js';
import { LotBook } from '../../../src/domain/redemption/lot-book.js';
import type { MemberLots } from '../../../src/domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { minusPart, type Part, sumOfParts } from '../../../src/domain/redemption/part.js';

export const terms = (changes: Partial<RedemptionTerms> = {}): RedemptionTerms => ({
  expiry: { kind: 'NEVER' },
  order: 'AVAILABLE_FIRST',
  maxShare: ONE,
  discountsCount: false,
  minimumOwnMinor: 0n,
  minimumUnits: 0n,
  priceMinor: ONE,
  returnGraceDays: 30,
  authorisationHours: 168,
  noticeDays: 30,
  donation: false,
  ...changes,
});

/** A book with lots of one origin each: code -> units (worth as many minor units) and day of accrual and availability. */
export function bookWith(
  changes: Partial<RedemptionTerms>,
  lots: Readonly<Record<string, readonly [units: bigint, accruedOn: BusinessDate, availableOn?: BusinessDate]>>,
): LotBook {
  const book = new LotBook(terms(changes));
  for (const [id, [units, accruedOn, availableOn = accruedOn]] of Object.entries(lots)) {
    book.credit({ id, units, valueMinor: units, accruedOn, availableOn });
  }
  return book;
}

/** A purchase large enough for any redemption. */
export const basket = { purchaseMinor: 10n ** 9n, discountMinor: 0n };

/** What is left of each lot, by id; lots with nothing left are not in it. */
export const leftOf = (book: LotBook): Record<string, bigint> =>
  Object.fromEntries(book.lots.lots.filter(({ left }) => left.units > 0n).map(({ id, left }) => [id, left.units]));

/** credited - clawedBack - (left + reserved + redeemed + expired + fees + writtenOff - debts): nothing, always. */
export function missing({ lots, debts, flows, differenceMinor }: MemberLots): Part {
  const there = sumOfParts([
    ...lots.flatMap(({ left, reserved }) => [left, reserved]),
    ...[flows.redeemed, flows.expired, flows.fees, flows.writtenOff],
    { units: 0n, valueMinor: differenceMinor },
  ]);
  const net = minusPart(flows.credited, flows.clawedBack);
  return minusPart(
    minusPart(net, there),
    minusPart({ units: 0n, valueMinor: 0n }, sumOfParts(debts.map(({ left }) => left))),
  );
}
