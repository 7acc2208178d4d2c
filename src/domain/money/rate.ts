/**
 * Exact rationals for every rate, share and price. Numerator >= 0, denominator > 0, lowest terms.
 *
 * Rates never become floating point and never "basis points in a number" (HOUSE): 1/3 stays 1/3.
 */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** numerator / denominator in lowest terms. Throws RangeError when negative or divided by zero. */
export function rate(numerator: bigint, denominator: bigint = 1n): Rate {
  if (numerator < 0n || denominator <= 0n) throw new RangeError(`Not a rate: ${numerator}/${denominator}`);
  const divisor = gcd(numerator, denominator) || 1n;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export const ZERO_RATE: Rate = rate(0n);
export const ONE: Rate = rate(1n);

const DECIMAL = /^(\d{1,18})(?:\.(\d{1,18}))?\s*(%?)$/;
const FRACTION = /^(\d{1,18})\s*\/\s*(\d{1,18})$/;

/** Reads "5%", "33.33 %", "0.05" or "1/3"; undefined when it is none of these. */
export function parseRate(text: string): Rate | undefined {
  const trimmed = text.trim();
  const fraction = FRACTION.exec(trimmed);
  if (fraction) {
    const denominator = BigInt(fraction[2] as string);
    return denominator === 0n ? undefined : rate(BigInt(fraction[1] as string), denominator);
  }
  const decimal = DECIMAL.exec(trimmed);
  if (!decimal) return undefined;
  const digits = decimal[2] ?? '';
  const scale = 10n ** BigInt(digits.length) * (decimal[3] === '%' ? 100n : 1n);
  return rate(BigInt(`${decimal[1]}${digits}`), scale);
}

/** Canonical text "n/d": what the database stores. */
export const formatRate = (value: Rate): string => `${value.numerator}/${value.denominator}`;

/** For people: "5 %", "33.33 %"; a fraction that no percentage writes exactly stays "1/3". */
export function describeRate(value: Rate): string {
  let { numerator, denominator } = rate(value.numerator * 100n, value.denominator);
  let decimals = 0;
  while (denominator !== 1n && decimals < 6) {
    ({ numerator, denominator } = rate(numerator * 10n, denominator));
    decimals += 1;
  }
  if (denominator !== 1n) return `${value.numerator}/${value.denominator}`;
  const digits = numerator.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return decimals === 0 ? `${whole} %` : `${whole}.${digits.slice(digits.length - decimals)} %`;
}

export const addRates = (a: Rate, b: Rate): Rate =>
  rate(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);

export const multiplyRates = (a: Rate, b: Rate): Rate => rate(a.numerator * b.numerator, a.denominator * b.denominator);

/** Negative, zero or positive, as a is less than, equal to or greater than b. */
export function compareRates(a: Rate, b: Rate): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
