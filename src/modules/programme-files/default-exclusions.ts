/**
 * What earns nothing unless a programme says otherwise: cash, quasi-cash, transfers, securities, rent and
 * gambling, where a reward would pay for moving money in a circle.
 */
import type { Exclusion } from '../../domain/earning/model.js';

const only = (code: string, reason: string): Exclusion => ({ first: code, last: code, reason });
const range = (first: string, last: string, reason: string): Exclusion => ({ first, last, reason });

export const DEFAULT_EXCLUSIONS: readonly Exclusion[] = [
  only('4829', 'money transfer'),
  range('6010', '6012', 'cash and financial institutions'),
  range('6050', '6051', 'quasi-cash'),
  only('6211', 'securities'),
  only('6513', 'rent'),
  range('6529', '6534', 'stored value and money transfer'),
  range('6536', '6538', 'money transfer between cards'),
  only('6540', 'funding of a card or wallet'),
  range('7800', '7802', 'lotteries and betting'),
  only('7995', 'gambling'),
];
