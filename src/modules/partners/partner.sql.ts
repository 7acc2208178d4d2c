/** Reads of the tables that the ORM writes: whole, for the directory. */
import { statement } from '../../infrastructure/db/database.js';

export interface PartnerRow {
  id: string;
  no: number;
  code: string;
  name: string;
  roles: string[];
  status: string;
}
export const LOAD_PARTNERS = statement(
  'partners.load-partners',
  'select id, no, code, name, roles, status from partner order by no',
);

export interface OutletRow {
  id: string;
  code: string;
  name: string;
  partner_no: number;
  partner_code: string;
  channel: string;
  mcc: string | null;
}
export const LOAD_OUTLETS = statement(
  'partners.load-outlets',
  `select o.id, o.code, o.name, p.no as partner_no, p.code as partner_code, o.channel, o.mcc
   from outlet o join partner p on p.id = o.partner_id
   order by p.no, o.code`,
);

export const LOAD_MERCHANT_IDS = statement(
  'partners.load-merchant-ids',
  'select merchant_id, outlet_id from outlet_merchant_id',
);

export interface ContractRow {
  id: string;
  no: number;
  partner_no: number;
  programme_no: number;
  version: number;
  effective_from: string;
  funding_shares: { party: string; share: string }[];
  commission_rate: string;
  tax_code: string;
  tax_rate: string;
  tax_treatment: string;
  minimum_payout_minor: bigint;
  model: string;
  refund_returns_commission: boolean;
  issue_price: string | null;
  redemption_price: string | null;
  acceptance_fee_rate: string;
  return_reverses_fee: boolean;
  breakage_owner: string;
  clawback_policy: string;
  clawback_limit_units: bigint | null;
  cycle: string;
  netting: string;
  commission_per: string;
  settlement_currency_code: string | null;
  payment_days: number;
  dispute_days: number;
  deposit_minor: bigint;
  exposure_cap_minor: bigint | null;
  exposure_action: string;
  prepaid: boolean;
  prepaid_reorder_minor: bigint | null;
  currency_code: string;
  unit_scale: number;
}
export const LOAD_CONTRACTS = statement(
  'partners.load-contracts',
  `select c.id, c.no, p.no as partner_no, g.no as programme_no, c.version, c.effective_from, c.funding_shares,
          c.commission_rate, c.tax_code, c.tax_rate, c.tax_treatment, c.minimum_payout_minor, c.model,
          c.refund_returns_commission, c.issue_price, c.redemption_price, c.acceptance_fee_rate, c.return_reverses_fee,
          c.breakage_owner, c.clawback_policy, c.clawback_limit_units, c.cycle, c.netting, c.commission_per,
          c.settlement_currency_code, c.payment_days, c.dispute_days, c.deposit_minor, c.exposure_cap_minor, c.exposure_action,
          c.prepaid, c.prepaid_reorder_minor, g.currency_code, g.unit_scale
   from contract c join partner p on p.id = c.partner_id join programme g on g.id = c.programme_id
   order by p.no, g.no, c.version`,
);

export const FIND_PARTNER = statement(
  'partners.find-partner',
  'select id, no, code, name, roles, status from partner where code = $1',
);
