/** Writes what messages changed: purchases that were there before, members' days and counters, rewards and the journal. */
import { explanationDigest } from '../../domain/earning/explain.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { JournalEntry } from '../../domain/ledger/entry.js';
import { accrualEntry, type FundedShare, voidEntry } from '../../domain/ledger/rewards.js';
import { expiryDay } from '../../domain/redemption/lot.js';
import { purchaseState } from '../../domain/transactions/lifecycle.js';
import type { StandingAccrual, StandingPurchase } from '../../domain/transactions/model.js';
import { type AccrualReversal, decisionOn, NOT_CLEARED } from '../../domain/transactions/restate.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
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
  shrinkPending,
} from '../earning/index.js';
import { type OpenWindow, recordEntries, takeEntryNumbers } from '../ledger/index.js';
import { storeStandings } from '../tiers/index.js';
import type { BatchState } from './batch-state.js';
import { clawBackConfirmed } from './claw-back.js';
import { encodeFacts } from './decision-facts.js';
import {
  changeAwaited,
  type RestatedRow,
  redescribeTransactions,
  restateTransactions,
  setJoined,
  storeMerged,
} from './lifecycle.sql.js';
import { supersedeMatches } from './match.sql.js';
import { daysOf } from './placed.js';
import type { Reference } from './reference.js';
import { type RewardChange, termsOf } from './revise.js';
import { encodeLines, shortfallsOf } from './stored-basket.js';
import { setRefunded } from './transaction.sql.js';

/** What one message changed of rewards, of its own purchase and of others. */
export interface Told {
  readonly memberNo: number;
  readonly sourceId: string;
  readonly businessDate: BusinessDate;
  readonly changes: readonly RewardChange[];
}

export interface ChangedBatch {
  readonly programmeNo: number;
  readonly reference: Reference;
  readonly window: OpenWindow;
  readonly now: Date;
  readonly state: BatchState;
  readonly told: readonly Told[];
}

export async function storeChanges(tx: DbTransaction, batch: ChangedBatch): Promise<void> {
  const { programmeNo, state } = batch;
  await changeTransactions(tx, batch);
  changeDays(tx, state.daysToStore());
  storeStandings(tx, programmeNo, state.tiersToStore());
  changeCounters(
    tx,
    state.countersToStore().map(({ memberNo, key, amount }) => ({
      memberNo,
      capCode: key.stored,
      period: key.period,
      amount,
    })),
  );
  changeBudgets(
    tx,
    programmeNo,
    state.budgets.changes().map(({ key, amount }) => ({ code: key.stored, period: key.period, amount })),
  );
  insertMarks(tx, state.marksNew);
  await recordRewards(tx, batch);
}

/** Purchases that were there before, as messages of this batch left them, and what waits or waits no longer. */
async function changeTransactions(tx: DbTransaction, batch: ChangedBatch): Promise<void> {
  const { state } = batch;
  const standing = (ids: Iterable<string>): StandingPurchase[] =>
    [...ids].map((id) => {
      const purchase = state.purchase(id);
      invariant(purchase, `purchase ${id} was changed and is gone`);
      return purchase;
    });
  const refunded = standing(state.refunded).filter(({ id }) => !state.restated.has(id));
  setRefunded(
    tx,
    refunded.map(({ id, memberNo, refundedMinor }) => ({ id, memberNo, refundedMinor })),
  );
  restateTransactions(
    tx,
    standing(state.restated).map((purchase) => restatedRow(purchase, batch)),
  );
  redescribeTransactions(tx, [...state.redescribed.values()]);
  setJoined(tx, state.joins);
  storeMerged(tx, state.merged);
  supersedeMatches(tx, state.merged);
  changeAwaited(tx, [...state.awaitedNew.values()], [...state.awaitedFound.values()]);
}

function restatedRow(standing: StandingPurchase, batch: ChangedBatch): RestatedRow {
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

interface EntryFor {
  readonly entry: JournalEntry;
  readonly told: Told;
  /** What was pending and is voided by this entry; none for an accrual entry. */
  readonly reversals: readonly AccrualReversal[];
}

async function recordRewards(tx: DbTransaction, batch: ChangedBatch): Promise<void> {
  const { programmeNo, window, now } = batch;
  const entries = batch.told.flatMap(entriesOf);
  const moved = batch.told.flatMap(({ changes }) => changes.flatMap((change) => change.moved));
  const clawed = await clawBackConfirmed(tx, batch, newId);
  if (entries.length + moved.length + clawed.entries.length === 0) return;
  const numbers = entries.length === 0 ? [] : await takeEntryNumbers(tx, entries.length);
  const accruals: NewAccrual[] = [];
  const voided: NewReversal[] = [];
  entries.forEach(({ told, reversals: reversed }, index) => {
    const entryNo = numbers[index] as bigint;
    if (reversed.length === 0) accruals.push(...accrualRows(told, entryNo, batch));
    for (const { accrual, ...amounts } of reversed) {
      voided.push({
        ...amounts,
        sourceId: told.sourceId,
        accrualId: accrual.id,
        memberNo: told.memberNo,
        entryNo,
      });
    }
  });
  insertAccruals(tx, programmeNo, accruals);
  insertReversals(tx, [...voided, ...clawed.reversals]);
  shrinkPending(tx, voided);
  moveHolds(tx, programmeNo, lastMoves(batch));
  // Last, because every batch waits for the balances of the partners it shares with this one.
  await recordEntries(
    tx,
    window,
    now,
    [...entries.map(({ entry }) => entry), ...clawed.entries],
    [...numbers, ...clawed.entryNos],
  );
}

/** Where the hold of each accrual ended up. */
function lastMoves(batch: ChangedBatch): MovedHold[] {
  const moves = new Map<string, MovedHold>();
  for (const { memberNo, changes } of batch.told)
    for (const { transactionId, moved } of changes) {
      const standing = moved.length === 0 ? undefined : batch.state.purchase(transactionId);
      if (standing === undefined) continue;
      for (const { accrual, availableOn } of moved)
        moves.set(accrual.id, { accrualId: accrual.id, memberNo, ...lifeOf(standing, availableOn, batch) });
    }
  return [...moves.values()];
}

/** The days of a lot. Until its purchase is cleared nobody knows when its units begin to count down. */
function lifeOf(
  standing: StandingPurchase,
  availableOn: BusinessDate,
  batch: ChangedBatch,
): Pick<NewAccrual, 'accruedOn' | 'availableOn' | 'expiresOn'> {
  const accruedOn = standing.purchase.businessDate;
  const { expiry } = termsOf(standing, batch).redemption;
  const expiresOn = availableOn === NOT_CLEARED ? undefined : expiryDay(expiry, accruedOn, availableOn);
  return { accruedOn, availableOn, expiresOn: expiresOn ?? null };
}

/** One entry for everything a message earned, one for what it took back while that was pending. */
function entriesOf(told: Told): EntryFor[] {
  const { memberNo, sourceId, businessDate, changes } = told;
  const accruals = changes.flatMap((change) => change.accruals);
  const reversals = changes.flatMap((change) => change.reversals);
  const head = { memberNo, businessDate, sourceId };
  const entries: EntryFor[] = [];
  if (accruals.length > 0) {
    entries.push({
      told,
      reversals: [],
      entry: accrualEntry({ ...head, shares: accruals.map((accrual) => shareOf(accrual, accrual)) }),
    });
  }
  const voided = reversals.filter(({ accrual }) => accrual.pending);
  if (voided.length > 0)
    entries.push({ told, reversals: voided, entry: voidEntry({ ...head, shares: voided.map(reversedShare) }) });
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

function accrualRows({ memberNo, changes }: Told, entryNo: bigint, batch: ChangedBatch): NewAccrual[] {
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
          ...lifeOf(standing, accrual.availableOn, batch),
          entryNo,
          part: accrual.part,
        }));
  });
}
