/** Reading a mapping: its shape (mapping-shape.ts), and what only shows when several fields are seen together. */
import { checkContract } from '../../domain/partners/contract.js';
import { checkPartner } from '../../domain/partners/partner.js';
import { DEFAULT_SETTLEMENT_TERMS } from '../../domain/partners/settlement-terms.js';
import { readYaml, type YamlReading } from '../../infrastructure/yaml.js';
import { type FeedMapping, type MappedPartner, mappingShape, newPartnerOf, termsOf } from './mapping-shape.js';

const mapping = mappingShape.superRefine((value, context) => {
  for (const { path, message } of crossFaults(value)) context.addIssue({ code: 'custom', path: [...path], message });
});

/** The mapping that stands in `text`, or every fault of it with its line. */
export const readMapping = (file: string, text: string): YamlReading<FeedMapping> => readYaml(file, text, mapping);

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

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
  // What a mapping says nothing about is as it is for everybody.
  const checked = (partner: MappedPartner) =>
    checkContract(
      { ...termsOf(value, partner), minimumPayoutMinor: 0n, settlement: DEFAULT_SETTLEMENT_TERMS },
      undefined,
    );
  const common = checked({ contract: {} } as MappedPartner);
  const faults: Fault[] = common.ok ? [] : [{ path: ['contract'], message: common.failure.message }];
  const codes = new Set<string>();
  const patterns = new Map<string, string>();
  for (const [index, partner] of partners.entries()) {
    const { code, names, outlet, roles } = partner;
    const path = ['partners', index];
    const known = checkPartner(newPartnerOf(partner));
    if (!known.ok) faults.push({ path: [...path, ...placeOf(known.failure.field)], message: known.failure.message });
    const agreed = checked(partner);
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
