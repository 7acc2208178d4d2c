import { formatRate, ONE, type Rate, rate, ZERO_RATE } from '../../money/rate.js';
import type { MultiplierEffect } from '../model.js';
import type { Quotient } from './quotient.js';

/** How often the multiplied rule's own reward is paid: `by` times, or what lies above once when it pays beside it. */
export function factorOf({ by, pays }: MultiplierEffect): Rate {
  if (pays === 'WHOLE') return by;
  return by.numerator > by.denominator ? rate(by.numerator - by.denominator, by.denominator) : ZERO_RATE;
}

export const times = (promise: Quotient, factor: Rate): Quotient => ({
  numerator: promise.numerator * factor.numerator,
  denominator: promise.denominator * factor.denominator,
});

/**
 * Multipliers of one group multiply: twice and three times are six times. Each pays what it adds to the
 * product of those before it; in the order of their codes, so that the order in the file is of no matter.
 */
export function productFactors(effects: readonly MultiplierEffect[]): Rate[] {
  let before = ONE;
  return effects.map(({ by, pays }, index) => {
    const after = rate(before.numerator * by.numerator, before.denominator * by.denominator);
    const least = index === 0 && pays === 'WHOLE' ? ZERO_RATE : before;
    const numerator = after.numerator * least.denominator - least.numerator * after.denominator;
    before = after;
    return numerator > 0n ? rate(numerator, after.denominator * least.denominator) : ZERO_RATE;
  });
}

export const valuesOfMultiplier = ({ of, by }: MultiplierEffect): Record<string, string> => ({
  of,
  by: formatRate(by),
});
