import type { PerItemEffect } from '../model.js';
import type { Promise } from './effect.js';
import { wholeUnits } from './quotient.js';

/** `units` for every item of the lines that are covered. */
export const promiseOfPerItem =
  ({ units }: PerItemEffect): Promise =>
  ({ items }) =>
    wholeUnits(units * BigInt(items));
