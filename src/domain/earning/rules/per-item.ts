import type { PerItemEffect } from '../model.js';
import type { Measure } from './effect.js';
import { type Quotient, wholeUnits } from './quotient.js';

/** `units` for every item of the lines that are covered. */
export const promiseOfPerItem = ({ units }: PerItemEffect, { items }: Measure): Quotient =>
  wholeUnits(units * BigInt(items));
