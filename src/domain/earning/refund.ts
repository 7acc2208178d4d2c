/**
 * Refunds: the purchase is decided again, by the rules and facts of its own day, on what is kept of it.
 */
import { invariant } from '../kernel/invariant.js';
import { allocateWithin } from '../money/allocate.js';
import { formatDecimal } from '../money/decimal.js';
import { type Counted, usesOf } from './caps.js';
import { classify } from './classify.js';
import { evaluate } from './evaluate.js';
import { reason } from './explain.js';
import { type Funder, fundersOf, isGap } from './funding.js';
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
import { baseOf, cut } from './segments.js';
import { type CompiledRule, indexOf } from './terms-index.js';

export interface Reevaluation {
  /** The keys of `had` in its order; units are what stands now, 0n when nothing does. */
  readonly kept: readonly AccrualDecision[];
  /** What the kept part uses of each counter, in the purchase's own period. */
  readonly uses: readonly CounterUse[];
  /** What to give back to those counters: room for later purchases only, never for earlier ones. */
  readonly releases: readonly CounterUse[];
  readonly explanation: Explanation;
}

/** How the negative policy decides about what comes back: by the terms and facts of one of the two days. */
export interface ReturnDecision {
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
  readonly terms: ProgrammeTerms;
}

export interface RefundContext {
  /** What was kept before this refund; the whole purchase when absent. */
  readonly before?: Purchase;
  /**
   * Under the NEGATIVE policy: what came back as a purchase of its own, with the terms and facts of the day that
   * the policy names. Its reward is taken off, rounded by itself.
   */
  readonly returned?: ReturnDecision;
}

/**
 * What stands of a purchase's accruals after a refund that leaves `kept` of it (amount and lines reduced;
 * amount zero when nothing is kept).
 *
 * `had` is what stood before this refund per (rule, funder). Nobody's part rises: a rule that would give
 * more on a smaller purchase, because another one leaves room under a cap, is held to what it had.
 * Nothing kept leaves nothing, in any split and under either policy.
 */
export function reevaluate(
  purchase: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  kept: Purchase,
  had: readonly AccrualDecision[],
  { before = purchase, returned }: RefundContext = {},
): Reevaluation {
  invariant(
    kept.amountMinor >= 0n && kept.amountMinor <= before.amountMinor,
    'a refund leaves between nothing and what was there before it',
  );
  const nothing = kept.amountMinor === 0n && purchase.action === undefined;
  const granted = nothing ? [] : rewardsOf(kept, facts, terms).granted;
  const after =
    returned === undefined || nothing
      ? keptOf(granted, had, kept, facts, terms)
      : had.map((accrual) => lessReturned(accrual, returned));
  const original = rewardsOf(purchase, facts, terms).granted;
  const uses = usesOf(standing(original, granted, kept, after, terms), kept, terms);
  return {
    kept: after,
    uses,
    releases: releasesOf(standingUses(purchase, facts, terms, before, had), uses),
    explanation: explain(kept, facts, terms, had, after, nothing),
  };
}

/** What counters get back: what was used before minus what is used now, in the purchase's own period; never less than nothing. */
function releasesOf(before: readonly CounterUse[], now: readonly CounterUse[]): CounterUse[] {
  return before.flatMap((use) => {
    const left = now.find(({ stored, period }) => stored === use.stored && period === use.period)?.amount ?? 0n;
    return use.amount > left ? [{ ...use, amount: use.amount - left }] : [];
  });
}

/** What a purchase uses of its counters while `kept` of it is kept and `stands` is what its accruals still are. */
export function standingUses(
  purchase: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  kept: Purchase,
  stands: readonly AccrualDecision[],
): CounterUse[] {
  if (kept.amountMinor === 0n && kept.action === undefined) return [];
  const original = rewardsOf(purchase, facts, terms).granted;
  const now = kept === purchase ? original : rewardsOf(kept, facts, terms).granted;
  return usesOf(standing(original, now, kept, stands, terms), kept, terms);
}

/**
 * Each rule's kept units over its funders, each within what it had.
 *
 * On a smaller purchase another rule of a group may win than before. Nobody pays for what was not theirs, so what
 * such a rule would give is left to the one that had won: up to what that one had. The same holds for what an
 * exclusive group silenced and no longer does.
 */
function keptOf(
  granted: readonly Granted[],
  had: readonly AccrualDecision[],
  kept: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
): AccrualDecision[] {
  const index = indexOf(terms);
  const hadOf = new Map<string, bigint>();
  for (const { ruleCode, units } of had) hadOf.set(ruleCode, (hadOf.get(ruleCode) ?? 0n) + units);
  const due = new Map<string, bigint>();
  const strangers: Granted[] = [];
  for (const each of granted) {
    const { code } = each.compiled.rule;
    if (hadOf.has(code)) due.set(code, (due.get(code) ?? 0n) + each.units);
    else strangers.push(each);
  }
  for (const { compiled, units } of strangers) {
    let left = units;
    for (const [code, most] of hadOf) {
      const group = index.rule(code)?.group;
      const stoodFor =
        group === compiled.group ? group.mode === 'BEST_OF' || group.mode === 'EXCLUSIVE' : group?.mode === 'EXCLUSIVE';
      const room = most - (due.get(code) ?? 0n);
      if (!stoodFor || room <= 0n || left === 0n) continue;
      const given = room < left ? room : left;
      due.set(code, (due.get(code) ?? 0n) + given);
      left -= given;
    }
  }
  const parts = new Map<string, ReadonlyMap<number, bigint>>();
  for (const ruleCode of hadOf.keys()) {
    const limits = had.filter((accrual) => accrual.ruleCode === ruleCode);
    const rule = index.rule(ruleCode)?.rule;
    const funders = rule === undefined ? undefined : fundersOf(rule.funding, kept, facts);
    const units = due.get(ruleCode) ?? 0n;
    parts.set(ruleCode, funders === undefined || isGap(funders) ? new Map() : keptParts(units, funders, limits));
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

/**
 * The rewards of the first decision as they count now: what stands of each rule, first where it would be earned
 * on what is kept, and the spend that is still there. Only what was counted once is ever given back.
 */
function standing(
  original: readonly Granted[],
  now: readonly Granted[],
  kept: Purchase,
  stands: readonly AccrualDecision[],
  terms: ProgrammeTerms,
): Counted[] {
  const left = new Map<CompiledRule, bigint>();
  const take = (compiled: CompiledRule, most: bigint): bigint => {
    const room = left.get(compiled) ?? sum(stands.filter(({ ruleCode }) => ruleCode === compiled.rule.code));
    const taken = least(most, room);
    left.set(compiled, room - taken);
    return taken;
  };
  const { segments } = cut(kept, classify(kept, terms), terms);
  const baseLeft = ({ base, rule }: CompiledRule, category: string): bigint => {
    const segment = segments.find((each) => each.category === category);
    return (segment && baseOf(segment, base, rule.when.tags, kept.amountMinor)?.totalMinor) ?? 0n;
  };
  // What stands in above a cap stands on what the capped reward before it leaves.
  let above = 0n;
  const again = original.map((each) => {
    const base = each.instead === undefined ? baseLeft(each.compiled, each.category) : above;
    const spendMinor = least(each.spendMinor, base);
    above = base - spendMinor;
    const same = now.filter(({ compiled, category }) => compiled === each.compiled && category === each.category);
    const earned = same.reduce((total, { units }) => total + units, 0n);
    return { ...each, spendMinor, first: take(each.compiled, least(each.units, earned)) };
  });
  const counted: Counted[] = again.map(({ first, ...each }) => ({
    ...each,
    units: first + take(each.compiled, each.units - first),
  }));
  return [...counted, ...heldUpBy(stands, take, baseLeft, kept, terms)];
}

/**
 * What stands though the decision as it is seen now would not give it: rewards that others' purchases must not cost
 * this one are held up (domain/transactions/restate.ts), and count all the same.
 */
function heldUpBy(
  stands: readonly AccrualDecision[],
  take: (compiled: CompiledRule, most: bigint) => bigint,
  baseLeft: (compiled: CompiledRule, category: string) => bigint,
  kept: Purchase,
  terms: ProgrammeTerms,
): Counted[] {
  const { category } = classify(kept, terms);
  return stands.flatMap(({ ruleCode, units: most }) => {
    const compiled = indexOf(terms).rule(ruleCode);
    const units = compiled === undefined ? 0n : take(compiled, most);
    return compiled === undefined || units === 0n
      ? []
      : [{ compiled, category, units, spendMinor: baseLeft(compiled, category) }];
  });
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

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
