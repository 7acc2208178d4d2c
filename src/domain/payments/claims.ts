/** What a partner owes, and what a payment of it pays off: the settlement it names, then the oldest. */
import { invariant } from '../kernel/invariant.js';

export interface ClaimedLine {
  readonly lineId: string;
  readonly settlementNo: number;
  /** Not yet paid of it; above zero. */
  readonly openMinor: bigint;
}

export interface Claims {
  readonly lines: readonly ClaimedLine[];
  /** Owed besides the lines of settlements, such as a prepaid block. */
  readonly besidesMinor: bigint;
}

export interface PaidLine {
  readonly lineId: string;
  readonly amountMinor: bigint;
  /** Nothing of it is open any more. */
  readonly full: boolean;
}

export interface PaidClaims {
  readonly paid: readonly PaidLine[];
  /** All that the payment pays; at most its amount. */
  readonly paidMinor: bigint;
  readonly left: Claims;
}

/** Pays lines with an amount; `first` are the numbers of settlements that the payer named. */
export function payClaims(claims: Claims, amountMinor: bigint, first: readonly number[] = []): PaidClaims {
  invariant(amountMinor > 0n, 'a payment is of more than nothing');
  const named = (line: ClaimedLine): number => (first.includes(line.settlementNo) ? 0 : 1);
  const order = claims.lines.toSorted((a, b) => named(a) - named(b) || a.settlementNo - b.settlementNo);
  let rest = amountMinor;
  const paid: PaidLine[] = [];
  const lines: ClaimedLine[] = [];
  for (const line of order) {
    const amount = smaller(rest, line.openMinor);
    rest -= amount;
    if (amount > 0n) paid.push({ lineId: line.lineId, amountMinor: amount, full: amount === line.openMinor });
    if (amount < line.openMinor) lines.push({ ...line, openMinor: line.openMinor - amount });
  }
  const besides = smaller(rest, claims.besidesMinor);
  rest -= besides;
  return { paid, paidMinor: amountMinor - rest, left: { lines, besidesMinor: claims.besidesMinor - besides } };
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
