import type { StepEffect } from '../model.js';
import type { CompiledEffect } from './effect.js';
import { wholeUnits } from './quotient.js';

/** `units` for every full `everyMinor`: 1 per full 100 gives nothing on 99 and 9 on 999. */
export const promiseOfStep =
  ({ units, everyMinor }: StepEffect): CompiledEffect =>
  ({ spendMinor }) =>
    wholeUnits((spendMinor / everyMinor) * units);
