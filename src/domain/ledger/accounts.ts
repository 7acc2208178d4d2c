/**
 * Chart of accounts (LEDGER 1). Numbers, because postings store small integers; the reward book is below
 * 1000, the money book from 1000 up. + is debit, - is credit.
 */
export const Account = {
  MEMBER_PENDING: 100,
  MEMBER_AVAILABLE: 110,
  MEMBER_HELD: 120,
  ISSUED: 900,
  REDEEMED: 910,
  EXPIRED: 920,
  CLAWBACK_WRITTEN_OFF: 930,
  FEES: 940,
  BANK: 1000,
  PAYMENTS_IN_TRANSIT: 1010,
  UNALLOCATED_RECEIPTS: 1020,
  POSITION: 1100,
  FUNDING_PENDING: 1105,
  PROGRAMME_FUNDING_PENDING: 1106,
  SETTLED_UNPAID: 1200,
  INPUT_TAX: 1210,
  OUTPUT_TAX: 2200,
  DISPUTED: 1250,
  MEMBER_RECEIVABLE: 1300,
  FX_CLEARING: 1900,
  LIABILITY_PENDING: 2000,
  LIABILITY_AVAILABLE: 2010,
  LIABILITY_HELD: 2020,
  DONATIONS_PAYABLE: 2110,
  PARTNER_DEPOSIT: 2300,
  PREPAID_BLOCK: 2310,
  COMMISSION: 4000,
  BREAKAGE: 4010,
  REDEMPTION_SPREAD: 4020,
  PROGRAMME_REWARDS: 5000,
  WRITE_OFFS: 5010,
  GOODWILL: 5020,
  ROUNDING: 5030,
  FX_DIFFERENCES: 5040,
} as const;
export type AccountCode = (typeof Account)[keyof typeof Account];

/** The side a balance may never leave; accounts that may stand on both sides are absent. */
export const GUARDED_SIDE: ReadonlyMap<AccountCode, 'DEBIT' | 'CREDIT'> = new Map<AccountCode, 'DEBIT' | 'CREDIT'>([
  [Account.MEMBER_PENDING, 'CREDIT'],
  [Account.MEMBER_HELD, 'CREDIT'],
  [Account.ISSUED, 'DEBIT'],
  [Account.REDEEMED, 'CREDIT'],
  [Account.FUNDING_PENDING, 'DEBIT'],
  [Account.PROGRAMME_FUNDING_PENDING, 'DEBIT'],
  [Account.MEMBER_RECEIVABLE, 'DEBIT'],
  [Account.LIABILITY_PENDING, 'CREDIT'],
  [Account.LIABILITY_HELD, 'CREDIT'],
  [Account.DONATIONS_PAYABLE, 'CREDIT'],
  [Account.PARTNER_DEPOSIT, 'CREDIT'],
  [Account.PREPAID_BLOCK, 'CREDIT'],
]);

/** Accounts whose party is a member: their balances live in member_balance, all others in account_balance. */
export const MEMBER_ACCOUNTS: ReadonlySet<AccountCode> = new Set<AccountCode>([
  Account.MEMBER_PENDING,
  Account.MEMBER_AVAILABLE,
  Account.MEMBER_HELD,
  Account.MEMBER_RECEIVABLE,
]);
