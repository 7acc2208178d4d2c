/**
 * A purchase cut by category: one segment without a basket, else one for each category that its lines have.
 * Also what a rule's base leaves out, spread over the lines.
 */
import { allocate } from '../money/allocate.js';
import { rate } from '../money/rate.js';
import { type Classification, type ClassifiedBy, categoryOfLine } from './classify.js';
import type { BasketLine, ProductExclusion, ProgrammeTerms, Purchase, RewardBase } from './model.js';
import { inForce } from './terms-index.js';

export interface Segment {
  readonly category: string;
  readonly how: ClassifiedBy;
  /** Goods that may earn; absent when the purchase has no basket and its whole amount is meant. */
  readonly goods?: readonly Goods[];
  /** Freight, fees and tax of the purchase, which belong to its first segment. */
  readonly extras: readonly BasketLine[];
}

/** A line of goods with its part of what was not paid in money. */
export interface Goods {
  readonly line: BasketLine;
  readonly redeemedMinor: bigint;
  readonly discountMinor: bigint;
}

export interface Cut {
  /** Empty when all goods are excluded. */
  readonly segments: readonly Segment[];
  /** Lines that never earn, with the reason. */
  readonly excluded: readonly { readonly line: BasketLine; readonly exclusion: ProductExclusion }[];
}

/** Cuts a purchase by the categories of its lines; the segment of its own category comes first. */
export function cut(purchase: Purchase, { category, how }: Classification, terms: ProgrammeTerms): Cut {
  const { lines } = purchase;
  if (lines === undefined || lines.length === 0) return { segments: [{ category, how, extras: NONE }], excluded: [] };
  const goods = goodsOf(lines);
  const excluded: { line: BasketLine; exclusion: ProductExclusion }[] = [];
  const byCategory = new Map<string, { how: ClassifiedBy; goods: Goods[] }>();
  for (const each of goods) {
    const exclusion = exclusionOf(each.line, purchase, terms);
    if (exclusion !== undefined) {
      excluded.push({ line: each.line, exclusion });
      continue;
    }
    const own = categoryOfLine(each.line, terms);
    const key = own ?? category;
    const segment = byCategory.get(key) ?? { how: own === undefined ? how : 'PRODUCT', goods: [] };
    segment.goods.push(each);
    byCategory.set(key, segment);
  }
  const extras = lines.filter(({ kind }) => kind === 'FREIGHT' || kind === 'FEE' || kind === 'TAX');
  const codes = [...byCategory.keys()].sort((a, b) => (a === category ? -1 : b === category ? 1 : a < b ? -1 : 1));
  const segments = codes.map((code, index): Segment => {
    const { how: by, goods: ofCategory } = byCategory.get(code) as { how: ClassifiedBy; goods: Goods[] };
    return { category: code, how: by, goods: ofCategory, extras: index === 0 ? extras : NONE };
  });
  return { segments, excluded };
}

const NONE: readonly BasketLine[] = [];

const exclusionOf = ({ tags }: BasketLine, { businessDate }: Purchase, terms: ProgrammeTerms) =>
  terms.productExclusions.find((exclusion) => tags.includes(exclusion.tag) && inForce(exclusion, businessDate));

/** Redemptions and discounts lie on the goods in proportion to their amounts, excluded ones too. */
function goodsOf(lines: readonly BasketLine[]): Goods[] {
  const goods = lines.filter(({ kind }) => kind === 'GOODS');
  const total = sum(goods);
  const spread = (amountMinor: bigint): readonly bigint[] =>
    amountMinor === 0n || total === 0n
      ? goods.map(() => 0n)
      : allocate(
          amountMinor < total ? amountMinor : total,
          goods.map((line) => rate(line.amountMinor, total)),
        );
  const redeemed = spread(sum(lines.filter(({ kind }) => kind === 'REDEMPTION')));
  const discount = spread(sum(lines.filter(({ kind }) => kind === 'DISCOUNT')));
  return goods.map((line, index) => ({
    line,
    redeemedMinor: redeemed[index] as bigint,
    discountMinor: discount[index] as bigint,
  }));
}

const sum = (lines: readonly BasketLine[]): bigint => lines.reduce((total, line) => total + line.amountMinor, 0n);

/** What a rule rewards of one segment. */
export interface SegmentBase {
  readonly totalMinor: bigint;
  readonly items: number;
  /** Amounts that are rounded by themselves where rounding is per line. */
  readonly linesMinor: readonly bigint[];
}

/**
 * A rule's base on one segment, minor units. With `tags` only the lines that carry one; freight, fees and tax
 * then stay out, because they belong to no product. Undefined when no line carries one.
 */
export function baseOf(
  segment: Segment,
  base: RewardBase,
  tags: readonly string[] | undefined,
  amountMinor: bigint,
): SegmentBase | undefined {
  if (segment.goods === undefined)
    return tags === undefined ? { totalMinor: amountMinor, items: 1, linesMinor: [amountMinor] } : undefined;
  const linesMinor: bigint[] = [];
  let items = 0;
  const { without } = base;
  for (const { line, redeemedMinor, discountMinor } of segment.goods) {
    if (tags !== undefined && !line.tags.some((tag) => tags.includes(tag))) continue;
    let amount = line.amountMinor;
    if (without.includes('REDEMPTION')) amount -= redeemedMinor;
    if (without.includes('DISCOUNT')) amount -= discountMinor;
    linesMinor.push(amount > 0n ? amount : 0n);
    items += line.quantity;
  }
  if (linesMinor.length === 0) return undefined;
  if (tags === undefined) {
    for (const { kind, amountMinor: extra } of segment.extras)
      if (!without.includes(kind as 'TAX')) linesMinor.push(extra);
  }
  return { totalMinor: linesMinor.reduce((total, amount) => total + amount, 0n), items, linesMinor };
}
