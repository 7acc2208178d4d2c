/**
 * Recording decided entries: one statement per table, balances summed in memory before they are touched.
 */
import type { NewEvent } from '../../domain/events/event-type.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { Account, MEMBER_ACCOUNTS } from '../../domain/ledger/accounts.js';
import { EntryKind, type JournalEntry, type Posting } from '../../domain/ledger/entry.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { recordEvents } from '../events/index.js';
import type { JournalWindow, OpenWindow } from './fence.js';
import {
  type AccountChange,
  insertJournal,
  JournalColumns,
  type MemberChange,
  moveAccountBalances,
  moveMemberBalances,
  takeNumberBlocks,
} from './ledger.sql.js';

/** Entries that belong to one window. */
export interface WindowEntries {
  readonly window: JournalWindow;
  readonly entries: readonly JournalEntry[];
}

/**
 * Writes entries, their postings and all balances they move, and returns the entry numbers in the order given.
 *
 * Locks the members in order of their number, then the account balances in order of their key, and holds them
 * until the transaction ends: call it once per transaction and last, with numbers taken before when other rows
 * name them. Throws when an entry does not balance, a member has no balance row, or a guarded member balance
 * would leave its side.
 */
export const recordEntries = (
  tx: DbTransaction,
  window: OpenWindow,
  now: Date,
  entries: readonly JournalEntry[],
  numbers?: readonly bigint[],
): Promise<readonly bigint[]> => recordEntriesOfWindows(tx, now, [{ window, entries }], numbers);

/** The same for entries of several windows at once: a settlement empties the positions of all its windows. */
export async function recordEntriesOfWindows(
  tx: DbTransaction,
  now: Date,
  groups: readonly WindowEntries[],
  taken?: readonly bigint[],
): Promise<readonly bigint[]> {
  const count = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  if (count === 0) return [];
  const numbers = taken ?? (await takeEntryNumbers(tx, count));
  const columns = new JournalColumns();
  const changes = new BalanceChanges();
  let next = 0;
  for (const { window, entries } of groups) {
    for (const entry of entries) {
      addEntry(columns, changes, window, entry, numbers[next] as bigint);
      next += 1;
    }
  }
  insertJournal(tx, now, columns);
  if (changes.members.size > 0) {
    const moved = await moveMemberBalances(tx, changes.members);
    invariant(moved === changes.members.size, 'every member has a balance row');
  }
  moveAccountBalances(tx, [...changes.accounts.values()]);
  for (const { window, entries } of groups) recordEvents(tx, eventsOf(window.programmeNo, entries));
  recordEvents(
    tx,
    Array.from(changes.members, ([memberNo, { programmeNo }]) => ({ type: 'balance.changed', programmeNo, memberNo })),
  );
  return numbers;
}

/** What the journal itself can tell, once per member and transaction; the rest is told by those who cause it. */
const TOLD_BY_ENTRIES = [
  [EntryKind.CONFIRMATION, 'accrual.confirmed'],
  [EntryKind.EXPIRY, 'units.expired'],
] as const;

const eventsOf = (programmeNo: number, entries: readonly JournalEntry[]): NewEvent[] =>
  TOLD_BY_ENTRIES.flatMap(([told, type]) => {
    const members = new Set(entries.flatMap(({ kind, memberNo }) => (kind === told ? [memberNo] : [])));
    return Array.from(members, (memberNo) => ({ type, programmeNo, memberNo }));
  });

/**
 * The sequence steps by a block: each value it gives is the LAST number of a block of 1,000 that nobody else
 * gets (its first value, 1000, stands for 1 to 1000). Blocks are taken per call and never kept, so numbers
 * rise roughly with time, and what a call does not use is a gap.
 */
const BLOCK = 1_000n;

/** Numbers for entries that are recorded later in the same transaction. */
export async function takeEntryNumbers(tx: DbTransaction, count: number): Promise<bigint[]> {
  const numbers: bigint[] = [];
  for (const last of await takeNumberBlocks(tx, Math.ceil(count / Number(BLOCK)))) {
    for (let no = last - BLOCK + 1n; no <= last && numbers.length < count; no += 1n) numbers.push(no);
  }
  return numbers;
}

function addEntry(
  columns: JournalColumns,
  changes: BalanceChanges,
  window: JournalWindow,
  entry: JournalEntry,
  no: bigint,
): void {
  invariant(entry.postings.length > 0, 'a journal entry moves something');
  const { kind, memberNo, sourceId, businessDate } = entry;
  columns.addEntry({
    no,
    memberNo,
    programmeNo: window.programmeNo,
    windowNo: window.no,
    kind,
    sourceId,
    businessDate,
  });
  entry.postings.forEach((posting, line) => {
    const { account, party, amount } = posting;
    const unit = unitOf(window, posting);
    columns.addPosting({ entryNo: no, memberNo, line, account, party, unit, windowNo: window.no, amount });
    changes.add(window, posting);
  });
}

function unitOf({ rewardUnit, moneyUnit, otherUnits }: JournalWindow, { book, currencyCode }: Posting): number {
  if (currencyCode === undefined) return book === 'REWARD' ? rewardUnit : moneyUnit;
  const unit = otherUnits?.get(currencyCode);
  invariant(unit !== undefined, `the books have a unit of ${currencyCode}`);
  return unit;
}

/** What a set of entries adds to each balance. */
class BalanceChanges {
  readonly members = new Map<number, MemberChange & { readonly programmeNo: number }>();
  readonly accounts = new Map<string, AccountChange>();

  add(window: JournalWindow, posting: Posting): void {
    if (MEMBER_ACCOUNTS.has(posting.account)) this.addToMember(window, posting);
    else this.addToAccount(window, posting);
  }

  private addToMember({ programmeNo }: JournalWindow, { account, party, amount }: Posting): void {
    let change = this.members.get(party);
    if (change === undefined) {
      change = { programmeNo, pendingUnits: 0n, availableUnits: 0n, heldUnits: 0n, receivableMinor: 0n };
      this.members.set(party, change);
    }
    if (account === Account.MEMBER_PENDING) change.pendingUnits -= amount;
    else if (account === Account.MEMBER_AVAILABLE) change.availableUnits -= amount;
    else if (account === Account.MEMBER_HELD) change.heldUnits -= amount;
    else change.receivableMinor += amount;
  }

  private addToAccount(window: JournalWindow, posting: Posting): void {
    const { account, party, amount } = posting;
    const unit = unitOf(window, posting);
    const windowNo = account === Account.POSITION ? window.no : 0;
    const key = `${unit}/${account}/${party}/${windowNo}`;
    const change = this.accounts.get(key);
    if (change === undefined) this.accounts.set(key, { unit, account, party, windowNo, amount });
    else change.amount += amount;
  }
}
