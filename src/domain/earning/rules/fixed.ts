import type { FixedEffect } from '../model.js';
import type { Measure } from './effect.js';
import { type Quotient, wholeUnits } from './quotient.js';

/** The same units whatever is spent; once for every mark that the purchase reaches (`times`, 1 without marks). */
export const promiseOfFixed = ({ units }: FixedEffect, { times }: Measure): Quotient => wholeUnits(units * times);
