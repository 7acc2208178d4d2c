/** Terms and lots that tests build on: units of one cent, everything allowed, nothing expires. */
import type { BusinessDate } from '../../../src/domain/kernel/calendar.js';
import { ONE } from '../../../src/domain/money/rate.js';
import type { LotEventKind } from '../../../src/domain/redemption/events.js';
import { LotBook } from '../../../src/domain/redemption/lot-book.js';
import { type MemberLots, owed } from '../../../src/domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { minusPart, type Part, plainPart, sumOfParts } from '../../../src/domain/redemption/part.js';

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

/** What came in and what has become of it, netting what was reversed or given back. */
export function flowsOf({ lots, events, redemptions }: MemberLots) {
  const moved = (kind: LotEventKind): Part =>
    sumOfParts(events.filter((one) => one.kind === kind).flatMap(({ moves }) => moves.map(({ part }) => part)));
  const captured = redemptions.filter(({ state }) => state === 'CAPTURED').flatMap(({ takes }) => takes);
  const shares = events.flatMap((event) => (event.kind === 'CLAWED_BACK' ? event.shares : []));
  return {
    credited: sumOfParts(lots.filter(({ id, root }) => id === root).map(({ issued }) => issued)),
    clawedBack: sumOfParts(shares.map(({ returned }) => returned)),
    redeemed: sumOfParts(captured.map(({ taken, givenBack }) => minusPart(taken, givenBack))),
    expired: sumOfParts(lots.map(({ expired }) => expired)),
    fees: moved('FEE'),
    writtenOff: sumOfParts(lots.map(({ writtenOff }) => writtenOff)),
  };
}

/** credited - clawedBack - (left + reserved + redeemed + expired + fees + writtenOff - debts): nothing, always. */
export function missing(member: MemberLots): { readonly units: bigint; readonly valueMinor: bigint } {
  const { credited, clawedBack, redeemed, expired, fees, writtenOff } = flowsOf(member);
  const there = sumOfParts([
    ...member.lots.flatMap(({ left, reserved }) => [left, reserved]),
    ...[redeemed, expired, fees, writtenOff],
    plainPart(0n, member.differenceMinor),
  ]);
  const { units, valueMinor } = minusPart(minusPart(credited, clawedBack), minusPart(there, owed(member)));
  return { units, valueMinor };
}
