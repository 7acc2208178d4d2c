/**
 * Attaches an orphan to a purchase by hand: what the refund or the reversal says takes effect as if it had named
 * the purchase, on the day on which it was dated.
 */
import { type Failure, fail } from '../../domain/kernel/result.js';
import { type PurchaseMessage, purchaseState } from '../../domain/transactions/lifecycle.js';
import type { StandingPurchase, TransactionErrorCode } from '../../domain/transactions/model.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { openWindows } from '../ledger/index.js';
import { lockMembers } from '../members/index.js';
import type { BatchFacts } from './decide.js';
import { changeAwaited, findOrphan, setJoined } from './lifecycle.sql.js';
import { loadPurchase } from './load.js';
import { storedMessage } from './message.js';
import { isWhole, keptBy, refuseNamed } from './named.js';
import type { ReferenceCache } from './reference.js';
import { giveBack } from './revise.js';
import { storeChanges } from './store-changes.js';

/** @returns why it was not attached, or nothing */
export async function attachRefund(
  tx: DbTransaction,
  cache: ReferenceCache,
  orphanId: string,
  purchaseId: string,
): Promise<Failure<TransactionErrorCode> | undefined> {
  const found = await findOrphan(tx, orphanId);
  if (found === undefined) {
    return fail('NOT_A_PURCHASE', 'No refund without a purchase has this id; it may have found one.', 'refundId')
      .failure;
  }
  const { programmeNo, memberNo } = found;
  const { now, windows } = await openWindows(tx, [programmeNo]);
  const window = windows.get(programmeNo);
  await lockMembers(tx, [memberNo]);
  // Once more under the lock: somebody else may have been quicker.
  const orphan = await findOrphan(tx, orphanId);
  const reference = await cache.current(tx);
  const key = { id: purchaseId, memberNo };
  const { state, standing } = await loadPurchase(tx, reference, programmeNo, key);
  if (orphan === undefined || standing === undefined || window === undefined) {
    return fail(
      'UNKNOWN_PURCHASE',
      'The member of the refund has no purchase with this id; a refund goes to the payer of its purchase.',
      'purchaseId',
    ).failure;
  }
  const message = storedMessage(orphan);
  const wrong = refuse(standing, memberNo, message);
  if (wrong !== undefined) return wrong;
  const facts: BatchFacts = { reference, programmeNo, firstAnswers: new Map(), state, newId };
  const changes = giveBack(standing, message, facts);
  const { sourceId } = orphan;
  setJoined(tx, [{ id: orphanId, memberNo, joinedId: purchaseId, reason: 'BY_HAND', exchange: false }]);
  await changeAwaited(tx, [], [{ sourceId, memberNo }]);
  const told = [{ memberNo, sourceId, businessDate: message.businessDate, changes }];
  await storeChanges(tx, { programmeNo, reference, window, now, state, told });
  return undefined;
}

function refuse(
  standing: StandingPurchase,
  memberNo: number,
  { businessDate, amountMinor, teller }: PurchaseMessage,
): Failure<TransactionErrorCode> | undefined {
  const wrong = refuseNamed(standing, memberNo, businessDate, teller?.side);
  if (wrong !== undefined) return { ...wrong, field: 'purchaseId' };
  if (
    purchaseState(standing.messages).exchanged ||
    (isWhole(standing, teller?.side) && amountMinor > keptBy(standing, teller?.side))
  ) {
    return fail('REFUND_LARGER_THAN_PURCHASE', 'The refund is larger than what is left of this purchase.', 'purchaseId')
      .failure;
  }
  return undefined;
}
