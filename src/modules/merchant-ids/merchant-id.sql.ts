/** Merchant ids that no outlet has, with the purchases that carry them. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface UnknownMerchantId {
  readonly merchantId: string;
  readonly descriptor: string | null;
  readonly purchases: number;
  readonly lastSeenOn: BusinessDate;
}

const FIND_UNKNOWN = statement(
  'merchant-ids.find-unknown',
  `select t.merchant_id as "merchantId", mode() within group (order by t.descriptor) as descriptor,
          count(*)::int as purchases, max(t.business_date) as "lastSeenOn"
   from transaction t
   where t.kind = 'PURCHASE' and t.merchant_id is not null and (t.merchant_no is null or t.sides & 3 = 3)
     and not exists (select from outlet_merchant_id o where o.merchant_id = t.merchant_id)
   group by t.merchant_id order by count(*) desc, t.merchant_id limit $1`,
);

/** Those with most purchases first. */
export const findUnknown = (tx: DbTransaction, limit: number): Promise<UnknownMerchantId[]> =>
  tx.run<UnknownMerchantId>(FIND_UNKNOWN, [limit]);

const FIND_TOLD = statement(
  'merchant-ids.find-told',
  `select t.merchant_id as "merchantId", t.outlet_id as "outletId", count(*)::int as purchases from transaction t
   where t.kind = 'PURCHASE' and t.merchant_id = any ($1::text[]) and t.merchant_no is not null and t.sides & 3 = 3
     and t.outlet_id is not null
   group by 1, 2`,
);

/** Where their merchants say that purchases with these merchant ids took place. */
export const findTold = (
  tx: DbTransaction,
  merchantIds: readonly string[],
): Promise<{ merchantId: string; outletId: string; purchases: number }[]> => tx.run(FIND_TOLD, [merchantIds]);

const FIND_REJECTED = statement(
  'merchant-ids.find-rejected',
  'select merchant_id as "merchantId", outlet_id as "outletId" from merchant_id_rejection where merchant_id = any ($1::text[])',
);

export const findRejected = (
  tx: DbTransaction,
  merchantIds: readonly string[],
): Promise<{ merchantId: string; outletId: string }[]> => tx.run(FIND_REJECTED, [merchantIds]);

const REJECT = statement(
  'merchant-ids.reject',
  `insert into merchant_id_rejection (merchant_id, outlet_id, rejected_by, rejected_at) values ($1, $2, $3, hansa_now())
   on conflict do nothing`,
);

export async function insertRejection(
  tx: DbTransaction,
  merchantId: string,
  outletId: string,
  by: string,
): Promise<void> {
  await tx.run(REJECT, [merchantId, outletId, by]);
}
