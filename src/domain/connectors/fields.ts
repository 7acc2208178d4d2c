/**
 * Which of a partner's fields mean what. A field is found by its place in the item, is the same for all, or is
 * translated word by word; where nothing is said, the partner calls it as we do.
 */
import type { Capability } from './connector.js';

/** A word of the partner's for one of ours. */
export interface WordMapping {
  readonly from: string;
  readonly to: string;
}

export interface FieldMapping {
  readonly field: ConnectorField;
  /** Its place in the item: "total.value"; its own name when absent. */
  readonly path?: string;
  /** The same for all items, where the item says nothing. */
  readonly constant?: string;
  readonly words?: readonly WordMapping[];
}

const TRANSACTION_FIELDS = {
  kind: 'NEEDED',
  reference: 'NEEDED',
  memberCode: 'FREE',
  memberId: 'FREE',
  cardToken: 'FREE',
  amount: 'NEEDED',
  currency: 'FREE',
  occurredAt: 'NEEDED',
  postedAt: 'FREE',
  mcc: 'FREE',
  category: 'FREE',
  merchantId: 'FREE',
  outlet: 'FREE',
  channel: 'FREE',
  descriptor: 'FREE',
  refundOf: 'FREE',
  authorisation: 'FREE',
} as const;
const OFFER_FIELDS = {
  id: 'NEEDED',
  title: 'NEEDED',
  description: 'FREE',
  url: 'FREE',
  validFrom: 'FREE',
  validUntil: 'FREE',
} as const;
const STOCK_FIELDS = { item: 'NEEDED', available: 'NEEDED' } as const;

export type TransactionField = keyof typeof TRANSACTION_FIELDS;
export type OfferField = keyof typeof OFFER_FIELDS;
export type StockField = keyof typeof STOCK_FIELDS;
export type ConnectorField = TransactionField | OfferField | StockField;

/** The fields of each capability. A payout speaks one protocol and has none to choose. */
export const FIELDS_OF: Readonly<Record<Capability, readonly ConnectorField[]>> = {
  TRANSACTIONS: Object.keys(TRANSACTION_FIELDS) as TransactionField[],
  OFFERS: Object.keys(OFFER_FIELDS) as OfferField[],
  STOCK: Object.keys(STOCK_FIELDS) as StockField[],
  PAYOUT: [],
};

const PLACE = /^[^.\s]{1,100}(\.[^.\s]{1,100}){0,9}$/;
const MOST_WORDS = 200;
const LONGEST_WORD = 200;

/** What is wrong with how fields are mapped, or nothing. */
export function faultOfFields(capability: Capability, fields: readonly FieldMapping[]): string | undefined {
  const seen = new Set<string>();
  for (const { field, path, constant, words = [] } of fields) {
    if (!FIELDS_OF[capability].includes(field)) return `${capability} has no field ${field}.`;
    if (seen.has(field)) return `${field} stands here twice.`;
    seen.add(field);
    if (path !== undefined && !PLACE.test(path)) return `The place of ${field} is written like total.value.`;
    if (constant !== undefined && (constant === '' || constant.length > LONGEST_WORD))
      return `The constant of ${field} has 1 to ${LONGEST_WORD} characters.`;
    if (words.length > MOST_WORDS) return `${field} translates more than ${MOST_WORDS} words.`;
    if (words.some(({ from, to }) => from.length > LONGEST_WORD || to.length > LONGEST_WORD))
      return `The words of ${field} have at most ${LONGEST_WORD} characters.`;
  }
  return undefined;
}

/** What stands at a place of JSON, own properties only; undefined where nothing does. A column's name may hold dots. */
export function placeIn(value: unknown, place: string | undefined): unknown {
  if (place === undefined) return value;
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, place))
    return (value as Readonly<Record<string, unknown>>)[place];
  let found = value;
  for (const step of place.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[step];
  }
  return found;
}

/** Text of a scalar; nothing for what is absent, empty, a list or an object. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Reads the fields of items by their mapping. */
export class FieldReader<Field extends ConnectorField> {
  private readonly mapped: ReadonlyMap<
    string,
    { readonly place: string; readonly constant: string | undefined; readonly words: ReadonlyMap<string, string> }
  >;

  constructor(capability: Capability, fields: readonly FieldMapping[]) {
    const said = new Map(fields.map((mapping) => [mapping.field, mapping]));
    this.mapped = new Map(
      FIELDS_OF[capability].map((field) => {
        const { path = field, constant, words = [] } = said.get(field) ?? { field };
        return [field, { place: path, constant, words: new Map(words.map(({ from, to }) => [from, to])) }];
      }),
    );
  }

  /** Every place that is read: the columns of a file. */
  get places(): readonly string[] {
    return [...this.mapped.values()].map(({ place }) => place);
  }

  read(item: unknown, field: Field): string | undefined {
    const mapping = this.mapped.get(field);
    if (mapping === undefined) return undefined;
    const text = textOf(placeIn(item, mapping.place)) ?? mapping.constant;
    return text === undefined ? undefined : (mapping.words.get(text) ?? text);
  }
}
