/**
 * What a rule promises before rounding, stacking and caps: one case per kind of effect, one file per kind.
 * A new kind is a new member of `Effect`, a file here and a case in the two functions below.
 */
import type { Rate } from '../../money/rate.js';
import type { Effect } from '../model.js';
import { promiseOfBands } from './bands.js';
import { promiseOfFixed } from './fixed.js';
import { valuesOfMultiplier } from './multiplier.js';
import { promiseOfPerItem } from './per-item.js';
import type { Quotient } from './quotient.js';
import { promiseOfRate, valuesOfRate } from './rate.js';
import { promiseOfStep } from './step.js';
import { promiseOfMatrix, valuesOfMatrix } from './tier-category-matrix.js';

/** What an effect looks at. */
export interface Measure {
  /** The base after rounding of the spend, minor units. */
  readonly spendMinor: bigint;
  readonly items: number;
  readonly tier: string;
  readonly category: string;
  /** Marks of `when.reaches` that this purchase reaches; 1 without one. */
  readonly times: bigint;
}

/** Exact steps of the unit for a measure. Total: never throws on valid terms. */
export type CompiledEffect = (measure: Measure) => Quotient;

/**
 * The effect compiled, once per terms. `priceMinor` is what one step is worth. Undefined for a multiplier, which
 * looks at another rule (offer.ts).
 */
export function compileEffect(effect: Effect, priceMinor: Rate): CompiledEffect | undefined {
  switch (effect.kind) {
    case 'RATE':
      return promiseOfRate(effect, priceMinor);
    case 'TIER_CATEGORY_MATRIX':
      return promiseOfMatrix(effect, priceMinor);
    case 'STEP':
      return promiseOfStep(effect);
    case 'FIXED':
      return promiseOfFixed(effect);
    case 'PER_ITEM':
      return promiseOfPerItem(effect);
    case 'BANDS':
      return promiseOfBands(effect, priceMinor);
    case 'MULTIPLIER':
      return undefined;
  }
}

/** The numbers of the effect itself, for the explanation, which adds the amounts to them. */
export function valuesOf(effect: Effect, measure: Measure): Record<string, string> {
  switch (effect.kind) {
    case 'RATE':
      return valuesOfRate(effect);
    case 'TIER_CATEGORY_MATRIX':
      return valuesOfMatrix(effect, measure);
    case 'MULTIPLIER':
      return valuesOfMultiplier(effect);
    case 'FIXED':
      return { times: measure.times.toString() };
    case 'PER_ITEM':
      return { items: String(measure.items) };
    case 'STEP':
    case 'BANDS':
      return {};
  }
}
