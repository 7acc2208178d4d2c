/**
 * What one rule offers on one part of a purchase: its base under caps on spend, the exact reward, and the reward
 * as an integer, before stacking and caps on reward.
 */
import type { Rate } from '../money/rate.js';
import { divideRounded } from '../money/rounding.js';
import { accumulationOf, type CapRoom } from './caps.js';
import { type Funder, type FundingGap, fundersOf, isGap } from './funding.js';
import type { Cap, EarningFacts, MultiplierEffect, ProgrammeTerms, Purchase, RewardRounding } from './model.js';
import { factorOf, times as multipliedBy } from './rules/multiplier.js';
import { NOTHING, type Quotient, wholeUnits } from './rules/quotient.js';
import type { SegmentBase } from './segments.js';
import type { Candidate } from './stacking.js';
import { type CompiledCap, type CompiledRule, indexOf } from './terms-index.js';

export interface Offer extends Candidate {
  readonly category: string;
  /** The rule's base here that earns by it: what a cap on spend leaves of it, minor units. */
  readonly spendMinor: bigint;
  readonly items: number;
  readonly times: bigint;
  /** The exact reward; where every line or the whole period is rounded, the sum of what was rounded. */
  readonly exact: Quotient;
  /** After rounding, before caps. */
  readonly units: bigint;
  readonly funders: readonly Funder[];
  /** A cap on spend that left less than the whole base, with what it withheld in units. */
  readonly limit: SpendLimit | undefined;
  /** What lies above that cap and earns by another rule instead. */
  readonly over: Offer | undefined;
  /** The factor of a multiplier that multiplies with others. */
  readonly factor: Rate | undefined;
}

export interface SpendLimit {
  readonly cap: Cap;
  readonly leftMinor: bigint;
  readonly units: bigint;
}

/** How an offer is made: for which segment (none for a fixed reward of several), how often, paid by whom. */
export interface Making {
  readonly category: string;
  readonly segmentNo: number | undefined;
  readonly times: bigint;
  readonly funders: readonly Funder[];
  readonly factor?: Rate;
  /** Spend that earlier segments of the same rule have taken from each cap, by its number. */
  readonly spent?: Map<number, bigint>;
  /** Spend of earlier segments that a rule which accumulates has added already. */
  readonly earlierMinor?: bigint;
  /** The cap above which this offer stands in: nothing is left under that one. */
  readonly above?: Cap;
}

/** Makes the offers of one decision. */
export class Offers {
  private readonly funders: (readonly Funder[] | FundingGap | undefined)[] = [];

  constructor(
    private readonly purchase: Purchase,
    private readonly facts: EarningFacts,
    private readonly terms: ProgrammeTerms,
    private readonly room: CapRoom,
  ) {}

  /** Rules of one funding share their funders. */
  fundersOf({ rule, fundingNo }: CompiledRule): readonly Funder[] | FundingGap {
    let funders = this.funders[fundingNo];
    if (funders === undefined) {
      funders = fundersOf(rule.funding, this.purchase, this.facts);
      this.funders[fundingNo] = funders;
    }
    return funders;
  }

  make(compiled: CompiledRule, base: SegmentBase, making: Making): Offer {
    const { spend } = compiled.capsBy(making.category);
    const limit = spend.length === 0 ? undefined : this.spendLimit(spend, base.totalMinor, making);
    if (limit === undefined) return this.plain(compiled, base, making, undefined, undefined);
    const counted = narrowed(base, limit.left);
    const withheld = this.rewardOf(compiled, base, making).units - this.rewardOf(compiled, counted, making).units;
    const over =
      making.above === undefined
        ? this.above(limit.cap, base.totalMinor - counted.totalMinor, making.category, making.segmentNo)
        : undefined;
    return this.plain(compiled, counted, making, { cap: limit.cap, leftMinor: limit.left, units: withheld }, over);
  }

  /** A multiplier's offer again, with the factor that its group leaves it. */
  multiplied({ compiled, spendMinor, items, ...offer }: Offer, factor: Rate): Offer {
    const base = { totalMinor: spendMinor, items, linesMinor: [spendMinor] };
    return this.plain(compiled, base, { ...offer, factor }, offer.limit, offer.over);
  }

  /** What lies above a cap, by the rule that stands in; nothing when that rule does not hold here. */
  above(cap: Cap, spendMinor: bigint, category: string, segmentNo: number | undefined): Offer | undefined {
    const instead = cap.over === undefined ? undefined : indexOf(this.terms).rule(cap.over);
    if (instead === undefined || spendMinor === 0n || !this.holds(instead, category)) return undefined;
    const funders = this.fundersOf(instead);
    if (isGap(funders)) return undefined;
    const base = { totalMinor: spendMinor, items: 0, linesMinor: [spendMinor] };
    const offer = this.make(instead, base, { category, segmentNo, times: 1n, funders, above: cap });
    return offer.units > 0n ? offer : undefined;
  }

  private plain(
    compiled: CompiledRule,
    base: SegmentBase,
    making: Making,
    limit: SpendLimit | undefined,
    over: Offer | undefined,
  ): Offer {
    const { exact, units } = this.rewardOf(compiled, base, making);
    return {
      compiled,
      category: making.category,
      segmentNo: making.segmentNo,
      spendMinor: base.totalMinor,
      items: base.items,
      times: making.times,
      exact,
      units,
      worthUnits: over === undefined ? units : units + over.units,
      funders: making.funders,
      limit,
      over,
      factor: making.factor,
    };
  }

  /** The tightest cap on spend that leaves less than the whole base. The segments of a purchase share its room. */
  private spendLimit(
    caps: readonly CompiledCap[],
    spendMinor: bigint,
    { spent, above }: Making,
  ): { readonly cap: Cap; readonly left: bigint } | undefined {
    let tightest: { readonly cap: Cap; readonly left: bigint } | undefined;
    const binding = caps.filter((each) => this.room.binds(each));
    for (const each of binding) {
      const room = each.cap === above ? 0n : this.room.leftOf(each) - (spent?.get(each.no) ?? 0n);
      const left = room > 0n ? room : 0n;
      if (left < spendMinor && (tightest === undefined || left < tightest.left)) tightest = { cap: each.cap, left };
    }
    const counted = tightest === undefined ? spendMinor : tightest.left;
    for (const { no } of binding) spent?.set(no, (spent.get(no) ?? 0n) + counted);
    return tightest;
  }

  /**
   * The reward on a base, exact and rounded. Spend is rounded first, then the reward; rounding per line happens
   * line by line; a rule that accumulates earns the difference that this base makes to the whole period.
   */
  private rewardOf(
    compiled: CompiledRule,
    base: SegmentBase,
    making: Making,
  ): { readonly exact: Quotient; readonly units: bigint } {
    const { rule, rounding } = compiled;
    if (rule.accumulate !== undefined && rule.accumulate !== 'TRANSACTION') {
      const before = (this.facts.used[accumulationOf(rule.code)] ?? 0n) + (making.earlierMinor ?? 0n);
      const units =
        roundedUnits(this.exactOf(compiled, before + base.totalMinor, base.items, making), rounding) -
        roundedUnits(this.exactOf(compiled, before, 0, making), rounding);
      return { exact: wholeUnits(units), units };
    }
    const { kind } = rule.effect;
    if (rounding.per === 'LINE' && base.linesMinor.length > 1 && kind !== 'PER_ITEM' && kind !== 'FIXED') {
      let units = 0n;
      for (const line of base.linesMinor) units += roundedUnits(this.exactOf(compiled, line, 0, making), rounding);
      return { exact: wholeUnits(units), units };
    }
    const exact = this.exactOf(compiled, base.totalMinor, base.items, making);
    return { exact, units: roundedUnits(exact, rounding) };
  }

  private exactOf(compiled: CompiledRule, spendMinor: bigint, items: number, making: Making): Quotient {
    const { promise, rounding } = compiled;
    if (promise === undefined) {
      const multiplied = compiled.multiplied();
      if (multiplied === undefined || !this.holds(multiplied, making.category)) return NOTHING;
      const factor = making.factor ?? factorOf(compiled.rule.effect as MultiplierEffect);
      return multipliedBy(this.exactOf(multiplied, spendMinor, items, making), factor);
    }
    return promise({
      spendMinor: rounding.spend === undefined ? spendMinor : roundedSpend(spendMinor, rounding.spend),
      items,
      tier: this.facts.tier,
      category: making.category,
      times: making.times,
    });
  }

  /** Whether a rule that another one leans on holds itself. */
  private holds(compiled: CompiledRule, category: string): boolean {
    const { purchase, facts, terms } = this;
    return (
      indexOf(terms).rulesFor(purchase, category).rules.includes(compiled) &&
      isChosen(compiled, category, facts) &&
      compiled.checks.every((check) => check(purchase, facts) === undefined)
    );
  }
}

/** Whether the member has chosen the category, where the rule asks for it. */
export function isChosen({ rule }: CompiledRule, category: string, { chosen }: EarningFacts): boolean {
  const choice = rule.when.chosen;
  return choice === undefined || chosen?.[choice]?.includes(category) === true;
}

/** The first `leftMinor` of a base; lines keep their order. */
function narrowed({ items, linesMinor }: SegmentBase, leftMinor: bigint): SegmentBase {
  let left = leftMinor;
  const lines = linesMinor.map((line) => {
    const counted = line < left ? line : left;
    left -= counted;
    return counted;
  });
  return { totalMinor: leftMinor, items, linesMinor: lines };
}

const roundedSpend = (spendMinor: bigint, { toMinor, mode }: NonNullable<RewardRounding['spend']>): bigint =>
  divideRounded(spendMinor, toMinor, mode) * toMinor;

/** To a whole multiple of the rounding's step. Where all rules are rounded together this is only what an offer is worth. */
export function roundedUnits({ numerator, denominator }: Quotient, { mode, step, per }: RewardRounding): bigint {
  const by = per === 'TRANSACTION' ? 'FLOOR' : mode;
  return step === 1n
    ? divideRounded(numerator, denominator, by)
    : divideRounded(numerator, denominator * step, by) * step;
}
