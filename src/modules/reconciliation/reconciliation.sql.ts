/** Our side of a reconciliation, and what came of it. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import type { GivenRow, OwnRow, Reconciled } from '../../domain/reconciliation/reconcile.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

/** Whose messages, of which days and kinds. */
export interface OwnMessages {
  readonly programmeNo: number;
  readonly partnerNo: number;
  readonly from: BusinessDate;
  readonly until: BusinessDate;
  readonly kinds: readonly number[];
}

// What the list names counts whatever its day: a partner's day may end at another hour than the programme's.
const FIND_MESSAGES = statement(
  'reconciliation.find-messages',
  `select k.reference, k.kind, s.amount_minor as "amountMinor", s.transaction_id as "transactionId"
   from business_key k
   join transaction_source s on s.id = k.source_id and s.member_no = k.member_no
   join transaction t on t.id = s.transaction_id and t.member_no = s.member_no
   where k.partner_no = $1 and t.programme_no = $2
     and ((k.kind = any ($3::smallint[]) and (s.payload ->> 'businessDate')::date between $4 and $5)
       or (k.kind, k.reference) in (select * from unnest($6::smallint[], $7::text[])))
   order by k.reference, k.kind
   limit $8`,
);

/** The partner's own messages of the period, and those that the list names; at most `limit`. */
export function findMessages(
  tx: DbTransaction,
  { programmeNo, partnerNo, from, until, kinds }: OwnMessages,
  given: readonly GivenRow[],
  limit: number,
): Promise<OwnRow[]> {
  return tx.run<OwnRow>(FIND_MESSAGES, [
    partnerNo,
    programmeNo,
    kinds,
    from,
    until,
    given.map(({ kind }) => kind),
    given.map(({ reference }) => reference),
    limit,
  ]);
}

const FIND_WINDOWS = statement(
  'reconciliation.find-windows',
  `select w.window_no as no from window_position w join settlement s on s.id = w.settlement_id
   where w.settlement_id = $1 and w.party_no = $2 and s.programme_no = $3 order by 1`,
);

/** The windows of which a settlement has taken the partner's position. */
export async function findWindows(
  tx: DbTransaction,
  settlementId: string,
  partnerNo: number,
  programmeNo: number,
): Promise<number[]> {
  return (await tx.run<{ no: number }>(FIND_WINDOWS, [settlementId, partnerNo, programmeNo])).map(({ no }) => no);
}

// What a statement's items sum up, entry by entry; several postings of one entry are one row.
const FIND_ENTRIES = statement(
  'reconciliation.find-entries',
  `select e.no::text as reference, e.no as "entryNo", sum(p.amount)::bigint as "amountMinor",
          (select s.transaction_id from transaction_source s where s.id = e.source_id and s.member_no = e.member_no) as "transactionId"
   from posting p
   join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no and e.window_no = any ($1::integer[])
   where p.window_no = any ($1::integer[]) and p.party = $2 and p.account = ${Account.POSITION}
     and e.kind <> ${EntryKind.SETTLEMENT}
   group by e.no, e.member_no, e.source_id
   order by e.no limit $3`,
);

/** The entries that charge the partner or credit it in these windows; at most `limit`. */
export const findEntries = (
  tx: DbTransaction,
  windowNos: readonly number[],
  partnerNo: number,
  limit: number,
): Promise<OwnRow[]> => tx.run<OwnRow>(FIND_ENTRIES, [windowNos, partnerNo, limit]);

const COUNT_ENTRIES_OF_OTHERS = statement(
  'reconciliation.count-entries-of-others',
  `select count(distinct p.entry_no) as count from posting p
   where p.window_no = any ($1::integer[]) and p.account = ${Account.POSITION} and p.party <> $2
     and p.entry_no::text = any ($3::text[])`,
);

/** How many rows of a list are entries of some other partner in the same windows. */
export async function countEntriesOfOthers(
  tx: DbTransaction,
  windowNos: readonly number[],
  partnerNo: number,
  given: readonly GivenRow[],
): Promise<number> {
  const references = given.map(({ reference }) => reference);
  const [row] = await tx.run<{ count: bigint }>(COUNT_ENTRIES_OF_OTHERS, [windowNos, partnerNo, references]);
  return Number(row?.count ?? 0);
}

const COUNT_OF_OTHERS = statement(
  'reconciliation.count-of-others',
  `select count(*) as count from unnest($2::smallint[], $3::text[]) as g (kind, reference)
   where exists (select from business_key k
                 where k.partner_no in (select p.no from partner p where p.no <> $1)
                   and k.kind = g.kind and k.reference = g.reference)`,
);

/** How many rows of a list are messages of some other partner. */
export async function countOfOthers(tx: DbTransaction, partnerNo: number, given: readonly GivenRow[]): Promise<number> {
  const [row] = await tx.run<{ count: bigint }>(COUNT_OF_OTHERS, [
    partnerNo,
    given.map(({ kind }) => kind),
    given.map(({ reference }) => reference),
  ]);
  return Number(row?.count ?? 0);
}

const INSERT = statement(
  'reconciliation.insert',
  `insert into reconciliation (id, programme_no, partner_no, from_day, until_day, settlement_id, sha256, given_count, here_count,
     matched_count, given_minor, here_minor, requested_by, requested_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, hansa_now())`,
);
const INSERT_DIFFERENCES = statement(
  'reconciliation.insert-differences',
  `insert into reconciliation_difference (reconciliation_id, partner_no, no, kind, reference, source_kind, row_no, given_minor,
     here_minor, transaction_id, entry_no)
   select $1, $2, d.* from unnest($3::integer[], $4::text[], $5::text[], $6::smallint[], $7::integer[], $8::bigint[],
     $9::bigint[], $10::uuid[], $11::bigint[]) as d`,
);

export interface NewReconciliation {
  readonly id: string;
  readonly programmeNo: number;
  readonly partnerNo: number;
  readonly from?: BusinessDate;
  readonly until?: BusinessDate;
  readonly settlementId?: string;
  readonly sha256: string;
  readonly givenCount: number;
  readonly hereCount: number;
  readonly reconciled: Reconciled;
  readonly requestedBy: string;
}

export async function insertReconciliation(tx: DbTransaction, row: NewReconciliation): Promise<void> {
  const { id, programmeNo, partnerNo, from, until, settlementId, reconciled } = row;
  const { matched, differences, givenMinor, ownMinor } = reconciled;
  await tx.run(INSERT, [
    id,
    programmeNo,
    partnerNo,
    from ?? null,
    until ?? null,
    settlementId ?? null,
    row.sha256,
    row.givenCount,
    row.hereCount,
    matched,
    givenMinor,
    ownMinor,
    row.requestedBy,
  ]);
  await tx.run(INSERT_DIFFERENCES, [
    id,
    partnerNo,
    differences.map((_, index) => index + 1),
    differences.map(({ kind }) => kind),
    differences.map(({ name }) => name.reference),
    differences.map(({ name }) => name.kind),
    differences.map(({ given }) => given?.rowNo),
    differences.map(({ given }) => given?.amountMinor),
    differences.map(({ own }) => own?.amountMinor),
    differences.map(({ own }) => own?.transactionId),
    differences.map(({ own }) => own?.entryNo),
  ]);
}
