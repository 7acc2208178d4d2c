/**
 * Parts of a purchase's rewards: what each rule and funder gave at first, and what an amount that rose added.
 */
import type { AccrualDecision, Cap, ContractTerms, ProgrammeTerms } from '../earning/model.js';
import type { BusinessDate } from '../kernel/calendar.js';
import { chargesFor } from '../settlement/charges.js';
import type { StandingAccrual } from './model.js';

/** What one accrual loses. All amounts >= 0, units > 0. */
export interface AccrualReversal {
  readonly accrual: StandingAccrual;
  readonly units: bigint;
  readonly valueMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
}

export interface NewParts {
  readonly terms: ProgrammeTerms;
  contractOf(funderNo: number): ContractTerms | undefined;
  newId(): string;
}

const keyOf = ({ ruleCode, funderNo }: AccrualDecision): string => `${ruleCode}/${funderNo}`;

/** Parts of one rule and funder as one. */
export function together(accruals: readonly AccrualDecision[]): AccrualDecision[] {
  const sums = new Map<string, { ruleCode: string; funderNo: number; units: bigint }>();
  for (const accrual of accruals) {
    const known = sums.get(keyOf(accrual));
    if (known !== undefined) known.units += accrual.units;
    else sums.set(keyOf(accrual), { ruleCode: accrual.ruleCode, funderNo: accrual.funderNo, units: accrual.units });
  }
  return [...sums.values()];
}

export function atMost(target: readonly AccrualDecision[], had: readonly AccrualDecision[]): AccrualDecision[] {
  const limits = new Map(had.map((accrual) => [keyOf(accrual), accrual.units]));
  return target.map((accrual) => {
    const limit = limits.get(keyOf(accrual)) ?? 0n;
    return accrual.units > limit ? { ...accrual, units: limit } : accrual;
  });
}

/**
 * `target` with nobody below their floor. What a rule is held up by, under a cap that is full by now, the others
 * under that cap cannot rise by as well: they stay at their own floors, so that no cap is passed.
 */
export function heldUp(
  target: readonly AccrualDecision[],
  floors: readonly AccrualDecision[],
  { rules, caps }: ProgrammeTerms,
): AccrualDecision[] {
  const targets = new Map(target.map((accrual) => [keyOf(accrual), accrual.units]));
  const held = new Set(
    floors.flatMap((floor) => (floor.units > (targets.get(keyOf(floor)) ?? 0n) ? [floor.ruleCode] : [])),
  );
  if (held.size === 0) return [...target];
  const groupOf = new Map(rules.map(({ code, group }) => [code, group]));
  const covers = (cap: Cap, code: string): boolean =>
    (cap.rules?.includes(code) ?? true) && (cap.groups?.includes(groupOf.get(code) ?? '') ?? true);
  const full = caps.filter((cap) => [...held].some((code) => covers(cap, code)));
  const mayRise = (code: string): boolean => !held.has(code) && !full.some((cap) => covers(cap, code));
  const rising = target.filter(({ ruleCode }) => mayRise(ruleCode));
  return [...rising, ...floors.filter(({ ruleCode }) => !mayRise(ruleCode))];
}

/** Takes from the latest part first, so that what was earned at first stays longest. */
export function takenBack(
  accruals: readonly StandingAccrual[],
  target: readonly AccrualDecision[],
  terms: ProgrammeTerms,
): { readonly reversals: AccrualReversal[]; readonly left: StandingAccrual[] } {
  const allowed = new Map<string, bigint>();
  for (const accrual of target) allowed.set(keyOf(accrual), accrual.units);
  const reversals: AccrualReversal[] = [];
  const after = new Map<StandingAccrual, StandingAccrual>();
  for (const accrual of [...accruals].sort((a, b) => a.part - b.part)) {
    const room = allowed.get(keyOf(accrual)) ?? 0n;
    const units = accrual.units < room ? accrual.units : room;
    allowed.set(keyOf(accrual), room - units);
    const rest = shrink(accrual, units, terms);
    after.set(accrual, rest);
    if (units === accrual.units) continue;
    reversals.push({
      accrual,
      units: accrual.units - units,
      valueMinor: accrual.valueMinor - rest.valueMinor,
      commissionMinor: accrual.commissionMinor - rest.commissionMinor,
      taxMinor: accrual.taxMinor - rest.taxMinor,
    });
  }
  return { reversals, left: accruals.map((accrual) => after.get(accrual) ?? accrual) };
}

/** Commission(kept before) - commission(kept after) goes back, unless it was charged and the contract keeps it. */
function shrink(accrual: StandingAccrual, units: bigint, terms: ProgrammeTerms): StandingAccrual {
  if (units === accrual.units) return accrual;
  const charges = chargesFor(units, terms.unit.priceMinor, accrual.contract);
  const keepsCommission = !accrual.pending && accrual.contract?.refundReturnsCommission === false;
  return keepsCommission ? { ...accrual, units, valueMinor: charges.valueMinor } : { ...accrual, units, ...charges };
}

export function added(
  accruals: readonly StandingAccrual[],
  target: readonly AccrualDecision[],
  had: readonly AccrualDecision[],
  availableOn: BusinessDate,
  { terms, contractOf, newId }: NewParts,
): StandingAccrual[] {
  const before = new Map(had.map((accrual) => [keyOf(accrual), accrual.units]));
  return target.flatMap(({ ruleCode, funderNo, units }) => {
    const more = units - (before.get(keyOf({ ruleCode, funderNo, units })) ?? 0n);
    if (more <= 0n) return [];
    const parts = accruals.filter((accrual) => accrual.ruleCode === ruleCode && accrual.funderNo === funderNo);
    const contract = contractOf(funderNo);
    return [
      {
        id: newId(),
        ruleCode,
        funderNo,
        units: more,
        ...chargesFor(more, terms.unit.priceMinor, contract),
        pending: true,
        part: parts.reduce((next, { part }) => Math.max(next, part + 1), 0),
        availableOn,
        ...(contract && { contract }),
      },
    ];
  });
}
