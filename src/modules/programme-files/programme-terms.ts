/**
 * From a well-formed programme file to the terms the engine decides by, with every check that needs two
 * places of the file. All faults are reported; the terms may be used only when there is none.
 */
import type { ProgrammeTerms, RefundPolicy } from '../../domain/earning/model.js';
import { categoriesOf, exclusionsOf, productExclusionsOf } from './category-terms.js';
import { inCapitals } from './condition-terms.js';
import { FileCheck, type Report } from './file-check.js';
import { capsOf, choicesOf, experimentsOf, groupsOf } from './limit-terms.js';
import type { ProgrammeFile } from './programme-schema.js';
import { redemptionOf, stepPrice } from './redemption-terms.js';
import { baseOf, roundingOf, rulesOf } from './rule-terms.js';
import { ladderOf } from './tier-terms.js';

/** The terms of a file; meaningless once `report` was called. */
export function termsOf(file: ProgrammeFile, report: Report): ProgrammeTerms {
  const check = new FileCheck(file, report);
  check.unique(
    'example',
    file.examples.map(({ name }) => name),
    (index) => ['examples', index, 'name'],
  );
  return {
    code: file.programme,
    name: file.name,
    currencyCode: file.currency,
    currencyScale: check.moneyScale,
    timeZone: file.timeZone,
    effectiveFrom: file.effectiveFrom,
    unit: { code: file.unit.code, scale: file.unit.scale, priceMinor: stepPrice(file.unit.worth, check) },
    attribution: file.attribution,
    holdDays: file.holdDays,
    ...(file.payout !== undefined && { payout: inCapitals(file.payout) }),
    base: baseOf(file.base),
    rounding: roundingOf(file.rounding, ['rounding'], check),
    refunds: refundsOf(file),
    taxTreatment: file.taxTreatment,
    categories: categoriesOf(check),
    exclusions: exclusionsOf(file),
    productExclusions: productExclusionsOf(file),
    tiers: ladderOf(check),
    rules: rulesOf(check),
    groups: groupsOf(check),
    caps: capsOf(check),
    choices: choicesOf(check),
    experiments: experimentsOf(check),
    redemption: redemptionOf(check),
    approvals: file.approvals,
  };
}

const refundsOf = ({ refunds: { rulesOf } }: ProgrammeFile): RefundPolicy =>
  rulesOf === undefined ? { policy: 'KEPT' } : { policy: 'NEGATIVE', rulesOf };
