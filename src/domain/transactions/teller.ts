/**
 * Who tells of a purchase. Its merchant and the bank whose card paid may both do, each the whole of it, and so may a
 * member whose claim was granted. No two messages of one side are about the same purchase unless they say so.
 */
import type { PartnerRole } from '../partners/partner.js';
import type { SourceKind } from './model.js';

export type Side = 'MERCHANT' | 'BANK' | 'CLAIM';

export interface Teller {
  readonly side: Side;
  readonly partnerNo: number;
}

/** Whose amounts and days of posting count first: who moved the money. */
export const MONEY_FIRST: readonly Side[] = ['BANK', 'MERCHANT', 'CLAIM'];
/** Whose words count first: who sold it. */
export const WORDS_FIRST: readonly Side[] = ['MERCHANT', 'BANK', 'CLAIM'];

/** Stored as bits, so that a row says who has told of it; numbers are never reused. */
export const SIDE_BIT: Readonly<Record<Side, number>> = { MERCHANT: 1, BANK: 2, CLAIM: 4 };

export const sidesOf = (tellers: readonly Teller[]): number =>
  tellers.reduce((bits, { side }) => bits | SIDE_BIT[side], 0);

/** Nothing for rows from before sides were told apart. */
export const sideOfBit = (bit: number): Side | undefined => WORDS_FIRST.find((side) => SIDE_BIT[side] === bit);

/** A merchant tells of its own sales; whoever else sends purchases tells of what was paid somewhere. */
export const sideOf = (roles: readonly PartnerRole[], kind: SourceKind): Side =>
  kind === 'CLAIM' ? 'CLAIM' : roles.includes('MERCHANT') && !roles.includes('BANK') ? 'MERCHANT' : 'BANK';

/** By side, otherwise in the order they are in. */
export function inWordsOrder<Told extends { readonly teller?: Teller }>(messages: readonly Told[]): Told[] {
  const rank = ({ teller }: Told): number => (teller === undefined ? 0 : WORDS_FIRST.indexOf(teller.side));
  return [...messages].sort((a, b) => rank(a) - rank(b));
}
