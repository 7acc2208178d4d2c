/** Messages that wait for what they name, orphans that found it, and purchases that are something else now. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { PurchaseStatus } from '../../domain/transactions/lifecycle.js';
import { SOURCE_KIND_NO } from '../../domain/transactions/model.js';
import { sidesOf, type Teller } from '../../domain/transactions/teller.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { StoredFacts } from './decision-facts.js';
import type { SourceRow } from './message.js';
import type { TransactionKey } from './standing.sql.js';
import type { StoredLine, StoredShortfall } from './stored-basket.js';

export interface AwaitedKey {
  /** Partner and reference of what is waited for. */
  readonly awaitedPartnerNo: number;
  readonly awaited: string;
  readonly sourceId: string;
  readonly memberNo: number;
}

export interface AwaitedRow extends AwaitedKey, SourceRow {
  readonly transactionId: string;
}

const FIND_AWAITED = statement(
  'transactions.find-awaited',
  `select w.partner_no as "awaitedPartnerNo", w.reference as awaited, w.source_id as "sourceId", w.member_no as "memberNo",
          w.transaction_id as "transactionId", s.partner_no as "partnerNo", s.kind as "kindNo", s.reference,
          s.amount_minor as "amountMinor", s.side, s.payload, s.kind = ${SOURCE_KIND_NO.PURCHASE} as exchanges
   from awaited_message w
   join transaction_source s on s.id = w.source_id and s.member_no = w.member_no
   where w.member_no = any ($1::int[]) order by w.source_id`,
);

/** What waits for a message about these members. They are locked. */
export async function findAwaited(tx: DbTransaction, memberNos: readonly number[]): Promise<AwaitedRow[]> {
  return memberNos.length === 0 ? [] : tx.run(FIND_AWAITED, [memberNos]);
}

export interface OrphanRow extends SourceRow {
  readonly programmeNo: number;
  readonly memberNo: number;
  readonly sourceId: string;
}

const FIND_ORPHAN = statement(
  'transactions.find-orphan',
  `select t.programme_no as "programmeNo", t.member_no as "memberNo", s.id as "sourceId", s.partner_no as "partnerNo",
          s.kind as "kindNo", s.reference, s.amount_minor as "amountMinor", s.side, s.payload, false as exchanges
   from transaction t join transaction_source s on s.transaction_id = t.id and s.member_no = t.member_no
   where t.id = $1 and t.kind = 'ORPHAN_REFUND' and t.joined_id is null`,
);

/** The message of a refund that has not found its purchase. */
export async function findOrphan(tx: DbTransaction, id: string): Promise<OrphanRow | undefined> {
  const [row] = await tx.run<OrphanRow>(FIND_ORPHAN, [id]);
  return row;
}

const INSERT_AWAITED = statement(
  'transactions.insert-awaited',
  `insert into awaited_message (partner_no, reference, source_id, member_no, transaction_id)
   select * from unnest($1::int[], $2::text[], $3::uuid[], $4::int[], $5::uuid[])`,
);
const DELETE_AWAITED = statement(
  'transactions.delete-awaited',
  `delete from awaited_message w using unnest($1::uuid[], $2::int[]) as g (source_id, member_no)
   where w.source_id = g.source_id and w.member_no = g.member_no`,
);
const MARK_AWAITING = statement(
  'transactions.mark-awaiting',
  `update member_balance b
   set awaiting = exists (select from awaited_message w where w.member_no = b.member_no)
   where b.member_no = any ($1::int[])`,
);

/** Changes what is waited for, and the mark on the members' rows by which intake knows that it must look. */
export function changeAwaited(
  tx: DbTransaction,
  added: readonly (AwaitedKey & { readonly transactionId: string })[],
  found: readonly Pick<AwaitedKey, 'sourceId' | 'memberNo'>[],
): void {
  if (added.length + found.length === 0) return;
  if (added.length > 0) {
    tx.send(INSERT_AWAITED, [
      added.map((row) => row.awaitedPartnerNo),
      added.map((row) => row.awaited),
      added.map((row) => row.sourceId),
      added.map((row) => row.memberNo),
      added.map((row) => row.transactionId),
    ]);
  }
  if (found.length > 0) {
    tx.send(DELETE_AWAITED, [found.map((row) => row.sourceId), found.map((row) => row.memberNo)]);
  }
  tx.send(MARK_AWAITING, [[...new Set([...added, ...found].map((row) => row.memberNo))]]);
}

export interface Join extends TransactionKey {
  readonly joinedId: string;
  readonly reason: 'REFERENCE' | 'BY_HAND';
  /** A purchase that was made in exchange, and no orphan. */
  readonly exchange: boolean;
}

const SET_JOINED = statement(
  'transactions.set-joined',
  `update transaction t set joined_id = g.joined_id, join_reason = g.reason
   from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[]) as g (id, member_no, joined_id, reason)
   where t.id = g.id and t.member_no = g.member_no`,
);
const SET_EXCHANGED = statement(
  'transactions.set-exchanged',
  `update transaction t set exchange_of = g.joined_id
   from unnest($1::uuid[], $2::int[], $3::uuid[]) as g (id, member_no, joined_id)
   where t.id = g.id and t.member_no = g.member_no`,
);

/** Orphans that found their purchase, and purchases that found the one they were exchanged for. */
export function setJoined(tx: DbTransaction, joins: readonly Join[]): void {
  const columns = (rows: readonly Join[]): unknown[] => [
    rows.map((row) => row.id),
    rows.map((row) => row.memberNo),
    rows.map((row) => row.joinedId),
  ];
  const orphans = joins.filter(({ exchange }) => !exchange);
  const exchanges = joins.filter(({ exchange }) => exchange);
  if (orphans.length > 0) tx.send(SET_JOINED, [...columns(orphans), orphans.map((row) => row.reason)]);
  if (exchanges.length > 0) tx.send(SET_EXCHANGED, columns(exchanges));
}

export interface RestatedRow extends TransactionKey {
  readonly amountMinor: bigint;
  readonly refundedMinor: bigint;
  readonly businessDate: BusinessDate;
  readonly status: PurchaseStatus;
  readonly authorisedOn: BusinessDate | null;
  readonly postedOn: BusinessDate | null;
  readonly categoryCode: string;
  readonly lines: readonly StoredLine[] | null;
  readonly shortfalls: readonly StoredShortfall[] | null;
  readonly facts: StoredFacts;
  readonly explanationDigest: Buffer;
}

const RESTATE = statement(
  'transactions.restate',
  `update transaction t
   set amount_minor = g.amount, refunded_minor = g.refunded, business_date = g.day, status = g.status,
       authorised_on = g.authorised_on, posted_on = g.posted_on, category_code = g.category, lines = g.lines,
       shortfalls = g.shortfalls, facts = g.facts, explanation_digest = g.digest
   from unnest($1::uuid[], $2::int[], $3::bigint[], $4::bigint[], $5::date[], $6::text[], $7::date[], $8::date[],
               $9::text[], $10::jsonb[], $11::jsonb[], $12::jsonb[], $13::bytea[])
     as g (id, member_no, amount, refunded, day, status, authorised_on, posted_on, category, lines, shortfalls, facts, digest)
   where t.id = g.id and t.member_no = g.member_no`,
);

/** The members are locked. One row per transaction. */
export function restateTransactions(tx: DbTransaction, rows: readonly RestatedRow[]): void {
  if (rows.length === 0) return;
  tx.send(RESTATE, [
    rows.map((r) => r.id),
    rows.map((r) => r.memberNo),
    rows.map((r) => r.amountMinor),
    rows.map((r) => r.refundedMinor),
    rows.map((r) => r.businessDate),
    rows.map((r) => r.status),
    rows.map((r) => r.authorisedOn),
    rows.map((r) => r.postedOn),
    rows.map((r) => r.categoryCode),
    rows.map((r) => r.lines && JSON.stringify(r.lines)),
    rows.map((r) => r.shortfalls && JSON.stringify(r.shortfalls)),
    rows.map((r) => JSON.stringify(r.facts)),
    rows.map((r) => r.explanationDigest),
  ]);
}

export interface RedescribedRow extends TransactionKey {
  readonly cardId: string | null;
  readonly merchantNo: number | null;
  readonly outletId: string | null;
  readonly merchantId: string | null;
  readonly descriptor: string | null;
  readonly mcc: string | null;
  readonly channel: string | null;
  readonly occurredAt: Date;
  /** Everybody who has told of it. */
  readonly tellers: readonly Teller[];
}

const REDESCRIBE = statement(
  'transactions.redescribe',
  `update transaction t
   set card_id = g.card_id, merchant_no = g.merchant_no, outlet_id = g.outlet_id, merchant_id = g.merchant_id,
       descriptor = g.descriptor, mcc = g.mcc, channel = g.channel, occurred_at = g.occurred_at, sides = t.sides | g.sides,
       co_submitter_no = coalesce((select min(no) from jsonb_array_elements_text(g.partners) p (no_text), cast(no_text as integer) no
                                   where no <> t.submitter_no), t.co_submitter_no)
   from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
               $10::timestamptz[], $11::smallint[], $12::jsonb[])
     as g (id, member_no, card_id, merchant_no, outlet_id, merchant_id, descriptor, mcc, channel, occurred_at, sides, partners)
   where t.id = g.id and t.member_no = g.member_no`,
);

/** What an authorisation or a clearing says of a purchase that another message made. */
export function redescribeTransactions(tx: DbTransaction, rows: readonly RedescribedRow[]): void {
  if (rows.length === 0) return;
  tx.send(REDESCRIBE, [
    rows.map((r) => r.id),
    rows.map((r) => r.memberNo),
    rows.map((r) => r.cardId),
    rows.map((r) => r.merchantNo),
    rows.map((r) => r.outletId),
    rows.map((r) => r.merchantId),
    rows.map((r) => r.descriptor),
    rows.map((r) => r.mcc),
    rows.map((r) => r.channel),
    rows.map((r) => r.occurredAt.toISOString()),
    rows.map((r) => sidesOf(r.tellers)),
    rows.map((r) => JSON.stringify([...new Set(r.tellers.map(({ partnerNo }) => partnerNo))])),
  ]);
}

/** A purchase that turned out to be another one. */
export interface Merged extends TransactionKey {
  readonly keptId: string;
  readonly reason: 'SAME_PURCHASE' | 'BY_HAND';
  readonly explanationDigest: Buffer;
}

const MERGE = statement(
  'transactions.merge',
  `update transaction t set kind = 'DUPLICATE', joined_id = g.kept, join_reason = g.reason, explanation_digest = g.digest
   from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::bytea[]) as g (id, member_no, kept, reason, digest)
   where t.id = g.id and t.member_no = g.member_no`,
);
const MERGE_JOINED = statement(
  'transactions.merge-joined',
  `update transaction t
   set joined_id = case when t.joined_id = g.id then g.kept else t.joined_id end,
       exchange_of = case when t.exchange_of = g.id then g.kept else t.exchange_of end
   from unnest($1::uuid[], $2::int[], $3::uuid[]) as g (id, member_no, kept)
   where (t.joined_id = g.id or t.exchange_of = g.id) and t.member_no = g.member_no`,
);
const MERGE_AWAITED = statement(
  'transactions.merge-awaited',
  `update awaited_message w set transaction_id = g.kept
   from unnest($1::uuid[], $2::int[], $3::uuid[]) as g (id, member_no, kept)
   where w.transaction_id = g.id and w.member_no = g.member_no`,
);

/** What was told of them is told of those that are kept, and so is what had joined them before. */
export function storeMerged(tx: DbTransaction, rows: readonly Merged[]): void {
  for (const { id, memberNo, keptId, reason, explanationDigest } of rows) {
    const columns = [[id], [memberNo], [keptId]];
    tx.send(MERGE_JOINED, columns);
    tx.send(MERGE_AWAITED, columns);
    tx.send(MERGE, [...columns, [reason], [explanationDigest]]);
  }
}

const FIND_KEPT = statement(
  'transactions.find-kept',
  `select t.id, t.joined_id as "keptId" from unnest($1::uuid[], $2::int[]) as g (id, member_no)
   join transaction t using (id, member_no) where t.kind = 'DUPLICATE'`,
);

/** Of these, those that turned out to be another purchase, and which. */
export async function findKept(tx: DbTransaction, keys: readonly TransactionKey[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.run<{ id: string; keptId: string }>(FIND_KEPT, [
    keys.map(({ id }) => id),
    keys.map(({ memberNo }) => memberNo),
  ]);
  return new Map(rows.map(({ id, keptId }) => [id, keptId]));
}
