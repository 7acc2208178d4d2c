/**
 * The mapping file: how a feed's columns become purchases and refunds, and which partners, contracts and
 * categories its names stand for. YAML, checked whole before anything else happens.
 */
import { z } from 'zod';
import { CHANNELS } from '../../domain/earning/model.js';
import { isCurrencyCode } from '../../domain/money/currency.js';
import { parseRate, type Rate } from '../../domain/money/rate.js';
import {
  type AgreedTerms,
  FUNDING_PARTIES,
  SETTLEMENT_MODELS,
  TAX_TREATMENTS,
} from '../../domain/partners/contract.js';
import { type NewPartner, PARTNER_ROLES } from '../../domain/partners/partner.js';
import { fields, words } from '../../infrastructure/yaml.js';

/** How the date column is written. RFC3339 is an instant; its day is counted in the programme's zone. */
export const DATE_FORMATS = ['YYYY-MM-DD', 'YYYYMMDD', 'DD/MM/YYYY', 'MM/DD/YYYY', 'RFC3339'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** What a template may take from the card column. */
export const TEMPLATE_WORDS = ['card', 'lastFour'] as const;

const text = z.string().min(1, 'Write a value or remove the field.');
const rate = text.transform((value, context): Rate => {
  const parsed = parseRate(value);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'A rate is written like 5 %, 0.05 or 1/3.' });
  return z.NEVER;
});
const share = fields({ party: words(...FUNDING_PARTIES), share: rate });

const terms = {
  effectiveFrom: text,
  funding: z.array(share),
  commission: rate,
  tax: fields({
    code: text,
    rate,
    treatment: words(...TAX_TREATMENTS),
  }),
  minimumPayout: text.regex(/^\d{1,12}(\.\d{1,4})?$/, 'An amount is written like 25 or 25.00.'),
  model: words(...SETTLEMENT_MODELS),
};
const contract = fields(terms);

const partner = fields({
  code: text,
  name: text,
  roles: z.array(words(...PARTNER_ROLES)).default(['MERCHANT']),
  /** What its purchases are booked at; needed when `names` are given. */
  outlet: fields({
    code: text,
    name: text,
    channel: words(...CHANNELS),
    mcc: text.optional(),
  }).optional(),
  /** Patterns of the merchant column: whole name, any case, * for any characters. */
  names: z.array(text).min(1, 'Name at least one pattern or remove the field.').optional(),
  /** Where it differs from the common contract. */
  contract: contract.partial().default({}),
});

const template = text.refine(
  (value) =>
    [...value.matchAll(/\{([^}]*)\}/g)].every(([, word]) =>
      (TEMPLATE_WORDS as readonly string[]).includes(word as string),
    ),
  `Between braces stands ${TEMPLATE_WORDS.join(' or ')}.`,
);

const columns = fields({
  card: text,
  date: text,
  amount: text,
  merchant: text,
  currency: text.optional(),
  billingAmount: text.optional(),
  billingCurrency: text.optional(),
  category: text.optional(),
  mcc: text.optional(),
  merchantId: text.optional(),
  reference: text.optional(),
  refundOf: text.optional(),
});

const orderColumn = z.union(
  [
    text.transform((column) => ({ column, as: 'text' as const })),
    fields({ column: text, as: words('text', 'number').default('text') }),
  ],
  'An order column is its name, or {column: its name, as: number}.',
);

export const mappingShape = fields({
  format: words('csv', 'ndjson'),
  /** The programme's own file, relative to the mapping; without it the programme must exist already. */
  programme: text.optional(),
  columns,
  dateFormat: words(...DATE_FORMATS).default('YYYY-MM-DD'),
  /** Currency of a row whose currency column is empty. */
  defaultCurrency: text.refine(isCurrencyCode, 'This is not an ISO 4217 currency code.'),
  negativeAmounts: words('REFUND', 'REJECT').default('REFUND'),
  /** For feeds without ids: rows that agree in these columns are the same message, except within one delivery. */
  key: fields({ columns: z.array(text).min(1), occurrenceWithin: text.optional() }).optional(),
  /** Feeds are not in time order; rows are taken in by these columns. The date comes first. */
  order: z.array(orderColumn).min(1, 'Name at least the date column.'),
  /** Code of the partner that submits the feed, the bank that issued the cards. */
  issuer: text,
  member: template,
  token: template,
  contract,
  partners: z.array(partner).default([]),
  /** Programme category -> values of the category column. */
  categories: z.record(z.string(), z.array(text)).default({}),
});

export type FeedMapping = z.infer<typeof mappingShape>;
export type MappedPartner = FeedMapping['partners'][number];

/** A partner's terms: the common contract with what differs for it. The minimum payout is text until the currency is known. */
export function termsOf(
  mapping: Pick<FeedMapping, 'contract'>,
  partner: MappedPartner,
): Omit<AgreedTerms, 'minimumPayoutMinor' | 'settlement'> & { readonly minimumPayout: string } {
  const { contract: common } = mapping;
  const { contract: own } = partner;
  const tax = own.tax ?? common.tax;
  return {
    effectiveFrom: own.effectiveFrom ?? common.effectiveFrom,
    fundingShares: own.funding ?? common.funding,
    commissionRate: own.commission ?? common.commission,
    taxCode: tax.code,
    taxRate: tax.rate,
    taxTreatment: tax.treatment,
    model: own.model ?? common.model,
    refundReturnsCommission: true,
    minimumPayout: own.minimumPayout ?? common.minimumPayout,
  };
}

/** A partner as it is onboarded. */
export const newPartnerOf = ({ code, name, roles, outlet }: MappedPartner): NewPartner => ({
  code,
  name,
  roles,
  outlets:
    outlet === undefined
      ? []
      : [
          {
            code: outlet.code,
            name: outlet.name,
            channel: outlet.channel,
            ...(outlet.mcc === undefined ? {} : { mcc: outlet.mcc }),
            merchantIds: [],
          },
        ],
});

/** Every column the mapping names, each once, in the order of the file's fields. */
export function columnsOf(value: FeedMapping): string[] {
  return [
    ...new Set([
      ...Object.values(value.columns).filter((column) => column !== undefined),
      ...(value.key?.columns ?? []),
      ...(value.key?.occurrenceWithin === undefined ? [] : [value.key.occurrenceWithin]),
      ...value.order.map(({ column }) => column),
    ]),
  ];
}

/** Where the mapping names a column: the path to its first mention. */
export function pathNaming(value: FeedMapping, column: string): readonly (string | number)[] {
  const field = Object.entries(value.columns).find(([, named]) => named === column)?.[0];
  if (field !== undefined) return ['columns', field];
  const inKey = value.key?.columns.indexOf(column) ?? -1;
  if (inKey !== -1) return ['key', 'columns', inKey];
  if (value.key?.occurrenceWithin === column) return ['key', 'occurrenceWithin'];
  return ['order', value.order.findIndex((one) => one.column === column)];
}
