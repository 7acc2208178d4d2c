/** What to pay now: which settled amounts go into a payment file, and why the others do not. */
import type { Payout } from '../ledger/payment-entries.js';

/** Something that is owed to a partner and not under way. */
export interface Payable extends Payout {
  /** What it pays off, by its id: a settlement line or an approved return of a deposit; absent for donations. */
  readonly ofId?: string;
  readonly settlementNo?: number;
  /** The entry that put it in transit already; of deposits alone. */
  readonly entryNo?: bigint;
  /** The payment of it before, when there was one. */
  readonly last?: {
    readonly attempt: number;
    /** The account that it was sent to. */
    readonly accountId: string;
    /** It was rejected, or came back. */
    readonly failed: boolean;
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
    const { last } = payable;
    if (accountId === undefined) skipped.push({ payable, reason: 'NO_ACCOUNT' });
    else if (last?.failed && last.accountId === accountId && !retryRejected)
      skipped.push({ payable, reason: 'REJECTED_BEFORE' });
    else payouts.push({ payable, accountId, attempt: (last?.attempt ?? 0) + 1 });
  }
  return { payouts, skipped };
}

/** The id a payment keeps at every bank: that of what it pays off, and from the second attempt on its number too. */
export const endToEndId = (id: string, attempt: number): string =>
  id.replaceAll('-', '') + (attempt === 1 ? '' : `-${attempt}`);
