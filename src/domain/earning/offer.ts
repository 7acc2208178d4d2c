/**
 * What one rule offers on one segment of a purchase: its base, the exact reward, and the reward as an
 * integer, before stacking and caps.
 */
import type { Rate } from '../money/rate.js';
import { divideRounded } from '../money/rounding.js';
import { accumulationOf, type CapRoom } from './caps.js';
import type { Funder } from './funding.js';
import type { Cap, EarningFacts, ProgrammeTerms, Purchase, RewardRounding } from './model.js';
import { type Measure, promiseOf } from './rules/effect.js';
import { factorOf, times as multipliedBy } from './rules/multiplier.js';
import { NOTHING, type Quotient, wholeUnits } from './rules/quotient.js';
import type { Segment, SegmentBase } from './segments.js';
import type { Candidate } from './stacking.js';
import { type CompiledRule, indexOf } from './terms-index.js';

export interface Offer extends Candidate {
  readonly category: string;
  /** The rule's base on the segment that earns by it: what a cap on spend leaves of it, minor units. */
  readonly spendMinor: bigint;
  readonly items: number;
  readonly times: bigint;
  /** The exact reward; where every line or the whole period is rounded, the sum of what was rounded. */
  readonly exact: Quotient;
  /** After rounding, before caps. */
  readonly units: bigint;
  readonly funders: readonly Funder[];
  /** A cap on spend that left less than the whole base, with what it withheld in units. */
  readonly limit?: { readonly cap: Cap; readonly leftMinor: bigint; readonly units: bigint };
  /** What lies above that cap and earns by another rule instead. */
  readonly over?: Offer;
  /** The factor of a multiplier that multiplies with others. */
  readonly factor?: Rate;
}

/** What all offers of one decision share. */
export interface Situation {
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
  readonly terms: ProgrammeTerms;
  readonly segments: readonly Segment[];
  readonly room: CapRoom;
}

/** Where an offer is made: a segment, or the whole purchase. */
export interface Place {
  readonly category: string;
  readonly segmentNo: number | undefined;
}

/**
 * The exact reward of a rule on a base, and rounded. A multiplier asks `exactOf` for the reward of the rule
 * it multiplies. Spend is rounded first, then the reward; rounding per line happens line by line; a rule that
 * accumulates earns the difference that this base makes to the whole period.
 */
export function reward(
  compiled: CompiledRule,
  base: SegmentBase,
  place: Place,
  times: bigint,
  { facts, terms }: Situation,
  exactOf: (rule: CompiledRule, base: SegmentBase) => Quotient,
  factor?: Rate,
): { readonly exact: Quotient; readonly units: bigint } {
  const { rule, rounding } = compiled;
  const { effect } = rule;
  const promise = (spendMinor: bigint, items: number): Quotient => {
    if (effect.kind === 'MULTIPLIER') {
      const multiplied = indexOf(terms).rule(effect.of);
      if (multiplied === undefined) return NOTHING;
      return multipliedBy(
        exactOf(multiplied, { totalMinor: spendMinor, items, linesMinor: [spendMinor] }),
        factor ?? factorOf(effect),
      );
    }
    const measure: Measure = {
      spendMinor: roundedSpend(spendMinor, rounding),
      items,
      tier: facts.tier,
      category: place.category,
      times,
    };
    return promiseOf(effect, measure, terms.unit.priceMinor);
  };
  if (rule.accumulate !== undefined && rule.accumulate !== 'TRANSACTION') {
    const before = facts.used[accumulationOf(rule.code)] ?? 0n;
    const units =
      roundedUnits(promise(before + base.totalMinor, base.items), rounding) -
      roundedUnits(promise(before, 0), rounding);
    return { exact: wholeUnits(units), units };
  }
  if (rounding.per === 'LINE' && base.linesMinor.length > 1 && effect.kind !== 'PER_ITEM' && effect.kind !== 'FIXED') {
    const units = base.linesMinor.reduce((sum, line) => sum + roundedUnits(promise(line, 0), rounding), 0n);
    return { exact: wholeUnits(units), units };
  }
  const exact = promise(base.totalMinor, base.items);
  return { exact, units: roundedUnits(exact, rounding) };
}

const roundedSpend = (spendMinor: bigint, { spend }: RewardRounding): bigint =>
  spend === undefined ? spendMinor : divideRounded(spendMinor, spend.toMinor, spend.mode) * spend.toMinor;

/** To a whole multiple of the rounding's step. Where all rules are rounded together this is only what an offer is worth. */
export const roundedUnits = ({ numerator, denominator }: Quotient, { mode, step, per }: RewardRounding): bigint =>
  divideRounded(numerator, denominator * step, per === 'TRANSACTION' ? 'FLOOR' : mode) * step;
