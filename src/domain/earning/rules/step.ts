import type { StepEffect } from '../model.js';
import type { Measure } from './effect.js';
import { type Quotient, wholeUnits } from './quotient.js';

/** `units` for every full `everyMinor`: 1 per full 100 gives nothing on 99 and 9 on 999. */
export const promiseOfStep = ({ units, everyMinor }: StepEffect, { spendMinor }: Measure): Quotient =>
  wholeUnits((spendMinor / everyMinor) * units);
