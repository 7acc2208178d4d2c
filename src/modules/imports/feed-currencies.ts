/** Currencies a feed may name: those of today and those that were money when the purchase was made. */
import { currencyScale, isCurrencyCode } from '../../domain/money/currency.js';

/** Withdrawn since 2010 (ISO 4217 list three), with their decimals: older than that no feed reaches. */
const WITHDRAWN: Readonly<Record<string, number>> = {
  ANG: 2,
  BGN: 2,
  BYR: 0,
  CUC: 2,
  EEK: 2,
  HRK: 2,
  LTL: 2,
  LVL: 2,
  MRO: 2,
  SLL: 2,
  STD: 2,
  VEF: 2,
  ZMK: 2,
  ZWL: 2,
};

/** Decimals of a currency of today or of then; undefined for what never was one. */
export const scaleThen = (code: string): number | undefined =>
  isCurrencyCode(code) ? currencyScale(code) : WITHDRAWN[code];
