/**
 * Baskets: what a purchase consists of, and what is left of it when something goes back.
 *
 * GOODS, FREIGHT, FEE and TAX lines add up to the amount. DISCOUNT and REDEMPTION lines say how much of it was
 * not paid in money; they shrink with what they were given for.
 */
import { type BasketLine, LINE_KINDS } from '../earning/model.js';
import { invariant } from '../kernel/invariant.js';
import { fail, ok, type Result } from '../kernel/result.js';

/** A line as the partner sends it: with a reference when a refund is to name it. */
export interface NamedLine extends BasketLine {
  readonly reference?: string;
}

/** A line, or a part of one, that goes back. */
export interface ReturnedLine {
  readonly reference: string;
  readonly amountMinor: bigint;
  /** Items that go back; as many as the amount pays for in whole when absent. */
  readonly quantity?: number;
}

export const MAX_LINES = 200;
const MAX_QUANTITY = 1_000_000;
const MAX_TAGS = 20;
const TAG = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const isSold = ({ kind }: BasketLine): boolean => kind !== 'DISCOUNT' && kind !== 'REDEMPTION';

type BasketErrorCode = 'MALFORMED_LINE' | 'TOO_MANY_LINES' | 'BASKET_DOES_NOT_ADD_UP';

/** What is wrong with a basket for `amountMinor`, the first fault in this order. */
export function checkBasket(lines: readonly NamedLine[], amountMinor: bigint): Result<undefined, BasketErrorCode> {
  if (lines.length === 0 || lines.length > MAX_LINES) {
    return fail(
      'TOO_MANY_LINES',
      `A basket has 1 to ${MAX_LINES} lines; leave them out or put some together.`,
      'lines',
    );
  }
  const references = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const why = faultOf(line, references);
    if (why !== undefined) return fail('MALFORMED_LINE', why, `lines.${index}`);
  }
  const sold = sumOf(lines.filter(isSold));
  if (sold !== amountMinor) {
    return fail(
      'BASKET_DOES_NOT_ADD_UP',
      'GOODS, FREIGHT, FEE and TAX lines together must be the amount; discounts and redemptions are not taken off it.',
      'lines',
    );
  }
  if (sumOf(lines.filter((line) => !isSold(line))) > amountMinor) {
    return fail('BASKET_DOES_NOT_ADD_UP', 'Discounts and redemptions are more than was bought.', 'lines');
  }
  return ok(undefined);
}

function faultOf(line: NamedLine, references: Set<string>): string | undefined {
  if (!LINE_KINDS.includes(line.kind)) return `A line is one of ${LINE_KINDS.join(', ')}.`;
  if (line.amountMinor <= 0n)
    return 'The amount of a line must be above zero; its kind says in which direction it counts.';
  if (!Number.isInteger(line.quantity) || line.quantity < 1 || line.quantity > MAX_QUANTITY)
    return 'The quantity of a line is a whole number from 1 on; send what is weighed as one.';
  if (line.tags.length > MAX_TAGS || line.tags.some((tag) => !TAG.test(tag)))
    return `A line has at most ${MAX_TAGS} tags: codes of small letters, digits, dots and dashes.`;
  if (line.reference === undefined) return undefined;
  if (line.reference.length === 0 || line.reference.length > 64)
    return 'The reference of a line is 1 to 64 characters.';
  if (references.has(line.reference))
    return `Two lines have the reference "${line.reference}"; a refund could not tell them apart.`;
  references.add(line.reference);
  return undefined;
}

/** What is wrong with the lines that a refund names, given what is left of the basket. */
export function checkReturn(
  returned: readonly ReturnedLine[],
  left: readonly NamedLine[] | undefined,
): Result<undefined, 'UNKNOWN_LINE' | 'REFUND_LARGER_THAN_PURCHASE'> {
  for (const [index, { reference, amountMinor }] of returned.entries()) {
    const line = left?.find((known) => known.reference === reference);
    if (line === undefined) {
      return fail(
        'UNKNOWN_LINE',
        `Nothing is left of a line "${reference}" of this purchase; name another or leave the lines out.`,
        `returned.${index}.reference`,
      );
    }
    if (amountMinor > line.amountMinor) {
      return fail(
        'REFUND_LARGER_THAN_PURCHASE',
        `More goes back than is left of the line "${reference}".`,
        `returned.${index}.amount`,
      );
    }
  }
  return ok(undefined);
}

/**
 * The basket after `returned` lines went back. What they do not account for (a line that is not there, or too
 * small) is spread over the rest, so that the basket always adds up to `keptMinor`.
 */
export function withoutLines(
  lines: readonly NamedLine[],
  returned: readonly ReturnedLine[],
  keptMinor: bigint,
): readonly NamedLine[] {
  const soldBefore = sumOf(lines.filter(isSold));
  const left = lines.map((line) => ({ ...line }));
  for (const { reference, amountMinor, quantity } of returned) {
    const line = left.find((known) => known.reference === reference);
    if (line === undefined) continue;
    const taken = amountMinor < line.amountMinor ? amountMinor : line.amountMinor;
    const before = line.amountMinor;
    line.amountMinor -= taken;
    line.quantity =
      quantity === undefined ? itemsOf(line.quantity, line.amountMinor, before) : Math.max(line.quantity - quantity, 1);
  }
  const sold = left.filter((line) => isSold(line) && line.amountMinor > 0n);
  const rest = scaled(sold, keptMinor);
  return [...rest, ...allowances(lines, soldBefore, keptMinor)];
}

/** The basket when only `keptMinor` of its amount is kept and nobody says of what: every line shrinks alike. */
export function scaleLines(lines: readonly NamedLine[], keptMinor: bigint): readonly NamedLine[] {
  const sold = lines.filter(isSold);
  const before = sumOf(sold);
  if (before === keptMinor) return lines;
  return [...scaled(sold, keptMinor), ...allowances(lines, before, keptMinor)];
}

function scaled(lines: readonly NamedLine[], toMinor: bigint): NamedLine[] {
  if (sumOf(lines) === toMinor) return [...lines];
  const parts = proRata(
    toMinor,
    lines.map((line) => line.amountMinor),
  );
  return lines.flatMap((line, index) => {
    const amountMinor = parts[index] as bigint;
    return amountMinor === 0n
      ? []
      : [{ ...line, amountMinor, quantity: itemsOf(line.quantity, amountMinor, line.amountMinor) }];
  });
}

/** Discounts and redemptions of what is kept: their share of it, the remainder in the member's favour. */
function allowances(lines: readonly NamedLine[], beforeMinor: bigint, keptMinor: bigint): NamedLine[] {
  const given = lines.filter((line) => !isSold(line));
  if (given.length === 0 || beforeMinor === 0n) return [];
  return scaled(given, keptMinor >= beforeMinor ? sumOf(given) : (sumOf(given) * keptMinor) / beforeMinor);
}

/** Items that are still there: an item has gone when all of its price has. */
function itemsOf(quantity: number, keptMinor: bigint, ofMinor: bigint): number {
  if (keptMinor >= ofMinor) return quantity;
  return Number((BigInt(quantity) * keptMinor + ofMinor - 1n) / ofMinor);
}

const sumOf = (lines: readonly BasketLine[]): bigint => lines.reduce((sum, line) => sum + line.amountMinor, 0n);

/** Splits by weight: floor each, then one by one to the largest remainders, ties in the order given. */
export function proRata(amount: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) {
    invariant(amount === 0n, 'nothing carries the amount');
    return weights.map(() => 0n);
  }
  const parts = weights.map((weight) => (amount * weight) / total);
  let left = amount - parts.reduce((sum, part) => sum + part, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % total }))
    .sort((a, b) => (b.remainder > a.remainder ? 1 : b.remainder < a.remainder ? -1 : a.index - b.index));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = (parts[index] as bigint) + 1n;
    left -= 1n;
  }
  return parts;
}
