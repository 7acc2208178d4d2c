/**
 * Writes what a batch decided: one statement per table, the journal and its balances last (store-changes.ts).
 */
import type { NewEvent } from '../../domain/events/event-type.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { looksAtActivity } from '../../domain/redemption/dormancy.js';
import { later } from '../../domain/redemption/months.js';
import { SOURCE_KIND_NO } from '../../domain/transactions/model.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { recordEvents } from '../events/index.js';
import type { OpenWindow } from '../ledger/index.js';
import { type ActivityRow, storeActivity } from '../lots/index.js';
import type { BatchState } from './batch-state.js';
import { markToldSides } from './counterpart.sql.js';
import type { Accepted } from './decide.js';
import { proposeMatches } from './match.sql.js';
import type { Item } from './pipeline.js';
import { bitOf } from './placed.js';
import type { Reference } from './reference.js';
import { storeChanges } from './store-changes.js';
import { claimKeys, insertSources, insertTransactions, releaseKeys } from './transaction.sql.js';

export interface DecidedBatch {
  readonly programmeNo: number;
  readonly reference: Reference;
  readonly window: OpenWindow;
  readonly now: Date;
  readonly claimed: ReadonlySet<Item>;
  readonly items: readonly Item[];
  readonly decided: readonly Accepted[];
  readonly state: BatchState;
}

export async function storeBatch(tx: DbTransaction, batch: DecidedBatch): Promise<void> {
  const { programmeNo, now, decided } = batch;
  await settleKeys(tx, batch);
  insertTransactions(
    tx,
    programmeNo,
    now,
    decided.flatMap(({ transaction }) => (transaction ? [transaction] : [])),
  );
  insertSources(tx, now, decided.map(sourceOf));
  recordEvents(
    tx,
    decided.map((accepted) => eventOf(accepted, batch)),
  );
  markToldSides(tx, batch.state.toldNew);
  proposeMatches(tx, programmeNo, batch.state.nearMisses);
  storeActivity(tx, activityOf(batch));
  await storeChanges(tx, {
    ...batch,
    told: decided.map(({ item, memberNo, changes }) => ({
      memberNo,
      sourceId: item.sourceId,
      businessDate: item.command.businessDate,
      changes,
    })),
  });
}

/**
 * A rejected item's claim is given back. When the first item of a key was rejected and a later one of the
 * same batch accepted, the key goes to that one.
 */
async function settleKeys(tx: DbTransaction, { claimed, items, decided }: DecidedBatch): Promise<void> {
  const accepted = new Set(decided.map(({ item }) => item));
  releaseKeys(
    tx,
    items.flatMap((item) => (item.key && claimed.has(item) && !accepted.has(item) ? [item.key] : [])),
  );
  await claimKeys(
    tx,
    decided.flatMap(({ item, memberNo }) =>
      item.key && !claimed.has(item)
        ? [{ ...item.key, bodyHash: item.bodyHash, sourceId: item.sourceId, memberNo }]
        : [],
    ),
  );
}

/** The row of an accepted message. */
export const sourceOf = ({ item, memberNo, transactionId, matchReason, likeness }: Accepted) => ({
  id: item.sourceId,
  memberNo,
  transactionId,
  partnerNo: item.key?.partnerNo ?? 0,
  kindNo: SOURCE_KIND_NO[item.command.kind],
  reference: item.command.reference,
  bodyHash: item.bodyHash,
  amountMinor: item.command.amountMinor,
  matchReason: matchReason ?? null,
  side: bitOf(item),
  likeness: likeness ?? null,
  payload: item.payload,
});

/** Told to the partner of the message and to the merchant of the purchase. */
function eventOf(
  { item, memberNo, transactionId, transaction }: Accepted,
  { programmeNo, state }: DecidedBatch,
): NewEvent {
  const { kind } = item.command;
  const merchantNo = transaction?.merchantNo ?? state.purchase(transactionId)?.purchase.merchant?.partnerNo;
  const partnerNos = new Set([item.key?.partnerNo, merchantNo].filter((no) => no !== undefined));
  return {
    type: kind === 'REFUND' || kind === 'REVERSAL' ? 'transaction.refunded' : 'transaction.recorded',
    programmeNo,
    memberNo,
    partnerNos: [...partnerNos],
    subjectId: transactionId,
    causeId: item.sourceId,
  };
}

/** The last day on which each member bought or did something, where the programme looks at it; a return is none. */
function activityOf({ programmeNo, reference, decided }: DecidedBatch): ActivityRow[] {
  const days = new Map<number, BusinessDate>();
  for (const { item, memberNo } of decided) {
    const { kind, businessDate } = item.command;
    if (kind === 'REFUND' || kind === 'REVERSAL') continue;
    const terms = reference.programmes.inForce(programmeNo, businessDate)?.terms.redemption;
    if (terms !== undefined && looksAtActivity(terms)) days.set(memberNo, later(days.get(memberNo), businessDate));
  }
  return Array.from(days, ([memberNo, lastActivityOn]) => ({ memberNo, lastActivityOn, feesTakenTo: null }));
}
