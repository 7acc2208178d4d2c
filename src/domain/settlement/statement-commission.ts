/** Commission that is computed once for a whole statement, so that it is rounded once (commissionPer: STATEMENT). */
import type { Rate } from '../money/rate.js';
import { applyRate } from '../money/rounding.js';

export interface StatementCharges {
  /** Minor units; below zero when more was taken back than was charged. */
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
}

/** On the value that a partner was charged less what it was given back, half-even; tax on the commission likewise. */
export function statementCommission(
  { chargedMinor, returnedMinor }: { readonly chargedMinor: bigint; readonly returnedMinor: bigint },
  contract: { readonly commissionRate: Rate; readonly taxRate: Rate; readonly returnsCommission: boolean },
): StatementCharges & { readonly baseMinor: bigint } {
  const baseMinor = chargedMinor - (contract.returnsCommission ? returnedMinor : 0n);
  const commissionMinor = applyRate(baseMinor, contract.commissionRate, 'HALF_EVEN');
  return { baseMinor, commissionMinor, taxMinor: applyRate(commissionMinor, contract.taxRate, 'HALF_EVEN') };
}
