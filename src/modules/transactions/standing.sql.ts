/** What intake reads of purchases that messages of a batch are about. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { PurchaseStatus } from '../../domain/transactions/lifecycle.js';
import { MATCH_HORIZON_DAYS } from '../../domain/transactions/match.js';
import { SOURCE_KIND_NO } from '../../domain/transactions/model.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { DecidedRow } from './decision-facts.js';
import type { SourceRow } from './message.js';

export interface StandingRow extends DecidedRow {
  readonly id: string;
  readonly memberNo: number;
  readonly refundedMinor: bigint;
  readonly status: PurchaseStatus;
}

const LOAD_PURCHASES = statement(
  'transactions.load-purchases',
  `select t.id, t.member_no as "memberNo", t.programme_no as "programmeNo", t.card_id as "cardId",
          t.merchant_no as "merchantNo", t.outlet_id as "outletId", t.descriptor, t.mcc, t.channel,
          t.amount_minor as "amountMinor", t.refunded_minor as "refundedMinor",
          t.business_date as "businessDate", t.facts, t.status, t.action, t.lines
   from unnest($1::uuid[], $2::int[]) as r (id, member_no)
   join transaction t using (id, member_no)
   where t.kind in ('PURCHASE', 'ACTION')`,
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
  readonly part: number;
  readonly availableOn: BusinessDate;
}

// From the purchase to its accruals to what was taken back of them, and no other way round: `offset 0` keeps the
// planner from beginning with all accruals of the member. Not from the lots: what is left of those may be spent.
const LOAD_STANDING_ACCRUALS = statement(
  'transactions.load-standing-accruals',
  `select a.id, a.transaction_id as "transactionId", a.rule_code as "ruleCode", a.funder_no as "funderNo",
          a.contract_no as "contractNo", a.units - r.units as units, a.value_minor - r.value_minor as "valueMinor",
          a.commission_minor - r.commission_minor as "commissionMinor", a.tax_minor - r.tax_minor as "taxMinor",
          a.part, a.available_on as "availableOn",
          exists (select from due d where d.programme_no = a.programme_no and d.due_on = a.available_on
                    and d.member_no = a.member_no and d.lot_id = a.id) as pending
   from unnest($1::uuid[], $2::int[]) as k (transaction_id, member_no)
   cross join lateral (
     select * from accrual where transaction_id = k.transaction_id and member_no = k.member_no offset 0
   ) a
   cross join lateral (
     select coalesce(sum(units), 0)::bigint as units, coalesce(sum(value_minor), 0)::bigint as value_minor,
            coalesce(sum(commission_minor), 0)::bigint as commission_minor, coalesce(sum(tax_minor), 0)::bigint as tax_minor
     from accrual_reversal where accrual_id = a.id and member_no = a.member_no
   ) r
   order by a.id`,
);

export interface TransactionKey {
  readonly id: string;
  readonly memberNo: number;
}

// Its own, those of orphans that found it, and of the purchase it was exchanged for.
const LOAD_MESSAGES = statement(
  'transactions.load-messages',
  `select r.id as "transactionId", s.partner_no as "partnerNo", s.kind as "kindNo", s.reference,
          s.amount_minor as "amountMinor", s.side, s.payload, s.exchanges
   from unnest($1::uuid[], $2::int[]) as r (id, member_no)
   cross join lateral (
     select partner_no, kind, reference, amount_minor, side, payload, false as exchanges from transaction_source
     where transaction_id = r.id and member_no = r.member_no
     union all
     select s.partner_no, s.kind, s.reference, s.amount_minor, s.side, s.payload, false
     from transaction t join transaction_source s on s.transaction_id = t.id and s.member_no = t.member_no
     where t.joined_id = r.id
     union all
     select s.partner_no, s.kind, s.reference, s.amount_minor, s.side, s.payload, true
     from transaction t join transaction_source s on s.transaction_id = t.id and s.member_no = t.member_no
     where t.exchange_of = r.id and s.kind = ${SOURCE_KIND_NO.PURCHASE}
   ) s`,
);

export interface MessageRow extends SourceRow {
  readonly transactionId: string;
}

/** Purchases with what stands of their accruals, and what was said about them. The members must be locked. */
export async function loadStanding(
  tx: DbTransaction,
  keys: readonly TransactionKey[],
): Promise<{ purchases: StandingRow[]; accruals: StandingAccrualRow[]; messages: MessageRow[] }> {
  if (keys.length === 0) return { purchases: [], accruals: [], messages: [] };
  const columns = [keys.map((key) => key.id), keys.map((key) => key.memberNo)];
  return {
    purchases: await tx.run<StandingRow>(LOAD_PURCHASES, columns),
    accruals: await tx.run<StandingAccrualRow>(LOAD_STANDING_ACCRUALS, columns),
    messages: await tx.run<MessageRow>(LOAD_MESSAGES, columns),
  };
}

export interface CandidateSearch {
  readonly memberNo: number;
  readonly cardId: string | null;
  readonly merchantNo: number | null;
  readonly descriptor: string | null;
  readonly amountMinor: bigint;
  readonly businessDate: BusinessDate;
  /** AUTHORISED: purchases that a clearing may belong to; else those that a refund may take back. */
  readonly openOnly: boolean;
  /** How many to bring: each earlier refund of the batch can use up one. */
  readonly limit: number;
}

// Best first, in the order of domain/transactions/match.ts; smaller ones last, to tell "too small" from "none".
const FIND_CANDIDATES = statement(
  'transactions.find-candidates',
  `select distinct c.id, c.member_no as "memberNo"
   from unnest($1::int[], $2::uuid[], $3::int[], $4::text[], $5::bigint[], $6::date[], $7::boolean[], $8::int[])
     as r (member_no, card_id, merchant_no, descriptor, amount, day, open_only, wanted)
   cross join lateral (
     select t.id, t.member_no from transaction t
     where t.member_no = r.member_no and t.business_date between r.day - ${MATCH_HORIZON_DAYS} and r.day
       and t.kind = 'PURCHASE'
       -- what one side says went back, another will say too
       and (t.refunded_minor < t.amount_minor or (not r.open_only and t.sides not in (0, 1, 2, 4)))
       and (not r.open_only or t.sides not in (0, 1, 2, 4) or (t.status = 'AUTHORISED' and t.amount_minor = r.amount))
       and (t.card_id is not distinct from r.card_id or (r.card_id is null and t.sides not in (0, 1, 2, 4)))
       and (t.merchant_no is not distinct from r.merchant_no or (r.merchant_no is null and t.sides not in (0, 1, 2, 4)))
       and (r.merchant_no is not null or t.descriptor = r.descriptor)
     order by (t.sides not in (0, 1, 2, 4) and t.refunded_minor >= r.amount) desc,
              sign(t.amount_minor - t.refunded_minor - r.amount) = 0 desc,
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
    searches.map((s) => s.openOnly),
    searches.map((s) => s.limit),
  ]);
}
