/**
 * Which of the rules that hold pay: groups in order of priority, each by its mode. Pure selection; the result
 * does not depend on the order of the offers.
 */
import type { Rate } from '../money/rate.js';
import type { MultiplierEffect } from './model.js';
import { productFactors } from './rules/multiplier.js';
import { compareQuotients, type Quotient } from './rules/quotient.js';
import type { CompiledGroup, CompiledRule } from './terms-index.js';

/** What one rule would give for one segment of the purchase. */
export interface Candidate {
  readonly compiled: CompiledRule;
  /** Place of its segment, or undefined when it is about the whole purchase (a fixed reward). */
  readonly segmentNo: number | undefined;
  /** After rounding, before caps; with what is earned above a cap on spend. */
  readonly worthUnits: bigint;
  readonly exact: Quotient;
}

export interface Loser<Offer> {
  readonly offer: Offer;
  /** The rule, or the group, that pays instead. */
  readonly to: string;
}

export interface Stacked<Offer> {
  readonly winners: readonly Offer[];
  readonly losers: readonly Loser<Offer>[];
}

/**
 * `offers` in canonical order. `multiplied` gives an offer again with another factor, for groups in which
 * multipliers multiply.
 */
export function stack<Offer extends Candidate>(
  offers: readonly Offer[],
  multiplied: (offer: Offer, factor: Rate) => Offer,
): Stacked<Offer> {
  if (offers.every(({ compiled }) => compiled.group.mode === 'ADDITIVE')) return { winners: offers, losers: [] };
  const winners: Offer[] = [];
  const losers: Loser<Offer>[] = [];
  const silencers: CompiledGroup[] = [];
  for (let first = 0; first < offers.length; ) {
    const { group } = (offers[first] as Offer).compiled;
    let end = first + 1;
    while (end < offers.length && (offers[end] as Offer).compiled.group === group) end += 1;
    const ofGroup = offers.slice(first, end);
    first = end;
    const silencer = silencers.find((each) => isSilencedBy(group, each));
    if (silencer !== undefined) {
      for (const offer of ofGroup) losers.push({ offer, to: silencer.code });
      continue;
    }
    const chosen = choose(group, ofGroup, multiplied, losers);
    winners.push(...chosen);
    if (group.mode === 'EXCLUSIVE' && chosen.some(({ worthUnits }) => worthUnits > 0n)) silencers.push(group);
  }
  return { winners, losers };
}

/** Groups come in order of priority, so one that silences is met before those it silences. */
const isSilencedBy = (group: CompiledGroup, by: CompiledGroup): boolean =>
  by.silences === undefined ? group.priority < by.priority : by.silences.includes(group.code);

function choose<Offer extends Candidate>(
  group: CompiledGroup,
  offers: readonly Offer[],
  multiplied: (offer: Offer, factor: Rate) => Offer,
  losers: Loser<Offer>[],
): readonly Offer[] {
  if (group.mode === 'ADDITIVE') return offers;
  if (group.mode === 'MULTIPLICATIVE') return product(offers, multiplied);
  const best = bestOf(offers);
  for (const offer of offers) {
    if (best.includes(offer)) continue;
    const winner = best.find(({ segmentNo }) => segmentNo === offer.segmentNo) ?? best[0];
    losers.push({ offer, to: winner?.compiled.rule.code ?? group.code });
  }
  return best;
}

/** The best of each segment, or one reward for the whole purchase when that is more than all of them. */
function bestOf<Offer extends Candidate>(offers: readonly Offer[]): readonly Offer[] {
  const bySegment = new Map<number | undefined, Offer>();
  for (const offer of offers) {
    const known = bySegment.get(offer.segmentNo);
    if (known === undefined || isBetter(offer, known)) bySegment.set(offer.segmentNo, offer);
  }
  const whole = bySegment.get(undefined);
  bySegment.delete(undefined);
  const parts = [...bySegment.values()];
  if (whole === undefined) return parts;
  const [first] = parts;
  if (first === undefined) return [whole];
  if (parts.length === 1) return isBetter(whole, first) ? [whole] : parts;
  return whole.worthUnits > parts.reduce((sum, { worthUnits }) => sum + worthUnits, 0n) ? [whole] : parts;
}

/** More units; else the larger exact reward; else the newer first day; else the code. */
function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.worthUnits !== b.worthUnits) return a.worthUnits > b.worthUnits;
  const difference = compareQuotients(a.exact, b.exact);
  if (difference !== 0) return difference > 0;
  const [fromA, fromB] = [a.compiled.rule.when.from ?? '', b.compiled.rule.when.from ?? ''];
  return fromA === fromB ? a.compiled.rule.code < b.compiled.rule.code : fromA > fromB;
}

function product<Offer extends Candidate>(
  offers: readonly Offer[],
  multiplied: (offer: Offer, factor: Rate) => Offer,
): readonly Offer[] {
  return [...Map.groupBy(offers, ({ segmentNo }) => segmentNo).values()].flatMap((together) => {
    const factors = productFactors(together.map(({ compiled }) => compiled.rule.effect as MultiplierEffect));
    return together.map((offer, index) => multiplied(offer, factors[index] as Rate));
  });
}
