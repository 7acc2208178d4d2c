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
  checkContract,
  FUNDING_PARTIES,
  SETTLEMENT_MODELS,
  TAX_TREATMENTS,
} from '../../domain/partners/contract.js';
import { checkPartner, type NewPartner, PARTNER_ROLES } from '../../domain/partners/partner.js';
import { fields, readYaml, type YamlReading } from '../../infrastructure/yaml.js';

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
const share = fields({ party: z.enum(FUNDING_PARTIES), share: rate });

const terms = {
  effectiveFrom: text,
  funding: z.array(share),
  commission: rate,
  tax: fields({
    code: text,
    rate,
    treatment: z.enum(TAX_TREATMENTS),
  }),
  minimumPayout: text.regex(/^\d{1,12}(\.\d{1,4})?$/, 'An amount is written like 25 or 25.00.'),
  model: z.enum(SETTLEMENT_MODELS),
};
const contract = fields(terms);

const partner = fields({
  code: text,
  name: text,
  roles: z.array(z.enum(PARTNER_ROLES)).default(['MERCHANT']),
  /** What its purchases are booked at; needed when `names` are given. */
  outlet: fields({
    code: text,
    name: text,
    channel: z.enum(CHANNELS),
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
    fields({ column: text, as: z.enum(['text', 'number']).default('text') }),
  ],
  'An order column is its name, or {column: its name, as: number}.',
);

const mapping = fields({
  format: z.enum(['csv', 'ndjson']),
  /** The programme's own file, relative to the mapping; without it the programme must exist already. */
  programme: text.optional(),
  columns,
  dateFormat: z.enum(DATE_FORMATS).default('YYYY-MM-DD'),
  /** Currency of a row whose currency column is empty. */
  defaultCurrency: text.refine(isCurrencyCode, 'This is not an ISO 4217 currency code.'),
  negativeAmounts: z.enum(['REFUND', 'REJECT']).default('REFUND'),
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
}).superRefine((value, context) => {
  for (const { path, message } of crossFaults(value)) context.addIssue({ code: 'custom', path: [...path], message });
});

export type FeedMapping = z.infer<typeof mapping>;
export type MappedPartner = FeedMapping['partners'][number];

/** A partner's terms: the common contract with what differs for it. The minimum payout is text until the currency is known. */
export function termsOf(
  mapping: Pick<FeedMapping, 'contract'>,
  partner: MappedPartner,
): Omit<AgreedTerms, 'minimumPayoutMinor'> & { readonly minimumPayout: string } {
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

/** The mapping that stands in `text`, or every fault of it with its line. */
export const readMapping = (file: string, text: string): YamlReading<FeedMapping> => readYaml(file, text, mapping);

/** Columns whose text ends up in the message that is sent: they alone may make two rows different messages. */
const BODY_COLUMNS = [
  'card',
  'date',
  'amount',
  'merchant',
  'currency',
  'billingAmount',
  'billingCurrency',
  'category',
  'mcc',
  'merchantId',
  'refundOf',
] as const;

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

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What only shows when several fields are seen together. */
function crossFaults(value: FeedMapping): Fault[] {
  return [
    ...keyFaults(value),
    ...orderFaults(value),
    ...cardFaults(value),
    ...partnerFaults(value),
    ...categoryFaults(value),
  ];
}

function keyFaults({ key, columns: named }: FeedMapping): Fault[] {
  if ((key === undefined) === (named.reference === undefined)) {
    return [
      {
        path: ['key'],
        message: 'Name either key (a feed without ids) or columns.reference (a feed with ids), one of them.',
      },
    ];
  }
  if (named.billingCurrency !== undefined && named.billingAmount === undefined) {
    return [{ path: ['columns', 'billingCurrency'], message: 'A billing currency needs columns.billingAmount.' }];
  }
  if (key === undefined) return [];
  return BODY_COLUMNS.filter((field) => named[field] !== undefined && !key.columns.includes(named[field])).map(
    (field) => ({
      path: ['key', 'columns'],
      message: `The column ${named[field]} (${field}) is part of the message, so it must be part of its key: two rows with one key must be the same message.`,
    }),
  );
}

function orderFaults({ order, columns: named }: FeedMapping): Fault[] {
  if (order[0]?.column !== named.date) {
    return [{ path: ['order', 0], message: `The first order column is the date column (${named.date}).` }];
  }
  if (order[0].as === 'text') return [];
  return [{ path: ['order', 0], message: 'The date column sorts by the day it means; leave out as.' }];
}

function cardFaults({ token, member }: FeedMapping): Fault[] {
  const names = [['token', token] as const, ['member', member] as const];
  return names
    .filter(([, template]) => !template.includes('{'))
    .map(([field]) => ({
      path: [field],
      message: 'Without {card} or {lastFour} every card would be the same; put one of them in.',
    }));
}

function partnerFaults(value: FeedMapping): Fault[] {
  const { partners, issuer } = value;
  const common = checkContract(
    { ...termsOf(value, { contract: {} } as MappedPartner), minimumPayoutMinor: 0n },
    undefined,
  );
  const faults: Fault[] = common.ok ? [] : [{ path: ['contract'], message: common.failure.message }];
  const codes = new Set<string>();
  const patterns = new Map<string, string>();
  for (const [index, partner] of partners.entries()) {
    const { code, names, outlet, roles } = partner;
    const path = ['partners', index];
    const known = checkPartner(newPartnerOf(partner));
    if (!known.ok) faults.push({ path: [...path, ...placeOf(known.failure.field)], message: known.failure.message });
    const agreed = checkContract({ ...termsOf(value, partner), minimumPayoutMinor: 0n }, undefined);
    if (common.ok && !agreed.ok) faults.push({ path: [...path, 'contract'], message: agreed.failure.message });
    if (codes.has(code))
      faults.push({ path: [...path, 'code'], message: `The partner ${code} stands here twice; join the two.` });
    codes.add(code);
    if (names !== undefined && outlet === undefined) {
      faults.push({ path: [...path, 'names'], message: 'Purchases are booked at an outlet: add one to the partner.' });
    }
    if (code === issuer && !roles.includes('BANK')) {
      faults.push({ path: [...path, 'code'], message: `The issuer ${code} needs the role BANK.` });
    }
    for (const [at, pattern] of (names ?? []).entries()) {
      const other = patterns.get(pattern.toLowerCase());
      if (other !== undefined)
        faults.push({ path: [...path, 'names', at], message: `The pattern "${pattern}" belongs to ${other} already.` });
      patterns.set(pattern.toLowerCase(), code);
    }
  }
  return faults;
}

/** The field of a partner's check in words of the mapping, which has one outlet. */
const placeOf = (field: string | undefined): string[] =>
  (field ?? '')
    .replace('outlets.0', 'outlet')
    .split('.')
    .filter((step) => step !== '');

function categoryFaults({ categories, columns: named }: FeedMapping): Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, string>();
  for (const [category, values] of Object.entries(categories)) {
    for (const [at, value] of values.entries()) {
      const other = seen.get(value);
      if (other !== undefined)
        faults.push({ path: ['categories', category, at], message: `${value} belongs to ${other} already.` });
      seen.set(value, category);
    }
  }
  if (seen.size > 0 && named.category === undefined) {
    faults.push({ path: ['categories'], message: 'The table needs columns.category to know which column it reads.' });
  }
  return faults;
}
