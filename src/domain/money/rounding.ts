import type { Rate } from './rate.js';

/** How an exact quotient becomes an integer. Which one applies is policy, written in the programme. */
export const ROUNDING_MODES = ['TRUNCATE', 'FLOOR', 'HALF_UP', 'HALF_EVEN'] as const;
export type RoundingMode = (typeof ROUNDING_MODES)[number];

/**
 * numerator / denominator as an integer. denominator > 0; the numerator may be negative: TRUNCATE goes
 * toward zero, FLOOR down, HALF_UP rounds a half away from zero, HALF_EVEN to the even neighbour.
 */
export function divideRounded(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  const away = numerator < 0n ? -1n : 1n;
  if (mode === 'TRUNCATE') return quotient;
  if (mode === 'FLOOR') return numerator < 0n ? quotient - 1n : quotient;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  if (twice > denominator) return quotient + away;
  if (twice < denominator) return quotient;
  if (mode === 'HALF_UP') return quotient + away;
  return quotient % 2n === 0n ? quotient : quotient + away;
}

/** amount x rate, rounded once. */
export const applyRate = (amount: bigint, by: Rate, mode: RoundingMode): bigint =>
  divideRounded(amount * by.numerator, by.denominator, mode);
