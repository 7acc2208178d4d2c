import type { PerItemEffect } from '../model.js';
import type { CompiledEffect } from './effect.js';
import { wholeUnits } from './quotient.js';

/** `units` for every item of the lines that are covered. */
export const promiseOfPerItem =
  ({ units }: PerItemEffect): CompiledEffect =>
  ({ items }) =>
    wholeUnits(units * BigInt(items));
