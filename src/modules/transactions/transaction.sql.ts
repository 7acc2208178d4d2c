/**
 * Business keys, transactions and their sources, in batches: one statement per table.
 */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { MATCH_HORIZON_DAYS } from '../../domain/transactions/match.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { DecidedRow, StoredFacts } from './decision-facts.js';

export interface BusinessKey {
  readonly partnerNo: number;
  readonly kindNo: number;
  readonly reference: string;
}

export interface KeyClaim extends BusinessKey {
  readonly bodyHash: Buffer;
  readonly sourceId: string;
  readonly memberNo: number;
}

// Sorted, so that two batches that share keys wait for each other in one order. A concurrent batch with the
// same key makes this wait until that batch has committed or rolled back.
const CLAIM_KEYS = statement(
  'transactions.claim-keys',
  `insert into business_key (partner_no, kind, reference, body_hash, source_id, member_no)
   select * from unnest($1::int[], $2::smallint[], $3::text[], $4::bytea[], $5::uuid[], $6::int[])
     as k (partner_no, kind, reference, body_hash, source_id, member_no)
   order by partner_no, kind, reference
   on conflict do nothing
   returning source_id as "sourceId"`,
);

/** Source ids of the claims that were first. */
export async function claimKeys(tx: DbTransaction, claims: readonly KeyClaim[]): Promise<Set<string>> {
  if (claims.length === 0) return new Set();
  const rows = await tx.run<{ sourceId: string }>(CLAIM_KEYS, [
    ...keyColumns(claims),
    claims.map((claim) => claim.bodyHash),
    claims.map((claim) => claim.sourceId),
    claims.map((claim) => claim.memberNo),
  ]);
  return new Set(rows.map((row) => row.sourceId));
}

const RELEASE_KEYS = statement(
  'transactions.release-keys',
  'delete from business_key k using unnest($1::int[], $2::smallint[], $3::text[]) as r (partner_no, kind, reference) where k.partner_no = r.partner_no and k.kind = r.kind and k.reference = r.reference',
);

/** A rejected command frees its key: a corrected retry is new. */
export async function releaseKeys(tx: DbTransaction, keys: readonly BusinessKey[]): Promise<void> {
  if (keys.length > 0) await tx.run(RELEASE_KEYS, keyColumns(keys));
}

export interface FirstAnswer extends BusinessKey {
  readonly bodyHash: Buffer;
  readonly sourceId: string;
  readonly memberNo: number;
  readonly transactionId: string;
  readonly matchReason: string | null;
}

// A statement of its own: the row that won may be newer than the snapshot of the one that lost.
const FIRST_ANSWERS = statement(
  'transactions.first-answers',
  `select k.partner_no as "partnerNo", k.kind as "kindNo", k.reference, k.body_hash as "bodyHash",
          k.source_id as "sourceId", k.member_no as "memberNo", s.transaction_id as "transactionId",
          s.match_reason as "matchReason"
   from unnest($1::int[], $2::smallint[], $3::text[]) as r (partner_no, kind, reference)
   join business_key k using (partner_no, kind, reference)
   join transaction_source s on s.id = k.source_id and s.member_no = k.member_no`,
);

export async function findFirstAnswers(tx: DbTransaction, keys: readonly BusinessKey[]): Promise<FirstAnswer[]> {
  if (keys.length === 0) return [];
  return tx.run(FIRST_ANSWERS, keyColumns(keys));
}

const keyColumns = (keys: readonly BusinessKey[]): unknown[][] => [
  keys.map((key) => key.partnerNo),
  keys.map((key) => key.kindNo),
  keys.map((key) => key.reference),
];

export interface StandingRow extends DecidedRow {
  readonly id: string;
  readonly memberNo: number;
  readonly cardId: string | null;
  readonly descriptor: string | null;
  readonly refundedMinor: bigint;
}

const LOAD_PURCHASES = statement(
  'transactions.load-purchases',
  `select t.id, t.member_no as "memberNo", t.programme_no as "programmeNo", t.card_id as "cardId",
          t.merchant_no as "merchantNo", t.outlet_id as "outletId", t.descriptor, t.mcc, t.channel,
          t.amount_minor as "amountMinor", t.refunded_minor as "refundedMinor",
          t.business_date as "businessDate", t.facts
   from unnest($1::uuid[], $2::int[]) as r (id, member_no)
   join transaction t using (id, member_no)
   where t.kind = 'PURCHASE'`,
);

export interface StandingAccrualRow {
  readonly id: string;
  readonly transactionId: string;
  readonly ruleCode: string;
  readonly funderNo: number;
  readonly contractNo: number | null;
  readonly units: bigint;
  readonly valueMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
  readonly pending: boolean;
}

// From the purchase to its accruals to their lots, and no other way round: `offset 0` keeps the planner from
// beginning with all lots of the member.
const LOAD_STANDING_ACCRUALS = statement(
  'transactions.load-standing-accruals',
  `select a.id, a.transaction_id as "transactionId", a.rule_code as "ruleCode", a.funder_no as "funderNo",
          a.contract_no as "contractNo", l.units, l.value_minor as "valueMinor",
          l.commission_minor as "commissionMinor", l.tax_minor as "taxMinor",
          exists (select from due d where d.programme_no = a.programme_no and d.due_on = a.available_on
                    and d.member_no = a.member_no and d.lot_id = a.id) as pending
   from unnest($1::uuid[], $2::int[]) as r (transaction_id, member_no)
   cross join lateral (
     select * from accrual where transaction_id = r.transaction_id and member_no = r.member_no offset 0
   ) a
   cross join lateral (select * from lot where id = a.id and member_no = a.member_no offset 0) l
   order by a.id`,
);

export interface TransactionKey {
  readonly id: string;
  readonly memberNo: number;
}

/** Purchases with what stands of their accruals. The members must be locked. */
export async function loadStanding(
  tx: DbTransaction,
  keys: readonly TransactionKey[],
): Promise<{ purchases: StandingRow[]; accruals: StandingAccrualRow[] }> {
  if (keys.length === 0) return { purchases: [], accruals: [] };
  const columns = [keys.map((key) => key.id), keys.map((key) => key.memberNo)];
  return {
    purchases: await tx.run<StandingRow>(LOAD_PURCHASES, columns),
    accruals: await tx.run<StandingAccrualRow>(LOAD_STANDING_ACCRUALS, columns),
  };
}

export interface CandidateSearch {
  readonly memberNo: number;
  readonly cardId: string | null;
  readonly merchantNo: number | null;
  readonly descriptor: string | null;
  readonly amountMinor: bigint;
  readonly businessDate: BusinessDate;
  /** How many to bring: each earlier refund of the batch can use up one. */
  readonly limit: number;
}

// Best first, in the order of domain/transactions/match.ts; smaller ones last, to tell "too small" from "none".
const FIND_CANDIDATES = statement(
  'transactions.find-candidates',
  `select distinct c.id, c.member_no as "memberNo"
   from unnest($1::int[], $2::uuid[], $3::int[], $4::text[], $5::bigint[], $6::date[], $7::int[])
     as r (member_no, card_id, merchant_no, descriptor, amount, day, wanted)
   cross join lateral (
     select t.id, t.member_no from transaction t
     where t.member_no = r.member_no and t.business_date between r.day - ${MATCH_HORIZON_DAYS} and r.day
       and t.kind = 'PURCHASE' and t.refunded_minor < t.amount_minor
       and t.card_id is not distinct from r.card_id
       and t.merchant_no is not distinct from r.merchant_no
       and (r.merchant_no is not null or t.descriptor = r.descriptor)
     order by sign(t.amount_minor - t.refunded_minor - r.amount) = 0 desc,
              sign(t.amount_minor - t.refunded_minor - r.amount) desc, t.business_date desc, t.id desc
     limit r.wanted
   ) c`,
);

export async function findCandidates(
  tx: DbTransaction,
  searches: readonly CandidateSearch[],
): Promise<TransactionKey[]> {
  if (searches.length === 0) return [];
  return tx.run(FIND_CANDIDATES, [
    searches.map((s) => s.memberNo),
    searches.map((s) => s.cardId),
    searches.map((s) => s.merchantNo),
    searches.map((s) => s.descriptor),
    searches.map((s) => s.amountMinor),
    searches.map((s) => s.businessDate),
    searches.map((s) => s.limit),
  ]);
}

export interface NewTransaction {
  readonly id: string;
  readonly memberNo: number;
  readonly kind: 'PURCHASE' | 'ORPHAN_REFUND';
  readonly cardId: string | null;
  readonly submitterNo: number;
  readonly merchantNo: number | null;
  readonly outletId: string | null;
  readonly merchantId: string | null;
  readonly descriptor: string | null;
  readonly mcc: string | null;
  readonly channel: string | null;
  readonly categoryCode: string;
  readonly amountMinor: bigint;
  readonly originalAmount: string | null;
  readonly originalCurrencyCode: string | null;
  readonly occurredAt: Date;
  readonly businessDate: BusinessDate;
  readonly facts: StoredFacts | Record<string, never>;
  readonly explanationDigest: Buffer;
}

const INSERT_TRANSACTIONS = statement(
  'transactions.insert-transactions',
  `insert into transaction (programme_no, recorded_at, id, member_no, kind, card_id, submitter_no, merchant_no, outlet_id,
     merchant_id, descriptor, mcc, channel, category_code, amount_minor, original_amount, original_currency_code,
     occurred_at, business_date, facts, explanation_digest)
   select $1, $2, t.* from unnest($3::uuid[], $4::int[], $5::text[], $6::uuid[], $7::int[], $8::int[], $9::uuid[],
     $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::text[], $17::text[],
     $18::timestamptz[], $19::date[], $20::jsonb[], $21::bytea[]) as t`,
);

export async function insertTransactions(
  tx: DbTransaction,
  programmeNo: number,
  recordedAt: Date,
  rows: readonly NewTransaction[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(INSERT_TRANSACTIONS, [
    programmeNo,
    recordedAt,
    rows.map((r) => r.id),
    rows.map((r) => r.memberNo),
    rows.map((r) => r.kind),
    rows.map((r) => r.cardId),
    rows.map((r) => r.submitterNo),
    rows.map((r) => r.merchantNo),
    rows.map((r) => r.outletId),
    rows.map((r) => r.merchantId),
    rows.map((r) => r.descriptor),
    rows.map((r) => r.mcc),
    rows.map((r) => r.channel),
    rows.map((r) => r.categoryCode),
    rows.map((r) => r.amountMinor),
    rows.map((r) => r.originalAmount),
    rows.map((r) => r.originalCurrencyCode),
    rows.map((r) => r.occurredAt.toISOString()),
    rows.map((r) => r.businessDate),
    rows.map((r) => JSON.stringify(r.facts)),
    rows.map((r) => r.explanationDigest),
  ]);
}

export interface NewSource {
  readonly id: string;
  readonly memberNo: number;
  readonly transactionId: string;
  readonly partnerNo: number;
  readonly kindNo: number;
  readonly reference: string;
  readonly bodyHash: Buffer;
  readonly amountMinor: bigint;
  readonly matchReason: string | null;
  /** Canonical JSON: what the hash is of. */
  readonly payload: string;
}

const INSERT_SOURCES = statement(
  'transactions.insert-sources',
  `insert into transaction_source (received_at, id, member_no, transaction_id, partner_no, kind, reference, body_hash,
     amount_minor, match_reason, payload)
   select $1, s.* from unnest($2::uuid[], $3::int[], $4::uuid[], $5::int[], $6::smallint[], $7::text[], $8::bytea[],
     $9::bigint[], $10::text[], $11::jsonb[]) as s`,
);

export async function insertSources(tx: DbTransaction, receivedAt: Date, rows: readonly NewSource[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(INSERT_SOURCES, [
    receivedAt,
    rows.map((r) => r.id),
    rows.map((r) => r.memberNo),
    rows.map((r) => r.transactionId),
    rows.map((r) => r.partnerNo),
    rows.map((r) => r.kindNo),
    rows.map((r) => r.reference),
    rows.map((r) => r.bodyHash),
    rows.map((r) => r.amountMinor),
    rows.map((r) => r.matchReason),
    rows.map((r) => r.payload),
  ]);
}

const SET_REFUNDED = statement(
  'transactions.set-refunded',
  `update transaction t set refunded_minor = r.refunded
   from unnest($1::uuid[], $2::int[], $3::bigint[]) as r (id, member_no, refunded)
   where t.id = r.id and t.member_no = r.member_no`,
);

/** The members are locked, so the new total is exact. One row per transaction. */
export async function setRefunded(
  tx: DbTransaction,
  rows: readonly (TransactionKey & { readonly refundedMinor: bigint })[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(SET_REFUNDED, [rows.map((r) => r.id), rows.map((r) => r.memberNo), rows.map((r) => r.refundedMinor)]);
}
