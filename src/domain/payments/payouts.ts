/** What to pay now: which settled amounts go into a payment file, and why the others do not. */
import type { Payout } from '../ledger/payment-entries.js';

/** Something that is owed to a partner and not under way. */
export interface Payable extends Payout {
  /** The settlement line; absent for donations. */
  readonly lineId?: string;
  readonly settlementNo?: number;
  /** What became of it when it was paid last. */
  readonly rejected?: {
    readonly attempts: number;
    /** The account that it was sent to. */
    readonly accountId: string;
  };
}

export interface PayableAccount {
  readonly id: string;
  readonly partnerNo: number;
}

export type SkipReason = 'NO_ACCOUNT' | 'REJECTED_BEFORE';

export interface Skipped {
  readonly payable: Payable;
  readonly reason: SkipReason;
}

export interface PayoutPlan {
  readonly payouts: readonly { readonly payable: Payable; readonly accountId: string; readonly attempt: number }[];
  readonly skipped: readonly Skipped[];
}

/**
 * A payment that was rejected goes again when the partner has another account since, or when somebody says that it
 * shall (`retryRejected`): sent to the same account by itself it would only come back again.
 */
export function planPayouts(
  payables: readonly Payable[],
  accounts: readonly PayableAccount[],
  retryRejected: boolean,
): PayoutPlan {
  const accountOf = new Map(accounts.map(({ partnerNo, id }) => [partnerNo, id]));
  const payouts: PayoutPlan['payouts'][number][] = [];
  const skipped: Skipped[] = [];
  for (const payable of payables) {
    const accountId = accountOf.get(payable.partnerNo);
    const { rejected } = payable;
    if (accountId === undefined) skipped.push({ payable, reason: 'NO_ACCOUNT' });
    else if (rejected?.accountId === accountId && !retryRejected) skipped.push({ payable, reason: 'REJECTED_BEFORE' });
    else payouts.push({ payable, accountId, attempt: (rejected?.attempts ?? 0) + 1 });
  }
  return { payouts, skipped };
}

/** The id a payment keeps at every bank: the line's, and from the second attempt on its number too. */
export const endToEndId = (id: string, attempt: number): string =>
  id.replaceAll('-', '') + (attempt === 1 ? '' : `-${attempt}`);
