/**
 * Writes what a batch decided: one statement per table, the journal and its balances last.
 */
import type { JournalEntry } from '../../domain/ledger/entry.js';
import { accrualEntry, type FundedShare, refundEntry, voidEntry } from '../../domain/ledger/rewards.js';
import { SOURCE_KIND_NO, type StandingAccrual } from '../../domain/transactions/model.js';
import type { AccrualReversal } from '../../domain/transactions/refund.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import {
  changeCounters,
  changeSpend,
  insertAccruals,
  insertReversals,
  type NewAccrual,
  type NewReversal,
} from '../earning/index.js';
import { type OpenWindow, recordEntries, takeEntryNumbers } from '../ledger/index.js';
import type { BatchState } from './batch-state.js';
import type { Accepted } from './decide.js';
import type { Item } from './pipeline.js';
import { claimKeys, insertSources, insertTransactions, releaseKeys, setRefunded } from './transaction.sql.js';

export interface DecidedBatch {
  readonly programmeNo: number;
  readonly window: OpenWindow;
  readonly now: Date;
  readonly claimed: ReadonlySet<Item>;
  readonly items: readonly Item[];
  readonly decided: readonly Accepted[];
  readonly state: BatchState;
}

export async function storeBatch(tx: DbTransaction, batch: DecidedBatch): Promise<void> {
  const { programmeNo, now, decided, state } = batch;
  await settleKeys(tx, batch);
  await insertTransactions(
    tx,
    programmeNo,
    now,
    decided.flatMap(({ transaction }) => (transaction ? [transaction] : [])),
  );
  await setRefunded(
    tx,
    [...state.refunded].flatMap((id) => {
      const purchase = state.purchase(id);
      return purchase ? [{ id, memberNo: purchase.memberNo, refundedMinor: purchase.refundedMinor }] : [];
    }),
  );
  await insertSources(tx, now, decided.map(sourceOf));
  await changeSpend(tx, state.spendToStore());
  await changeCounters(tx, state.useToStore());
  await recordRewards(tx, batch);
}

/**
 * A rejected item's claim is given back. When the first item of a key was rejected and a later one of the
 * same batch accepted, the key goes to that one.
 */
async function settleKeys(tx: DbTransaction, { claimed, items, decided }: DecidedBatch): Promise<void> {
  const accepted = new Set(decided.map(({ item }) => item));
  await releaseKeys(
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

const sourceOf = ({ item, memberNo, transactionId, matchReason }: Accepted) => ({
  id: item.sourceId,
  memberNo,
  transactionId,
  partnerNo: item.key?.partnerNo ?? 0,
  kindNo: SOURCE_KIND_NO[item.command.kind],
  reference: item.command.reference,
  bodyHash: item.bodyHash,
  amountMinor: item.command.amountMinor,
  matchReason: matchReason ?? null,
  payload: item.payload,
});

interface EntryFor {
  readonly entry: JournalEntry;
  readonly accepted: Accepted;
  /** The reversals this entry posts; none for an accrual entry. */
  readonly reversals: readonly AccrualReversal[];
}

async function recordRewards(tx: DbTransaction, { programmeNo, window, now, decided }: DecidedBatch): Promise<void> {
  const entries = decided.flatMap(entriesOf);
  if (entries.length === 0) return;
  const numbers = await takeEntryNumbers(tx, entries.length);
  const accruals: NewAccrual[] = [];
  const reversals: NewReversal[] = [];
  entries.forEach(({ accepted, reversals: reversed }, index) => {
    const entryNo = numbers[index] as bigint;
    if (reversed.length === 0)
      accruals.push(...accepted.accruals.map((accrual) => accrualRow(accepted, accrual, entryNo)));
    for (const { accrual, ...amounts } of reversed) {
      reversals.push({
        ...amounts,
        sourceId: accepted.item.sourceId,
        accrualId: accrual.id,
        memberNo: accepted.memberNo,
        entryNo,
      });
    }
  });
  await insertAccruals(tx, programmeNo, accruals);
  await insertReversals(tx, reversals);
  // Last, because every batch waits for the balances of the partners it shares with this one.
  await recordEntries(
    tx,
    window,
    now,
    entries.map(({ entry }) => entry),
    numbers,
  );
}

/** One entry for everything a purchase earned; for a refund one for what was pending and one for what was confirmed. */
function entriesOf(accepted: Accepted): EntryFor[] {
  const { item, memberNo, accruals, reversals } = accepted;
  const head = { memberNo, businessDate: item.command.businessDate, sourceId: item.sourceId };
  const entries: EntryFor[] = [];
  if (accruals.length > 0) {
    entries.push({
      accepted,
      reversals: [],
      entry: accrualEntry({ ...head, shares: accruals.map((accrual) => shareOf(accrual, accrual)) }),
    });
  }
  const voided = reversals.filter(({ accrual }) => accrual.pending);
  const taken = reversals.filter(({ accrual }) => !accrual.pending);
  if (voided.length > 0)
    entries.push({ accepted, reversals: voided, entry: voidEntry({ ...head, shares: voided.map(reversedShare) }) });
  if (taken.length > 0)
    entries.push({ accepted, reversals: taken, entry: refundEntry({ ...head, shares: taken.map(reversedShare) }) });
  return entries;
}

const reversedShare = (reversal: AccrualReversal): FundedShare => shareOf(reversal.accrual, reversal);

const shareOf = (accrual: StandingAccrual, amounts: Omit<FundedShare, 'funderNo' | 'model'>): FundedShare => ({
  funderNo: accrual.funderNo,
  units: amounts.units,
  valueMinor: amounts.valueMinor,
  commissionMinor: amounts.commissionMinor,
  taxMinor: amounts.taxMinor,
  model: accrual.contract?.model ?? 'SETTLE_AT_ISSUANCE',
});

const accrualRow = (accepted: Accepted, accrual: StandingAccrual, entryNo: bigint): NewAccrual => ({
  id: accrual.id,
  memberNo: accepted.memberNo,
  transactionId: accepted.transactionId,
  ruleCode: accrual.ruleCode,
  funderNo: accrual.funderNo,
  contractNo: accrual.contract?.no ?? null,
  units: accrual.units,
  valueMinor: accrual.valueMinor,
  commissionMinor: accrual.commissionMinor,
  taxMinor: accrual.taxMinor,
  taxTreatment: accrual.contract?.taxTreatment ?? 'MARKETING',
  availableOn: accepted.availableOn,
  entryNo,
});
