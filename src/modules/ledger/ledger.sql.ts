/**
 * Every statement that writes the journal and its balances.
 *
 * Arrays travel as PostgreSQL array literals written here, from numbers, UUIDs and days alone: none of these
 * needs quoting, and the driver's own conversion would cost more than the insert.
 */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

const arrayLiteral = (values: readonly (bigint | number | string)[]): string => `{${values.join(',')}}`;

// The transaction has its own number before it has any of entries: what is sealed relies on that (chain.ts).
const TAKE_NUMBER_BLOCKS = statement(
  'ledger.take-number-blocks',
  `with own as materialized (select pg_current_xact_id() as xid)
   select nextval('journal_entry_no') as last from own cross join generate_series(1, $1::integer) where own.xid is not null`,
);

/** The last numbers of as many blocks of entry numbers, ascending. */
export async function takeNumberBlocks(tx: DbTransaction, count: number): Promise<bigint[]> {
  const rows = await tx.run<{ last: bigint }>(TAKE_NUMBER_BLOCKS, [count]);
  return rows.map(({ last }) => last);
}

/** Columns of journal_entry and posting, filled row by row and sent as arrays. */
export class JournalColumns {
  private readonly entries = {
    no: [] as bigint[],
    member: [] as number[],
    programme: [] as number[],
    window: [] as number[],
    kind: [] as number[],
    source: [] as string[],
    day: [] as string[],
  };
  private readonly postings = {
    entry: [] as bigint[],
    member: [] as number[],
    line: [] as number[],
    account: [] as number[],
    party: [] as number[],
    unit: [] as number[],
    window: [] as number[],
    amount: [] as bigint[],
  };

  addEntry(row: {
    no: bigint;
    memberNo: number;
    programmeNo: number;
    windowNo: number;
    kind: number;
    sourceId: string | undefined;
    businessDate: string;
  }): void {
    const { entries } = this;
    entries.no.push(row.no);
    entries.member.push(row.memberNo);
    entries.programme.push(row.programmeNo);
    entries.window.push(row.windowNo);
    entries.kind.push(row.kind);
    entries.source.push(row.sourceId ?? 'NULL');
    entries.day.push(row.businessDate);
  }

  addPosting(row: {
    entryNo: bigint;
    memberNo: number;
    line: number;
    account: number;
    party: number;
    unit: number;
    windowNo: number;
    amount: bigint;
  }): void {
    const { postings } = this;
    postings.entry.push(row.entryNo);
    postings.member.push(row.memberNo);
    postings.line.push(row.line);
    postings.account.push(row.account);
    postings.party.push(row.party);
    postings.unit.push(row.unit);
    postings.window.push(row.windowNo);
    postings.amount.push(row.amount);
  }

  entryLiterals(): string[] {
    return Object.values(this.entries).map(arrayLiteral);
  }

  postingLiterals(): string[] {
    return Object.values(this.postings).map(arrayLiteral);
  }
}

const INSERT_ENTRIES = statement(
  'ledger.insert-entries',
  `insert into journal_entry (recorded_at, no, member_no, programme_no, window_no, kind, source_id, business_date)
   select $1, e.* from unnest($2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::smallint[], $7::uuid[], $8::date[]) as e`,
);

const INSERT_POSTINGS = statement(
  'ledger.insert-postings',
  `insert into posting (entry_no, member_no, line, account, party, unit, window_no, amount)
   select * from unnest($1::bigint[], $2::integer[], $3::smallint[], $4::smallint[], $5::integer[], $6::smallint[], $7::integer[], $8::bigint[])`,
);

export function insertJournal(tx: DbTransaction, recordedAt: Date, columns: JournalColumns): void {
  tx.send(INSERT_ENTRIES, [recordedAt, ...columns.entryLiterals()]);
  tx.send(INSERT_POSTINGS, columns.postingLiterals());
}

/** What a member's balance row gains. Credit balances are stored positive, the receivable as the debit it is. */
export interface MemberChange {
  pendingUnits: bigint;
  availableUnits: bigint;
  heldUnits: bigint;
  receivableMinor: bigint;
}

// The locks are taken in order by the CTE, which the update then joins: an update alone locks in whatever order
// the plan meets the rows. The changes go through the CTE too: joined to it once more, each would be compared with
// all. An upsert would not do here, because the checks of the table are applied to the proposed row, and what is
// proposed is a difference.
const MOVE_MEMBER_BALANCES = statement(
  'ledger.move-member-balances',
  `with locked as materialized (
     select c.* from unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
       as c (member_no, pending, available, held, receivable)
     join member_balance m using (member_no) order by member_no for update of m
   )
   update member_balance b
   set pending_units = b.pending_units + c.pending, available_units = b.available_units + c.available,
       held_units = b.held_units + c.held, receivable_minor = b.receivable_minor + c.receivable
   from locked c where b.member_no = c.member_no
   returning b.member_no`,
);

/** Returns how many of the members have a balance row. */
export async function moveMemberBalances(
  tx: DbTransaction,
  changes: ReadonlyMap<number, MemberChange>,
): Promise<number> {
  const rows = [...changes.values()];
  const moved = await tx.run(MOVE_MEMBER_BALANCES, [
    arrayLiteral([...changes.keys()]),
    arrayLiteral(rows.map((row) => row.pendingUnits)),
    arrayLiteral(rows.map((row) => row.availableUnits)),
    arrayLiteral(rows.map((row) => row.heldUnits)),
    arrayLiteral(rows.map((row) => row.receivableMinor)),
  ]);
  return moved.length;
}

export interface AccountChange {
  readonly unit: number;
  readonly account: number;
  readonly party: number;
  /** 0 for everything but partner positions (1100). */
  readonly windowNo: number;
  amount: bigint;
}

// Sorted: an upsert locks in the order it is given, so two batches that share rows wait, and never deadlock.
const MOVE_ACCOUNT_BALANCES = statement(
  'ledger.move-account-balances',
  `insert into account_balance as b (unit, account, party, window_no, balance)
   select c.* from unnest($1::smallint[], $2::smallint[], $3::integer[], $4::integer[], $5::bigint[])
     as c (unit, account, party, window_no, amount)
   order by unit, account, party, window_no
   on conflict (unit, account, party, window_no) do update set balance = b.balance + excluded.balance`,
);

export function moveAccountBalances(tx: DbTransaction, changes: readonly AccountChange[]): void {
  tx.send(MOVE_ACCOUNT_BALANCES, [
    arrayLiteral(changes.map((change) => change.unit)),
    arrayLiteral(changes.map((change) => change.account)),
    arrayLiteral(changes.map((change) => change.party)),
    arrayLiteral(changes.map((change) => change.windowNo)),
    arrayLiteral(changes.map((change) => change.amount)),
  ]);
}
