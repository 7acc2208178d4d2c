/**
 * Writes what a batch decided: one statement per table, the journal and its balances last.
 */
import { explanationDigest } from '../../domain/earning/explain.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { JournalEntry } from '../../domain/ledger/entry.js';
import { accrualEntry, type FundedShare, refundEntry, voidEntry } from '../../domain/ledger/rewards.js';
import { purchaseState } from '../../domain/transactions/lifecycle.js';
import { SOURCE_KIND_NO, type StandingAccrual, type StandingPurchase } from '../../domain/transactions/model.js';
import { type AccrualReversal, decisionOn } from '../../domain/transactions/restate.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import {
  changeBudgets,
  changeCounters,
  changeDays,
  insertAccruals,
  insertMarks,
  insertReversals,
  type MovedHold,
  moveHolds,
  type NewAccrual,
  type NewReversal,
} from '../earning/index.js';
import { type OpenWindow, recordEntries, takeEntryNumbers } from '../ledger/index.js';
import { storeStandings } from '../tiers/index.js';
import type { BatchState } from './batch-state.js';
import type { Accepted } from './decide.js';
import { encodeFacts } from './decision-facts.js';
import {
  changeAwaited,
  type RestatedRow,
  redescribeTransactions,
  restateTransactions,
  setJoined,
} from './lifecycle.sql.js';
import type { Item } from './pipeline.js';
import { daysOf } from './placed.js';
import type { Reference } from './reference.js';
import { termsOf } from './revise.js';
import { encodeLines, shortfallsOf } from './stored-basket.js';
import { claimKeys, insertSources, insertTransactions, releaseKeys, setRefunded } from './transaction.sql.js';

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
  const { programmeNo, now, decided, state } = batch;
  await settleKeys(tx, batch);
  await insertTransactions(
    tx,
    programmeNo,
    now,
    decided.flatMap(({ transaction }) => (transaction ? [transaction] : [])),
  );
  await insertSources(tx, now, decided.map(sourceOf));
  await changeTransactions(tx, batch);
  await changeDays(tx, state.daysToStore());
  await storeStandings(tx, programmeNo, state.tiersToStore());
  await changeCounters(
    tx,
    state.countersToStore().map(({ memberNo, key, amount }) => ({
      memberNo,
      capCode: key.stored,
      period: key.period,
      amount,
    })),
  );
  await changeBudgets(
    tx,
    programmeNo,
    state.budgets.changes().map(({ key, amount }) => ({ code: key.stored, period: key.period, amount })),
  );
  await insertMarks(tx, state.marksNew);
  await recordRewards(tx, batch);
}

/** Purchases that were there before, as messages of this batch left them, and what waits or waits no longer. */
async function changeTransactions(tx: DbTransaction, batch: DecidedBatch): Promise<void> {
  const { state } = batch;
  const standing = (ids: Iterable<string>): StandingPurchase[] =>
    [...ids].map((id) => {
      const purchase = state.purchase(id);
      invariant(purchase, `purchase ${id} was changed and is gone`);
      return purchase;
    });
  const refunded = standing(state.refunded).filter(({ id }) => !state.restated.has(id));
  await setRefunded(
    tx,
    refunded.map(({ id, memberNo, refundedMinor }) => ({ id, memberNo, refundedMinor })),
  );
  await restateTransactions(
    tx,
    standing(state.restated).map((purchase) => restatedRow(purchase, batch)),
  );
  await redescribeTransactions(tx, [...state.redescribed.values()]);
  await setJoined(tx, state.joins);
  await changeAwaited(tx, [...state.awaitedNew.values()], [...state.awaitedFound.values()]);
}

function restatedRow(standing: StandingPurchase, batch: DecidedBatch): RestatedRow {
  const { id, memberNo, purchase, facts, programmeVersion, refundedMinor, status, messages } = standing;
  const evaluation = decisionOn(purchase, facts, termsOf(standing, batch));
  return {
    id,
    memberNo,
    amountMinor: purchase.amountMinor,
    refundedMinor,
    businessDate: purchase.businessDate,
    status,
    ...daysOf(purchaseState(messages), purchase.businessDate),
    categoryCode: evaluation.category,
    lines: purchase.lines ? encodeLines(purchase.lines) : null,
    shortfalls: shortfallsOf(evaluation),
    facts: encodeFacts(programmeVersion, purchase, facts),
    explanationDigest: explanationDigest(evaluation.explanation),
  };
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

async function recordRewards(tx: DbTransaction, batch: DecidedBatch): Promise<void> {
  const { programmeNo, window, now, decided } = batch;
  const entries = decided.flatMap(entriesOf);
  const moved = decided.flatMap(({ changes }) => changes.flatMap((change) => change.moved));
  if (entries.length === 0 && moved.length === 0) return;
  const numbers = entries.length === 0 ? [] : await takeEntryNumbers(tx, entries.length);
  const accruals: NewAccrual[] = [];
  const reversals: NewReversal[] = [];
  entries.forEach(({ accepted, reversals: reversed }, index) => {
    const entryNo = numbers[index] as bigint;
    if (reversed.length === 0) accruals.push(...accrualRows(accepted, entryNo, batch));
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
  await moveHolds(tx, programmeNo, lastMoves(decided));
  // Last, because every batch waits for the balances of the partners it shares with this one.
  await recordEntries(
    tx,
    window,
    now,
    entries.map(({ entry }) => entry),
    numbers,
  );
}

/** Where the hold of each accrual ended up. */
function lastMoves(decided: readonly Accepted[]): MovedHold[] {
  const moves = new Map<string, MovedHold>();
  for (const { memberNo, changes } of decided)
    for (const { moved } of changes)
      for (const { accrual, availableOn } of moved)
        moves.set(accrual.id, { accrualId: accrual.id, memberNo, availableOn });
  return [...moves.values()];
}

/** One entry for everything a message earned, one for what was pending and one for what was confirmed of what it took back. */
function entriesOf(accepted: Accepted): EntryFor[] {
  const { item, memberNo, changes } = accepted;
  const accruals = changes.flatMap((change) => change.accruals);
  const reversals = changes.flatMap((change) => change.reversals);
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

function accrualRows({ memberNo, changes }: Accepted, entryNo: bigint, batch: DecidedBatch): NewAccrual[] {
  return changes.flatMap(({ transactionId, accruals }) => {
    const standing = accruals.length === 0 ? undefined : batch.state.purchase(transactionId);
    return standing === undefined
      ? []
      : accruals.map((accrual) => ({
          id: accrual.id,
          memberNo,
          transactionId,
          ruleCode: accrual.ruleCode,
          funderNo: accrual.funderNo,
          contractNo: accrual.contract?.no ?? null,
          units: accrual.units,
          valueMinor: accrual.valueMinor,
          commissionMinor: accrual.commissionMinor,
          taxMinor: accrual.taxMinor,
          taxTreatment: accrual.contract?.taxTreatment ?? termsOf(standing, batch).taxTreatment,
          availableOn: accrual.availableOn,
          entryNo,
          part: accrual.part,
        }));
  });
}
