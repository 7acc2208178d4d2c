/** Before units leave: limits of the day and the month, and what is held until somebody has looked at it. */
import { decideOutflow, type HoldReason } from '../../domain/guards/outflow.js';
import { ok, type Result } from '../../domain/kernel/result.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { OutflowLimits } from '../../domain/redemption/model.js';
import { redemptionOf, setAside } from '../../domain/redemption/redeem.js';
import { newId } from '../../infrastructure/db/ids.js';
import { lockMembers } from '../members/index.js';
import { refuseBeyond } from './pay-out-once.js';
import type { PayerRecord } from './payer.sql.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import { insertRedemptions, type RedemptionRecord } from './redemption.sql.js';
import { findOutflow, insertReview, type OutflowKind } from './review.sql.js';
import { openLots, storeChanged, type Till } from './till.js';

/** How long somebody has to look; afterwards the units go back by themselves. */
const REVIEW_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

export interface Leaving {
  readonly kind: OutflowKind;
  readonly limits: OutflowLimits;
  readonly units: bigint;
  readonly requestedBy: string;
  /** Who gets them; one of the two. */
  readonly bankNo?: number;
  readonly toMemberNo?: number;
}

/** Lets them go, refuses, or holds them for a review; the id is that of what was made, or of what holds them. */
export async function letGo(
  till: Till,
  payer: PayerRecord,
  leaving: Leaving,
  go: () => Promise<Result<{ readonly id: string }, RedemptionErrorCode>>,
): Promise<Result<{ readonly id: string }, RedemptionErrorCode>> {
  const { kind, limits, units, toMemberNo } = leaving;
  const { tx, programme, today } = till;
  await lockMembers(tx, toMemberNo === undefined ? [payer.no] : [payer.no, toMemberNo]);
  const moved = await findOutflow(tx, kind, payer.no, { timeZone: programme.timeZone, today });
  const written = (steps: bigint): string => `${formatDecimal(steps, programme.unitScale)} ${programme.unitCode}`;
  const decided = decideOutflow(units, moved, limits, written);
  if (!decided.ok) return decided;
  return decided.value === 'GO' ? go() : hold(till, payer, leaving, decided.value.hold);
}

async function hold(
  till: Till,
  payer: PayerRecord,
  { kind, units, requestedBy, bankNo, toMemberNo }: Leaving,
  reason: HoldReason,
): Promise<Result<{ readonly id: string }, RedemptionErrorCode>> {
  const { tx, programme, now } = till;
  const lots = await openLots(till, payer.no);
  const before = lots.of(payer.no);
  const refused = refuseBeyond(before, units, programme);
  if (!refused.ok) return refused;
  const id = newId();
  const member = setAside(before, id, units, till.terms);
  const redemption: RedemptionRecord = {
    ...{ id, memberNo: payer.no, programmeNo: programme.no, kind: 'REVIEW', partnerNo: 0, contractNo: null },
    ...{ reference: null, channel: null, transactionId: null, state: 'AUTHORISED', priceMinor: null },
    ...{ purchaseMinor: 0n, discountMinor: 0n, units, valueMinor: 0n, capturedUnits: 0n, capturedMinor: 0n },
    ...{ feeMinor: 0n, feeTaxMinor: 0n, returnedUnits: 0n, returnedMinor: 0n, basketReturnedMinor: 0n },
    ...{ authorisedAt: now, expiresAt: new Date(now.getTime() + REVIEW_DAYS * DAY_MS), resolvedAt: null },
  };
  insertRedemptions(tx, [{ record: redemption, decided: redemptionOf(member, id) }]);
  const parties = { bankNo: bankNo ?? null, toMemberNo: toMemberNo ?? null };
  const review = { id, memberNo: payer.no, programmeNo: programme.no, kind, reason, requestedBy, ...parties };
  await insertReview(tx, review, now);
  await storeChanged(till, lots, payer.no, member);
  return ok({ id });
}
