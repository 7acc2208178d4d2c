/**
 * The shape of a programme file: which fields there are, what may stand in them, and what each value means.
 *
 * Every scalar arrives as the text that stands in the file. What needs two places of the file to judge
 * (references, order, overlap, decimals of the currency) is checked in programme-terms.ts.
 */
import { z } from 'zod';
import { CHANNELS, ZERO_REASONS } from '../../domain/earning/model.js';
import { isBusinessDate, isTimeZone } from '../../domain/kernel/calendar.js';
import { isCurrencyCode } from '../../domain/money/currency.js';
import { addRates, compareRates, describeRate, ONE, parseRate, type Rate, ZERO_RATE } from '../../domain/money/rate.js';
import { ROUNDING_MODES } from '../../domain/money/rounding.js';
import { fields, words } from '../../infrastructure/yaml.js';

const text = z.string().trim().min(1, 'Write something here.').max(200, 'Write at most 200 characters.');

/** Codes are keys of plain objects; the one lower-case name that every object already has is refused. */
const code = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'A code is 1 to 63 small letters, digits and dashes, such as "fuel-and-tolls".')
  .refine((value) => value !== 'constructor', 'This word is reserved; choose another code.');

const outlet = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}\/[a-z0-9][a-z0-9-]{0,62}$/, 'An outlet is written "partner/outlet".');

const date = z.string().refine(isBusinessDate, 'A day is written YYYY-MM-DD and must exist.');

const decimal = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,18})?$/, 'An amount is written with digits and at most one point, such as 12.30.');

const wholeNumber = (least: number, most: number) =>
  z.string().transform((value, context): number => {
    if (/^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value);
    context.addIssue(`"${value}" does not fit; write a whole number from ${least} to ${most}.`);
    return z.NEVER;
  });

const anyRate = z.string().transform((value, context): Rate => {
  const rate = parseRate(value);
  if (rate !== undefined) return rate;
  context.addIssue(`"${value}" is not a rate; write 5%, 0.05 or 1/20.`);
  return z.NEVER;
});

const rate = anyRate.refine((value) => compareRates(value, ONE) <= 0, {
  error: (issue) => `${describeRate(issue.input as Rate)} is more than 100 %; write five percent as 5%, 0.05 or 1/20.`,
});

interface Days {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}
const period = { from: date.optional(), until: date.optional() };
const endsAfterStart = ({ from, until }: Days): boolean => from === undefined || until === undefined || from <= until;
const ENDS_BEFORE_START = { path: ['until'], error: 'The last day is before the first; swap them.' };

const MCC = /^(\d{4})(?:-(\d{4}))?$/;
const mccs = z.string().transform((value, context): { first: string; last: string } => {
  const match = MCC.exec(value);
  const first = match?.[1];
  const last = match?.[2] ?? first;
  if (first === undefined || last === undefined) {
    context.addIssue(
      `"${value}" is not a merchant category code; write four digits such as 0742, or a range such as 3000-3299.`,
    );
    return z.NEVER;
  }
  if (last < first) context.addIssue(`The range ${value} runs backwards; write ${last}-${first}.`);
  return { first, last };
});
const mccEntry = z.union([
  mccs.transform((codes) => ({ codes, from: undefined, until: undefined })),
  fields({ codes: mccs, ...period }).refine(endsAfterStart, ENDS_BEFORE_START),
]);

const category = fields({
  name: text,
  mcc: z.array(mccEntry).default([]),
  partners: z.array(code).default([]),
  outlets: z.array(outlet).default([]),
  submitted: words('true').optional(),
});

const exclusion = z.union([
  words('DEFAULT'),
  fields({ codes: mccs, reason: text, ...period }).refine(endsAfterStart, ENDS_BEFORE_START),
]);

type Shares = Readonly<Record<string, Rate | undefined>>;
const total = (shares: Shares): Rate =>
  Object.values(shares).reduce<Rate>((sum, share) => addRates(sum, share ?? ZERO_RATE), ZERO_RATE);
const sumsToOne = (shares: Shares): boolean => compareRates(total(shares), ONE) === 0;
const NOT_ONE = {
  error: (issue: { readonly input?: unknown }) =>
    `The shares sum to ${describeRate(total(issue.input as Shares))}; they must sum to exactly 100 %. Thirds are written 1/3.`,
};

const parties = { MERCHANT: rate.optional(), ISSUER: rate.optional(), PROGRAMME: rate.optional() };
const funding = z.union([words('MERCHANT', 'ISSUER', 'PROGRAMME'), fields(parties).refine(sumsToOne, NOT_ONE)], {
  error: 'Write MERCHANT, ISSUER or PROGRAMME, or a share for each of them that pays.',
});

const rule = fields({
  code,
  name: text,
  funding,
  when: fields({
    partners: z.array(code).min(1, 'Name at least one partner, or leave "partners" out.').optional(),
    ...period,
  })
    .refine(endsAfterStart, ENDS_BEFORE_START)
    .default({}),
  rate: rate.optional(),
  matrix: z.record(code, z.record(z.string(), rate)).optional(),
}).refine(
  (value) => (value.rate === undefined) !== (value.matrix === undefined),
  'A rule has either a "rate" or a "matrix"; write exactly one of them.',
);

const cap = fields({ code, category: z.string().optional(), per: words('month'), max: decimal });

const contract = z.union([words('NONE'), fields({ SELF: rate.optional(), ...parties }).refine(sumsToOne, NOT_ONE)], {
  error: 'Write NONE, or a share for each of SELF, MERCHANT, ISSUER and PROGRAMME that pays.',
});

/** An empty entry is a partner that pays its rewards itself. */
const partner = z.union([
  z
    .literal('', { error: 'Leave the entry empty, or write its "contract" below it.' })
    .transform(() => ({ contract: undefined })),
  fields({ contract: contract.optional() }),
]);

const expectation = fields({
  units: decimal.optional(),
  shortfall: decimal.optional(),
  category: z.string().optional(),
  tier: z.string().optional(),
  reason: words(...ZERO_REASONS).optional(),
  rules: z.record(z.string(), decimal).optional(),
  funders: z.record(z.string(), decimal).optional(),
}).refine((value) => Object.keys(value).length > 0, 'Expect something: at least "units".');

const ONLY_OF_A_PURCHASE = ['date', 'at', 'card', 'mcc', 'category', 'channel', 'as'] as const;

const step = fields({
  purchase: decimal.optional(),
  refund: decimal.optional(),
  date: date.optional(),
  at: z.string().optional(),
  card: code.optional(),
  mcc: z
    .string()
    .regex(/^\d{4}$/, 'A merchant category code is four digits, such as 0742.')
    .optional(),
  category: code.optional(),
  channel: words(...CHANNELS).optional(),
  as: code.optional(),
  of: code.optional(),
  expect: expectation,
}).superRefine((value, context) => {
  const wrong = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
  if ((value.purchase === undefined) === (value.refund === undefined))
    wrong([], 'A step is either a "purchase" or a "refund" of an amount.');
  if (value.purchase !== undefined && value.of !== undefined)
    wrong(['of'], 'Only a refund names an earlier purchase; remove it.');
  if (value.refund === undefined) return;
  for (const field of ONLY_OF_A_PURCHASE) {
    if (value[field] !== undefined) wrong([field], 'A refund takes this from its purchase; remove it.');
  }
});

const example = fields({
  name: text,
  member: fields({
    tier: z.string().optional(),
    windowSpend: decimal.optional(),
    capUsed: z.record(z.string(), decimal).default({}),
  })
    .refine(
      (value) => value.tier === undefined || value.windowSpend === undefined,
      'Give either the tier or the spend that makes it.',
    )
    .default({ capUsed: {} }),
  card: code.optional(),
  contracts: z.record(code, contract).default({}),
  steps: z.array(step).min(1, 'An example needs at least one step.'),
});

export const programmeSchema = fields({
  programme: code,
  name: text,
  effectiveFrom: date,
  currency: z
    .string()
    .refine(isCurrencyCode, 'This is not a currency; write the three capital letters of ISO 4217, such as EUR.'),
  timeZone: z.string().refine(isTimeZone, 'This is not a time zone; write an IANA name such as Europe/Lisbon.'),
  unit: fields({
    code: z.string().regex(/^[A-Z][A-Z0-9]{1,11}$/, 'A unit code is 2 to 12 capital letters and digits, such as PTS.'),
    scale: wholeNumber(0, 8),
    worth: anyRate.refine(
      (value) => value.numerator > 0n,
      'A unit must be worth something: write how much money one unit is at issue.',
    ),
  }),
  holdDays: wholeNumber(0, 3650),
  rounding: words(...ROUNDING_MODES),
  categories: z.record(code, category).default({}),
  exclusions: z.array(exclusion).default(['DEFAULT']),
  tiers: fields({
    metric: words('KEPT_SPEND').default('KEPT_SPEND'),
    rollingDays: wholeNumber(1, 3660),
    levels: z.array(fields({ code, name: text, from: decimal })).min(1, 'Write at least one tier.'),
  }),
  partners: z.record(code, partner).default({}),
  rules: z.array(rule).min(1, 'Write at least one rule.'),
  caps: z.array(cap).default([]),
  examples: z.array(example).default([]),
});

/** A programme file whose every value is well-formed by itself. */
export type ProgrammeFile = z.output<typeof programmeSchema>;
export type ProgrammeExample = ProgrammeFile['examples'][number];
export type ExampleStep = ProgrammeExample['steps'][number];
export type FileRule = ProgrammeFile['rules'][number];
export type FileContract = z.output<typeof contract>;
