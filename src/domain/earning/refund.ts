/**
 * Refunds: the purchase is decided again, by the rules and facts of its own day, on what is kept of it.
 */
import { invariant } from '../kernel/invariant.js';
import { allocateWithin } from '../money/allocate.js';
import { formatDecimal } from '../money/decimal.js';
import { usesOf } from './caps.js';
import { evaluate } from './evaluate.js';
import { reason } from './explain.js';
import type { Funder } from './funding.js';
import {
  type AccrualDecision,
  type CounterUse,
  type EarningFacts,
  type Explanation,
  PROGRAMME_PARTY,
  type ProgrammeTerms,
  type Purchase,
} from './model.js';
import { type Granted, rewardsOf } from './reward.js';

export interface Reevaluation {
  /** The keys of `had` in its order; units are what stands now, 0n when nothing does. */
  readonly kept: readonly AccrualDecision[];
  /** What the kept part uses of each counter, in the purchase's own period. */
  readonly uses: readonly CounterUse[];
  readonly explanation: Explanation;
}

/** How the negative policy decides about what comes back: by the terms and facts of one of the two days. */
export interface ReturnDecision {
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
  readonly terms: ProgrammeTerms;
}

/**
 * What stands of a purchase's accruals after a refund that leaves `kept` of it (amount and lines reduced;
 * amount zero when nothing is kept).
 *
 * `had` is what stood before this refund per (rule, funder). Nobody's part rises: a rule that would give
 * more on a smaller purchase, because another one leaves room under a cap, is held to what it had.
 * Nothing kept leaves nothing, in any split and under either policy.
 *
 * Under the NEGATIVE policy pass `returned`: what came back as a purchase of its own, with the terms and
 * facts of the day that the policy names; its reward is taken off, rounded by itself.
 */
export function reevaluate(
  purchase: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  kept: Purchase,
  had: readonly AccrualDecision[],
  returned?: ReturnDecision,
): Reevaluation {
  invariant(
    kept.amountMinor >= 0n && kept.amountMinor <= purchase.amountMinor,
    'a refund leaves between nothing and the whole purchase',
  );
  const nothing = kept.amountMinor === 0n && purchase.action === undefined;
  const granted = nothing ? [] : rewardsOf(kept, facts, terms).granted;
  const after =
    returned === undefined || nothing ? keptOf(granted, had) : had.map((accrual) => lessReturned(accrual, returned));
  return {
    kept: after,
    uses: usesOf(limited(granted, after), kept, terms),
    explanation: explain(kept, facts, terms, had, after, nothing),
  };
}

/** What counters get back: what was used before minus what is used now, in the purchase's own period; never less than nothing. */
export function releasesOf(before: readonly CounterUse[], now: readonly CounterUse[]): CounterUse[] {
  return before.flatMap((use) => {
    const left = now.find(({ stored, period }) => stored === use.stored && period === use.period)?.amount ?? 0n;
    return use.amount > left ? [{ ...use, amount: use.amount - left }] : [];
  });
}

/** What stands of a purchase uses of its counters: `kept` as it is, `stands` what its accruals still are. */
export function standingUses(
  kept: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  stands: readonly AccrualDecision[],
): CounterUse[] {
  if (kept.amountMinor === 0n && kept.action === undefined) return [];
  return usesOf(limited(rewardsOf(kept, facts, terms).granted, stands), kept, terms);
}

/** Each rule's kept units over its funders, each within what it had. */
function keptOf(granted: readonly Granted[], had: readonly AccrualDecision[]): AccrualDecision[] {
  const due = new Map<string, { units: bigint; readonly funders: readonly Funder[] }>();
  for (const { compiled, units, offer } of granted) {
    const known = due.get(compiled.rule.code);
    if (known === undefined) due.set(compiled.rule.code, { units, funders: offer.funders });
    else known.units += units;
  }
  const parts = new Map<string, ReadonlyMap<number, bigint>>();
  for (const ruleCode of new Set(had.map((accrual) => accrual.ruleCode))) {
    const limits = had.filter((accrual) => accrual.ruleCode === ruleCode);
    const now = due.get(ruleCode);
    parts.set(ruleCode, now === undefined ? new Map() : keptParts(now.units, now.funders, limits));
  }
  return had.map((accrual) => ({ ...accrual, units: parts.get(accrual.ruleCode)?.get(accrual.funderNo) ?? 0n }));
}

function keptParts(
  units: bigint,
  funders: readonly Funder[],
  limits: readonly AccrualDecision[],
): ReadonlyMap<number, bigint> {
  const limitOf = new Map(limits.map((accrual) => [accrual.funderNo, accrual.units]));
  const within = funders.map((funder) => limitOf.get(funder.funderNo) ?? 0n);
  const most = within.reduce((total, limit) => total + limit, 0n);
  const parts = allocateWithin(
    units < most ? units : most,
    funders.map((funder) => funder.share),
    within,
  );
  return new Map(funders.map((funder, index) => [funder.funderNo, parts[index] as bigint]));
}

/** The negative reward of what came back, never more than stands. */
function lessReturned(accrual: AccrualDecision, { purchase, facts, terms }: ReturnDecision): AccrualDecision {
  const taken =
    evaluate(purchase, facts, terms).accruals.find(
      ({ ruleCode, funderNo }) => ruleCode === accrual.ruleCode && funderNo === accrual.funderNo,
    )?.units ?? 0n;
  return { ...accrual, units: accrual.units > taken ? accrual.units - taken : 0n };
}

/** Granted rewards held to what stands of each rule, in canonical order. */
function limited(granted: readonly Granted[], stands: readonly AccrualDecision[]): Granted[] {
  const left = new Map<string, bigint>();
  for (const { ruleCode, units } of stands) left.set(ruleCode, (left.get(ruleCode) ?? 0n) + units);
  return granted.map((each) => {
    const room = left.get(each.compiled.rule.code) ?? 0n;
    const units = each.units < room ? each.units : room;
    left.set(each.compiled.rule.code, room - units);
    return { ...each, units };
  });
}

const sum = (accruals: readonly AccrualDecision[]): bigint =>
  accruals.reduce((total, accrual) => total + accrual.units, 0n);

function explain(
  kept: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  had: readonly AccrualDecision[],
  after: readonly AccrualDecision[],
  nothing: boolean,
): Explanation {
  const units = (value: bigint): string => formatDecimal(value, terms.unit.scale);
  const parts = had.map(({ ruleCode, funderNo, units: before }, index) =>
    reason('REFUND_PART', () => ({
      rule: ruleCode,
      funder: nameOf(funderNo, kept),
      before: units(before),
      units: units((after[index] as AccrualDecision).units),
      unit: terms.unit.code,
    })),
  );
  const decision = nothing ? [] : [evaluate(kept, facts, terms).explanation];
  return reason(
    'REFUND_REEVALUATED',
    () => ({
      kept: formatDecimal(kept.amountMinor, terms.currencyScale),
      currency: terms.currencyCode,
      before: units(sum(had)),
      units: units(sum(after)),
      unit: terms.unit.code,
    }),
    [...decision, ...parts],
  );
}

/** The parties of the purchase go by their codes, as in the decision about it. */
function nameOf(funderNo: number, { merchant, issuer }: Purchase): string {
  if (funderNo === PROGRAMME_PARTY) return 'PROGRAMME';
  const partner = [merchant, issuer].find((party) => party?.partnerNo === funderNo);
  return partner?.partnerCode ?? String(funderNo);
}
