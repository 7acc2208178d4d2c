/** Currencies and their number of decimals, as ISO 4217 lists them. */
import { code as iso4217 } from 'currency-codes';

/** The library would take "gbp" for GBP; a code is written in capitals, so that one currency has one spelling. */
export const isCurrencyCode = (code: string): boolean => iso4217(code)?.code === code;

/** Decimals of a currency: GBP 2, JPY 0, KWD 3. Throws RangeError for an unknown code. */
export function currencyScale(code: string): number {
  const currency = iso4217(code);
  if (currency?.code !== code) throw new RangeError(`Unknown currency ${code}`);
  return currency.digits;
}

/** Integer minor units of one currency. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currencyCode: string;
}
