import type { Rate } from '../../money/rate.js';
import type { RateRule } from '../model.js';

/** A rate rule pays the same share of every purchase it covers. */
export const rateOfRateRule = (rule: RateRule): Rate => rule.rate;
