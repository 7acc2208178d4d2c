/** The words of printed statements. */
import type { StatementFace, StatementTitle } from '../../domain/settlement/invoice.js';
import type { LineSide } from '../../domain/settlement/netting.js';
import type { StatementEvent } from '../../domain/settlement/statement.js';

export const TITLES: Readonly<Record<StatementTitle, string>> = {
  INVOICE: 'Invoice and settlement statement',
  CREDIT_NOTE: 'Credit note and settlement statement',
  STATEMENT: 'Settlement statement',
};

export const EVENTS: Readonly<Record<StatementEvent, string>> = {
  ACCRUED: 'Rewards earned, not yet confirmed',
  CONFIRMED: 'Rewards confirmed',
  VOIDED: 'Rewards taken back before confirmation',
  REFUNDED: 'Rewards taken back after refunds',
  CLAWED_BACK: 'Rewards taken back after they were spent',
  REPAID: 'Rewards that repaid what members owed',
  AUTHORISED: 'Units held',
  REDEEMED: 'Redemptions',
  RELEASED: 'Units released',
  RETURNED: 'Redemptions returned',
  CASHED_OUT: 'Cash-outs to cards',
  DONATED: 'Donations',
  EXPIRED: 'Units expired',
  SETTLED: 'Settled at another time',
  PAYOUT_INSTRUCTED: 'Payments instructed',
  PAYOUT_BOOKED: 'Payments booked',
  PAYOUT_REJECTED: 'Payments returned',
  RECEIVED: 'Payments received',
  DISPUTED: 'Disputed',
  DISPUTE_RESOLVED: 'Disputes resolved',
  GOODWILL: 'Goodwill',
  BAD_DEBT: 'Written off',
  NEGATIVE_WRITTEN_OFF: 'Members in debit written off',
  SERVICE_CHARGED: 'Services',
  CONVERTED: 'Conversions',
  TRANSFERRED: 'Transfers between members',
  DORMANCY_FEE: 'Dormancy fees',
  WOUND_DOWN: 'Units written off at the end of the programme',
  PREPAID: 'Prepaid blocks',
  DEPOSIT: 'Deposits',
  CHARITY_PAID: 'Donations handed on',
  ITEM_REDEEMED: 'Items redeemed',
  COMMISSION: 'Commission of the period',
};

export const SIDES: Readonly<Record<LineSide, string>> = {
  NET: 'Total',
  OWES: 'Supplied by the programme',
  OWED: 'Supplied to the programme',
};

/** What is to be done about a line. */
export function sentenceOf(
  carried: boolean,
  closingMinor: bigint,
  amount: string,
  currencyCode: string,
  { dueOn, paidIn }: StatementFace,
): string {
  if (closingMinor === 0n) return 'Nothing is to be paid.';
  if (carried) return `${amount} ${currencyCode} is below the minimum payout and opens the next statement.`;
  const converted = paidIn ? `, converted into ${paidIn} at the reference rate` : '';
  return closingMinor > 0n
    ? `Please pay ${amount} ${currencyCode} by ${dueOn ?? 'the due date'}${converted}.`
    : `You are paid ${amount} ${currencyCode} by ${dueOn ?? 'the due date'}${converted}.`;
}
