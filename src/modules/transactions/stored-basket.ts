/** Baskets and shortfalls as they are stored: short keys, because a transaction keeps them for ever. */
import type { Evaluation, LINE_KINDS, Shortfall } from '../../domain/earning/model.js';
import type { NamedLine } from '../../domain/transactions/basket.js';

/** kind (GOODS when absent), amount in minor units, quantity (1), tags (none), reference (none). */
export interface StoredLine {
  readonly k?: (typeof LINE_KINDS)[number];
  readonly a: string;
  readonly q?: number;
  readonly t?: readonly string[];
  readonly r?: string;
}

export const encodeLines = (lines: readonly NamedLine[]): StoredLine[] =>
  lines.map(({ kind, amountMinor, quantity, tags, reference }) => ({
    ...(kind !== 'GOODS' && { k: kind }),
    a: amountMinor.toString(),
    ...(quantity !== 1 && { q: quantity }),
    ...(tags.length > 0 && { t: tags }),
    ...(reference !== undefined && { r: reference }),
  }));

export const decodeLines = (lines: readonly StoredLine[]): NamedLine[] =>
  lines.map(({ k, a, q, t, r }) => ({
    kind: k ?? 'GOODS',
    amountMinor: BigInt(a),
    quantity: q ?? 1,
    tags: t ?? [],
    ...(r !== undefined && { reference: r }),
  }));

/** rule, cap, because of, units */
export interface StoredShortfall {
  readonly r: string;
  readonly c: string;
  readonly b: Shortfall['because'];
  readonly u: string;
}

/** Null when nothing was withheld. */
export const shortfallsOf = ({ shortfalls }: Evaluation): StoredShortfall[] | null =>
  shortfalls.length === 0
    ? null
    : shortfalls.map(({ ruleCode, capCode, because, units }) => ({
        r: ruleCode,
        c: capCode,
        b: because,
        u: units.toString(),
      }));
