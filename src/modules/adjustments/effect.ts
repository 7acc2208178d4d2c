/** What an approved adjustment does: the lots it changes and the entries it posts, decided on what stands now. */
import {
  type Adjustment,
  checkOwed,
  checkStanding,
  type Goodwill,
  type NegativeWriteOff,
} from '../../domain/adjustments/adjustment.js';
import { addDays, type BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { partnerAdjustmentEntry } from '../../domain/ledger/treasury-entries.js';
import { forgive } from '../../domain/redemption/debts.js';
import { type MemberLots, owed } from '../../domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import { grant } from '../../domain/redemption/transfer.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { type OpenWindow, recordEntries } from '../ledger/index.js';
import { openMemberLots, storeMemberLots } from '../lots/index.js';
import { lockMembers } from '../members/index.js';
import { lockPayments, payOff } from '../payments/index.js';
import type { AdjustmentErrorCode } from './adjustment.errors.js';
import { lockPartnerStanding } from './adjustment.sql.js';

export interface EffectIn {
  readonly window: OpenWindow;
  readonly now: Date;
  readonly today: BusinessDate;
  /** In force today; none when the programme has ended or not begun. */
  readonly terms: RedemptionTerms | undefined;
}

/** Posts it in the open window; the number of its entry. */
export async function takeEffect(
  tx: DbTransaction,
  adjustment: Adjustment,
  at: EffectIn,
): Promise<Result<bigint, AdjustmentErrorCode>> {
  if ('memberNo' in adjustment) return changeLots(tx, adjustment, at);
  const { window, now, today } = at;
  const { kind, partnerNo, amountMinor } = adjustment;
  await lockPayments(tx, window.programmeNo);
  const checked = checkStanding(adjustment, await lockPartnerStanding(tx, window.moneyUnit, partnerNo));
  if (!checked.ok) return checked;
  if (kind === 'BAD_DEBT' || kind === 'DEPOSIT_USE') {
    const paid = await payOff(tx, window.programmeNo, partnerNo, amountMinor);
    if (!paid.ok) return paid;
  }
  const [entryNo] = await recordEntries(tx, window, now, [partnerAdjustmentEntry(adjustment, today)]);
  invariant(entryNo !== undefined, 'an entry has a number');
  return ok(entryNo);
}

async function changeLots(
  tx: DbTransaction,
  adjustment: Goodwill | NegativeWriteOff,
  { window, now, today, terms }: EffectIn,
): Promise<Result<bigint, AdjustmentErrorCode>> {
  if (terms === undefined)
    return fail('NO_TERMS_IN_FORCE', 'The programme has no terms in force; publish a version.', 'adjustmentId');
  const { programmeNo } = window;
  const { memberNo } = adjustment;
  await lockMembers(tx, [memberNo]);
  const lots = await openMemberLots(tx, { programmeNo, terms, today, members: [{ memberNo }] });
  const changed = step(lots.of(memberNo), adjustment, terms, today);
  if (!changed.ok) return changed;
  lots.put(memberNo, changed.value);
  const { entries, entryNos, events } = await storeMemberLots(tx, lots);
  await recordEntries(tx, window, now, entries, entryNos);
  const wanted = adjustment.kind === 'GOODWILL' ? 'GRANTED' : 'DEBT_FORGIVEN';
  const told = events.find(({ event }) => event.kind === wanted);
  invariant(told !== undefined, 'what happened to lots has an entry');
  return ok(told.entryNo);
}

function step(
  member: MemberLots,
  adjustment: Goodwill | NegativeWriteOff,
  terms: RedemptionTerms,
  today: BusinessDate,
): Result<MemberLots, AdjustmentErrorCode> {
  if (adjustment.kind === 'NEGATIVE_WRITE_OFF') {
    const checked = checkOwed(adjustment, owed(member).units);
    return checked.ok ? ok(forgive(member)) : checked;
  }
  const { units, amountMinor: valueMinor, expiresOn } = adjustment;
  if (expiresOn !== undefined && expiresOn < today)
    return fail('EXPIRY_IN_THE_PAST', `It is ${today}, and the units end on ${expiresOn}; ask again.`, 'adjustmentId');
  // A lot says the first day on which it is gone.
  const gone = expiresOn === undefined ? {} : { expiresOn: addDays(expiresOn, 1) };
  return ok(grant(member, { id: newId(), units, valueMinor, accruedOn: today, ...gone }, terms));
}
