import type { FixedEffect } from '../model.js';
import type { CompiledEffect } from './effect.js';
import { wholeUnits } from './quotient.js';

/** The same units whatever is spent; once for every mark that the purchase reaches (`times`, 1 without marks). */
export const promiseOfFixed =
  ({ units }: FixedEffect): CompiledEffect =>
  ({ times }) =>
    wholeUnits(units * times);
