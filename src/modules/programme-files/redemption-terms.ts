/** Redemption, expiry, dormancy and wind-down of a programme file, from its words to those of the engine. */
import type { Rate } from '../../domain/money/rate.js';
import { stepPriceMinor } from '../../domain/money/unit-price.js';
import type { LotExpiry, OutflowLimits, RedemptionTerms } from '../../domain/redemption/model.js';
import { type FileCheck, present } from './file-check.js';
import type { ProgrammeFile } from './programme-schema.js';

/** Money minor units that one smallest step of reward is worth. */
export const stepPrice = (worth: Rate, check: FileCheck): Rate =>
  stepPriceMinor(worth, check.moneyScale, check.unitScale);

export function redemptionOf(check: FileCheck): RedemptionTerms {
  const { redemption, unit, expiry, dormancy, windDown, effectiveFrom } = check.file;
  const { maxShare, discountsCount, minimumOwn, minimumUnits, worth, order, returnGraceDays } = redemption;
  const { authorisationHours, noticeDays, donation } = redemption;
  if (dormancy !== undefined && /^[0.]+$/.test(dormancy.fee))
    check.report(['dormancy', 'fee'], 'A fee of nothing is none; remove "dormancy".');
  if (windDown !== undefined && windDown.earningEnds <= effectiveFrom)
    check.report(['windDown', 'earningEnds'], 'Earning would end before this version counts; write a later day.');
  return present({
    expiry: expiryOf(expiry),
    order,
    maxShare,
    discountsCount,
    minimumOwnMinor: check.money(minimumOwn, ['redemption', 'minimumOwn']),
    minimumUnits: check.units(minimumUnits, ['redemption', 'minimumUnits']),
    priceMinor: stepPrice(worth ?? unit.worth, check),
    returnGraceDays,
    authorisationHours,
    noticeDays,
    cashOut: outflowOf('cashOut', check),
    transfer: outflowOf('transfer', check),
    donation,
    dormancy:
      dormancy === undefined
        ? undefined
        : { afterDays: dormancy.afterDays, feeUnits: check.units(dormancy.fee, ['dormancy', 'fee']) },
    windDown,
  });
}

function outflowOf(kind: 'cashOut' | 'transfer', check: FileCheck): OutflowLimits | undefined {
  const written = check.file.redemption[kind];
  if (written === undefined) return undefined;
  const units = (bound: 'perDay' | 'perMonth' | 'holdAbove'): bigint | undefined => {
    const amount = written[bound];
    return amount === undefined ? undefined : check.units(amount, ['redemption', kind, bound]);
  };
  const limits = {
    perDayUnits: units('perDay'),
    perMonthUnits: units('perMonth'),
    holdAboveUnits: units('holdAbove'),
  };
  return present(limits);
}

const KINDS = { days: 'DAYS', months: 'MONTHS', endOfMonth: 'END_OF_MONTH', endOfYear: 'END_OF_YEAR' } as const;

/** Exactly one life is written; the schema has seen to that. */
function expiryOf(expiry: ProgrammeFile['expiry']): LotExpiry {
  if (expiry === 'NEVER') return { kind: 'NEVER' };
  if (expiry.rolling !== undefined) return { kind: 'ROLLING', days: expiry.rolling };
  for (const life of ['days', 'months', 'endOfMonth', 'endOfYear'] as const) {
    const count = expiry[life];
    if (count !== undefined) return { kind: KINDS[life], count, from: expiry.from ?? 'AVAILABLE' };
  }
  return { kind: 'NEVER' };
}
