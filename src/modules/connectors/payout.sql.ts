/** Payouts: made with the cash-out, asked about until the bank has said what became of them. */
import type { PayoutAnswer } from '../../domain/connectors/payout.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { CashedOut } from '../redemption/index.js';

const PAYS = `endpoints @> '[{"capability": "PAYOUT"}]'`;

const INSERT = statement(
  'connectors.insert-payout',
  `insert into partner_payout (redemption_id, member_no, programme_no, partner_no, connector_id, card_id, amount_minor,
     currency_code, next_ask_at, made_at)
   select $1::uuid, $2::integer, $3::integer, $4::integer, c.id, card.id, $5::bigint, $6::text, hansa_now(), hansa_now()
   from (
     select id from connector where partner_no = $4 and programme_no = $3 and status <> 'REMOVED' and ${PAYS} order by id limit 1
   ) c,
   lateral (
     select id from card
     where member_no = $2 and issuer_no = $4 and unlinked_at is null
       and ($7::uuid is null and $8::text is null or id = $7 or token = $8)
     order by id desc limit 1
   ) card
   where $5::bigint > 0`,
);

/** Notes what the bank of a cash-out is to pay, when that bank is asked to. */
export const insertPayout = (tx: DbTransaction, cashedOut: CashedOut): Promise<unknown> =>
  tx.run(INSERT, [
    ...[cashedOut.redemptionId, cashedOut.memberNo, cashedOut.programmeNo, cashedOut.bankNo, cashedOut.valueMinor],
    ...[cashedOut.currencyCode, cashedOut.card.id ?? null, cashedOut.card.token ?? null],
  ]);

/** A question takes less; whoever died with one asked nothing that cannot be asked again. */
const CLAIM_SECONDS = 60;

const CLAIM = statement(
  'connectors.claim-payouts',
  `update partner_payout p set next_ask_at = hansa_now() + make_interval(secs => ${CLAIM_SECONDS}), asked = p.asked + 1
   from (
     select w.redemption_id, w.member_no from partner_payout w join connector c on c.id = w.connector_id and c.status = 'ACTIVE'
     where w.state = 'PENDING' and w.next_ask_at <= hansa_now()
     order by w.next_ask_at limit $1 for update of w skip locked
   ) due, card
   where p.redemption_id = due.redemption_id and p.member_no = due.member_no and card.id = p.card_id and card.member_no = p.member_no
   returning p.redemption_id as "redemptionId", p.member_no as "memberNo", p.programme_no as "programmeNo", p.connector_id as "connectorId",
     p.amount_minor as "amountMinor", p.currency_code as "currencyCode", p.asked, card.token as "cardToken"`,
);

export interface WaitingPayout {
  readonly redemptionId: string;
  readonly memberNo: number;
  readonly programmeNo: number;
  readonly connectorId: string;
  readonly amountMinor: bigint;
  readonly currencyCode: string;
  /** How often, this time included. */
  readonly asked: number;
  readonly cardToken: string;
}

/** Payouts that are to be asked about now; for a while nobody else gets them. */
export const claimPayouts = (tx: DbTransaction, most: number): Promise<WaitingPayout[]> =>
  tx.run<WaitingPayout>(CLAIM, [most]);

const SETTLE = statement(
  'connectors.settle-payout',
  `update partner_payout set state = $3, bank_reference = coalesce($4, bank_reference), bank_reason = $5, last_fault_code = null,
     settled_at = case when $3 = 'PENDING' then null else hansa_now() end,
     next_ask_at = hansa_now() + make_interval(secs => $6)
   where redemption_id = $1 and member_no = $2 and state = 'PENDING'
   returning redemption_id`,
);

/** What the bank has said; what was settled meanwhile stays: then it is false. */
export async function storeAnswer(
  tx: DbTransaction,
  { redemptionId, memberNo }: WaitingPayout,
  { state, reference, reason }: PayoutAnswer,
  restSeconds: number,
): Promise<boolean> {
  const values = [redemptionId, memberNo, state, reference ?? null, reason ?? null, restSeconds];
  return (await tx.run(SETTLE, values)).length > 0;
}

const FAULT = statement(
  'connectors.payout-fault',
  `update partner_payout set last_fault_code = $3, next_ask_at = hansa_now() + make_interval(secs => $4)
   where redemption_id = $1 and member_no = $2 and state = 'PENDING'`,
);

/** The bank said nothing: nobody knows whether it has paid, and it is asked again. */
export const storeFault = (
  tx: DbTransaction,
  { redemptionId, memberNo }: WaitingPayout,
  code: string,
  restSeconds: number,
): Promise<unknown> => tx.run(FAULT, [redemptionId, memberNo, code, restSeconds]);

const PENDING = statement(
  'connectors.has-pending',
  `select from partner_payout where connector_id = $1 and state = 'PENDING' limit 1`,
);

export const hasPendingPayouts = async (tx: DbTransaction, connectorId: string): Promise<boolean> =>
  (await tx.run(PENDING, [connectorId])).length > 0;
