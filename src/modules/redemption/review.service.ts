/** Deciding on units that wait to leave: by somebody else than who asked, and then they leave or are back. */
import type { Principal } from '../../domain/access/principal.js';
import { decideReview } from '../../domain/guards/outflow.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { MemberLots } from '../../domain/redemption/member-lots.js';
import { redemptionOf, release } from '../../domain/redemption/redeem.js';
import { isId } from '../../graphql/scalars.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { type OpenedLots, openMemberLots } from '../lots/index.js';
import { lockMembers } from '../members/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { refuseBeyond } from './pay-out-once.js';
import { type OnCashOut, storeUse } from './paying-out.js';
import { kernelOf } from './redeemed.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import { findTakes, getRedemption, type RedemptionRecord, tell, updateRedemptions } from './redemption.sql.js';
import { refuseUnlessHeld } from './release.js';
import { findReview, type ReviewDecision, type ReviewRecord, storeReview } from './review.sql.js';
import { openTill, redeemerOf, storeChanged, type Till } from './till.js';
import { storeTransfer } from './transferring.js';

export interface DecideReview {
  readonly reviewId: string;
  readonly decision: ReviewDecision;
  readonly note: string | undefined;
  readonly idempotencyKey: string;
}

type Answered = Result<{ readonly id: string }, RedemptionErrorCode>;

const LONGEST_NOTE = 1_000;

export class ReviewService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
    private readonly onCashOut: OnCashOut,
  ) {}

  async decide(principal: Principal, command: DecideReview): Promise<Answered> {
    authorize(principal, 'outflow.review');
    const { idempotencyKey, ...body } = command;
    const { reviewId, note } = body;
    if (note !== undefined && (note.trim() === '' || note.length > LONGEST_NOTE))
      return fail('MALFORMED_NOTE', `Write a note of 1 to ${LONGEST_NOTE} characters, or none.`, 'note');
    const known = isId(reviewId) ? await this.database.command((tx) => findReview(tx, reviewId)) : undefined;
    if (known === undefined)
      return fail('UNKNOWN_REVIEW', 'Nothing of that id waits for a decision; read the queue.', 'reviewId');
    return this.database.command(async (tx) => {
      const till = await openTill(tx, this.references, known.programmeNo);
      if (!till.ok) return till;
      const key = { client: principal.subject, key: idempotencyKey, operation: 'DECIDE_REVIEW', body };
      return answerOnce(tx, key, () => decideLocked(till.value, known, principal.subject, command, this.onCashOut));
    });
  }
}

async function decideLocked(
  till: Till,
  { id, memberNo, toMemberNo }: ReviewRecord,
  subject: string,
  { decision, note }: DecideReview,
  onCashOut: OnCashOut,
): Promise<Answered> {
  const { tx, now, terms, programme } = till;
  const memberNos = toMemberNo === null ? [memberNo] : [memberNo, toMemberNo];
  await lockMembers(tx, memberNos);
  const review = await findReview(tx, id);
  const redemption = await getRedemption(tx, id);
  invariant(review !== undefined, 'a review never goes away');
  const allowed = decideReview(review, subject);
  if (!allowed.ok) return allowed;
  const takes = (await findTakes(tx, [id])).get(id) ?? [];
  const held = kernelOf(redemption, takes, programme.timeZone);
  const lots = await openMemberLots(tx, {
    programmeNo: programme.no,
    terms,
    today: till.today,
    members: memberNos.map((no) => ({ memberNo: no, ...(no === memberNo && { redemptions: [held] }) })),
  });
  const lapsed = refuseUnlessHeld({ till, redemption });
  if (lapsed !== undefined) return lapsed;
  const released = release(lots.of(memberNo), id, terms);
  const outcome =
    decision === 'APPROVED' ? await leave(till, review, redemption, { lots, released, onCashOut }) : ok(undefined);
  if (!outcome.ok) return outcome;
  tell(tx, 'redemption.voided', redemption);
  const record: RedemptionRecord = { ...redemption, state: 'VOIDED', resolvedAt: now };
  updateRedemptions(tx, [{ record, decided: redemptionOf(released, id) }]);
  await storeReview(tx, id, { decision, by: subject, at: now, note, outcomeId: outcome.value?.id });
  if (outcome.value === undefined) await storeChanged(till, lots, memberNo, released);
  else await outcome.value.store();
  return ok({ id });
}

/** What leaves, and how it is stored: last, because it locks balances that everybody shares. */
interface Outcome {
  readonly id: string;
  store(): Promise<void>;
}

/** The units are back, and leave in the same moment; units that have expired meanwhile are not there any more. */
async function leave(
  till: Till,
  review: ReviewRecord,
  { units }: RedemptionRecord,
  {
    lots,
    released,
    onCashOut,
  }: { readonly lots: OpenedLots; readonly released: MemberLots; readonly onCashOut: OnCashOut },
): Promise<Result<Outcome, RedemptionErrorCode>> {
  const { memberNo, bankNo, toMemberNo } = review;
  const refused = refuseBeyond(released, units, till.programme);
  if (!refused.ok) return refused;
  if (toMemberNo !== null) return ok(await storeTransfer(till, lots, released, { memberNo, toMemberNo, units }));
  invariant(bankNo !== null, 'cash goes to the bank of a card');
  const bank = till.partners.byNo(bankNo);
  invariant(bank !== undefined, `partner ${bankNo} exists`);
  const redeemer = redeemerOf(till, bank);
  if (!redeemer.ok) return redeemer;
  const use = { memberNo, units, to: { kind: 'CASHED_OUT', bankNo } } as const;
  return ok(await storeUse(till, lots, released, { ...use, heard: { by: onCashOut, card: {} } }));
}
