/**
 * Business keys, transactions and their sources, in batches: one statement per table.
 */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { PurchaseStatus } from '../../domain/transactions/lifecycle.js';
import type { Likeness } from '../../domain/transactions/same-purchase.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { StoredFacts } from './decision-facts.js';
import type { TransactionKey } from './standing.sql.js';
import type { StoredLine, StoredShortfall } from './stored-basket.js';
import type { TransactionKind } from './transaction.entity.js';

export interface BusinessKey {
  readonly partnerNo: number;
  readonly kindNo: number;
  readonly reference: string;
}

export const keyText = (key: BusinessKey): string => `${key.partnerNo}/${key.kindNo}/${key.reference}`;

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
export function releaseKeys(tx: DbTransaction, keys: readonly BusinessKey[]): void {
  if (keys.length > 0) tx.send(RELEASE_KEYS, keyColumns(keys));
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

export interface NewTransaction {
  readonly id: string;
  readonly memberNo: number;
  readonly kind: TransactionKind;
  readonly cardId: string | null;
  readonly submitterNo: number;
  /** Bit of the side that tells of it. */
  readonly sides: number;
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
  readonly status: PurchaseStatus;
  /** Only where they are not the business date. */
  readonly authorisedOn: BusinessDate | null;
  readonly postedOn: BusinessDate | null;
  readonly action: string | null;
  readonly lines: readonly StoredLine[] | null;
  readonly shortfalls: readonly StoredShortfall[] | null;
  readonly claimedUnits: bigint | null;
  readonly ourUnits: bigint | null;
  readonly exchangeOf: string | null;
}

// What few purchases have comes in one value, null for all others: a list per column costs each row of each batch.
const INSERT_TRANSACTIONS = statement(
  'transactions.insert-transactions',
  `insert into transaction (programme_no, recorded_at, id, member_no, kind, card_id, submitter_no, merchant_no, outlet_id,
     merchant_id, descriptor, mcc, channel, category_code, amount_minor, original_amount, original_currency_code,
     occurred_at, business_date, facts, explanation_digest, status, authorised_on, posted_on, action, lines, shortfalls,
     claimed_units, our_units, exchange_of, sides)
   select $1, $2, id, member_no, kind, card_id, submitter_no, merchant_no, outlet_id, merchant_id, descriptor, mcc, channel,
     category_code, amount, original_amount, original_currency_code, occurred_at, business_date, facts, digest, status,
     (few ->> 'authorisedOn')::date, (few ->> 'postedOn')::date, few ->> 'action', few -> 'lines', few -> 'shortfalls',
     (few ->> 'claimedUnits')::bigint, (few ->> 'ourUnits')::bigint, (few ->> 'exchangeOf')::uuid, sides
   from unnest($3::uuid[], $4::int[], $5::text[], $6::uuid[], $7::int[], $8::int[], $9::uuid[],
     $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::text[], $17::text[],
     $18::timestamptz[], $19::date[], $20::jsonb[], $21::bytea[], $22::text[], $23::jsonb[], $24::smallint[])
     as t (id, member_no, kind, card_id, submitter_no, merchant_no, outlet_id, merchant_id, descriptor, mcc, channel,
           category_code, amount, original_amount, original_currency_code, occurred_at, business_date, facts, digest,
           status, few, sides)`,
);

/** What most purchases have none of, as JSON without what is absent; null for them. */
function fewOf(row: NewTransaction): string | null {
  const { authorisedOn, postedOn, action, lines, shortfalls, claimedUnits, ourUnits, exchangeOf } = row;
  const few = [authorisedOn, postedOn, action, lines, shortfalls, claimedUnits, ourUnits, exchangeOf];
  if (few.every((each) => each === null)) return null;
  const units = (value: bigint | null): string | undefined => value?.toString();
  return JSON.stringify({
    authorisedOn: authorisedOn ?? undefined,
    postedOn: postedOn ?? undefined,
    action: action ?? undefined,
    lines: lines ?? undefined,
    shortfalls: shortfalls ?? undefined,
    claimedUnits: units(claimedUnits),
    ourUnits: units(ourUnits),
    exchangeOf: exchangeOf ?? undefined,
  });
}

export function insertTransactions(
  tx: DbTransaction,
  programmeNo: number,
  recordedAt: Date,
  rows: readonly NewTransaction[],
): void {
  if (rows.length === 0) return;
  tx.send(INSERT_TRANSACTIONS, [
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
    rows.map((r) => r.status),
    rows.map(fewOf),
    rows.map((r) => r.sides),
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
  readonly side: number;
  /** How alike it is to what others say of the same purchase; null when nobody asked. */
  readonly likeness: Likeness | null;
  /** Canonical JSON: what the hash is of. */
  readonly payload: string;
}

const INSERT_SOURCES = statement(
  'transactions.insert-sources',
  `insert into transaction_source (received_at, id, member_no, transaction_id, partner_no, kind, reference, body_hash,
     amount_minor, match_reason, payload, side, likeness)
   select $1, s.* from unnest($2::uuid[], $3::int[], $4::uuid[], $5::int[], $6::smallint[], $7::text[], $8::bytea[],
     $9::bigint[], $10::text[], $11::jsonb[], $12::smallint[], $13::jsonb[]) as s`,
);

export function insertSources(tx: DbTransaction, receivedAt: Date, rows: readonly NewSource[]): void {
  if (rows.length === 0) return;
  tx.send(INSERT_SOURCES, [
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
    rows.map((r) => r.side),
    rows.map((r) => r.likeness && JSON.stringify(r.likeness)),
  ]);
}

const SET_REFUNDED = statement(
  'transactions.set-refunded',
  `update transaction t set refunded_minor = r.refunded
   from unnest($1::uuid[], $2::int[], $3::bigint[]) as r (id, member_no, refunded)
   where t.id = r.id and t.member_no = r.member_no`,
);

/** The members are locked, so the new total is exact. One row per transaction. */
export function setRefunded(
  tx: DbTransaction,
  rows: readonly (TransactionKey & { readonly refundedMinor: bigint })[],
): void {
  if (rows.length === 0) return;
  tx.send(SET_REFUNDED, [rows.map((r) => r.id), rows.map((r) => r.memberNo), rows.map((r) => r.refundedMinor)]);
}
