/** An exact amount of reward in steps of the unit, not in lowest terms. Numerator >= 0, denominator > 0. */
export interface Quotient {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const NOTHING: Quotient = { numerator: 0n, denominator: 1n };

export const wholeUnits = (units: bigint): Quotient => ({ numerator: units, denominator: 1n });

export const addQuotients = (a: Quotient, b: Quotient): Quotient =>
  a.denominator === b.denominator
    ? { numerator: a.numerator + b.numerator, denominator: a.denominator }
    : {
        numerator: a.numerator * b.denominator + b.numerator * a.denominator,
        denominator: a.denominator * b.denominator,
      };

/** Negative, zero or positive, as a is less than, equal to or greater than b. */
export function compareQuotients(a: Quotient, b: Quotient): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The whole steps in it. */
export const floorOf = ({ numerator, denominator }: Quotient): bigint => numerator / denominator;
