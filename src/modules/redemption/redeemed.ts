/** A stored redemption as the kernel knows it, and what a redeemer gets for units. */
import { businessDateIn } from '../../domain/kernel/calendar.js';
import type { Rate } from '../../domain/money/rate.js';
import { applyRate, divideRounded } from '../../domain/money/rounding.js';
import { storedRate } from '../../domain/partners/contract.js';
import type { RedeemedAt } from '../../domain/redemption/events.js';
import type { Redemption, Take } from '../../domain/redemption/member-lots.js';
import type { ContractRecord } from '../partners/index.js';
import type { RedemptionRecord } from './redemption.sql.js';

export function kernelOf(record: RedemptionRecord, takes: readonly Take[], timeZone: string): Redemption {
  const { id, state, authorisedAt, purchaseMinor, basketReturnedMinor, kind } = record;
  const paid = state === 'CAPTURED' && kind !== 'DONATION';
  return {
    id,
    takes,
    purchaseMinor,
    state: state === 'EXPIRED' ? 'VOIDED' : state,
    date: businessDateIn(authorisedAt, timeZone),
    returnedMinor: basketReturnedMinor,
    ...(paid && {
      at: {
        redeemerNo: record.partnerNo,
        valueMinor: record.capturedMinor,
        feeMinor: record.feeMinor,
        feeTaxMinor: record.feeTaxMinor,
      },
    }),
  };
}

/** What units pay at the price that was agreed: all of them exactly what was authorised. */
export const capturedMinor = ({ units, valueMinor, priceMinor }: RedemptionRecord, captured: bigint): bigint =>
  captured === units ? valueMinor : applyRate(captured, priceOf(priceMinor), 'HALF_EVEN');

/** Most units of a redemption that are worth no more than the amount. */
export function unitsFor({ units, valueMinor, priceMinor }: RedemptionRecord, amountMinor: bigint): bigint {
  if (amountMinor === valueMinor) return units;
  const { numerator, denominator } = priceOf(priceMinor);
  return numerator === 0n ? 0n : divideRounded(amountMinor * denominator, numerator, 'FLOOR');
}

const priceOf = (priceMinor: string | null | undefined): Rate => storedRate(priceMinor ?? '0/1');

/** What the redeemer is owed for units and pays for having them redeemed at its till, by its contract. */
export function redeemedAt(valueMinor: bigint, { partnerNo, settlement, taxRate }: ContractRecord): RedeemedAt {
  const feeMinor = applyRate(valueMinor, settlement.acceptanceFeeRate, 'HALF_EVEN');
  return { redeemerNo: partnerNo, valueMinor, feeMinor, feeTaxMinor: applyRate(feeMinor, taxRate, 'HALF_EVEN') };
}
