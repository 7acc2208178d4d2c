/** The worked examples of a programme file: a member, what happens, and what must come out. */
import { z } from 'zod';
import { CHANNELS, LINE_KINDS, ZERO_REASONS } from '../../domain/earning/model.js';
import { fields, words } from '../../infrastructure/yaml.js';
import { contract } from './partner-schema.js';
import {
  balance,
  code,
  date,
  decimal,
  mcc,
  monthAndDay,
  name,
  ofEditors,
  text,
  timeOfDay,
  timeZone,
  wholeNumber,
} from './scalar-schema.js';

/** Every step is one of these; the others only come with a purchase. */
const KINDS = ['purchase', 'refund', 'exchange', 'action', 'redeem', 'on'] as const;
export type StepKind = (typeof KINDS)[number];

/** What may stand in a step besides `expect`. */
const FIELDS_OF: Readonly<Record<StepKind, readonly string[]>> = {
  purchase: 'date time postedOn at card mcc category channel descriptor as lines redeem'.split(' '),
  refund: ['of', 'lines', 'date'],
  exchange: ['of', 'date', 'time', 'as'],
  action: ['date', 'time', 'at', 'card', 'as'],
  redeem: ['date'],
  on: [],
};

/** What a step may expect, by its kind. */
const OF_A_PURCHASE = ['units', 'shortfall', 'category', 'tier', 'reason', 'rules', 'funders'];
const OF_THE_MEMBER = ['budgetLeft', 'capLeft', 'available', 'pending', 'expired', 'fees'];
const EXPECTED_OF: Readonly<Record<StepKind, readonly string[]>> = {
  purchase: [...OF_A_PURCHASE, ...OF_THE_MEMBER, 'redeemed'],
  refund: [...OF_A_PURCHASE, ...OF_THE_MEMBER, 'redeemed'],
  exchange: [...OF_A_PURCHASE, ...OF_THE_MEMBER],
  action: [...OF_A_PURCHASE, ...OF_THE_MEMBER],
  redeem: ['redeemed', 'tier', ...OF_THE_MEMBER],
  on: ['tier', ...OF_THE_MEMBER],
};

const anyAmount = z.record(name, decimal);

const expectation = fields({
  units: decimal.optional().describe('Units that the purchase has earned when the step is done.'),
  shortfall: decimal.optional().describe('Units that caps and budgets withheld from the purchase.'),
  category: name.optional().describe('Category of the purchase.'),
  tier: name.optional().describe('Tier when the purchase was decided; of "redeem" and "on" the tier of the day.'),
  reason: words(...ZERO_REASONS)
    .optional()
    .describe('Why nothing was earned.'),
  rules: anyAmount.optional().describe('Units by rule; rules that are not named are not looked at.'),
  funders: anyAmount.optional().describe('Units by paying partner or PROGRAMME.'),
  budgetLeft: anyAmount.optional().describe('What is left of a budget when the step is done.'),
  capLeft: anyAmount.optional().describe('What is left of a cap for this purchase, in its own measure.'),
  redeemed: decimal.optional().describe('Units used to pay, less those given back by refunds.'),
  available: balance
    .optional()
    .describe('Units that may be used when the step is done, below zero while units are owed.'),
  pending: decimal.optional().describe('Units earned and still on hold.'),
  expired: decimal.optional().describe('Units that expired or were written off since the step before.'),
  fees: decimal.optional().describe('Dormancy fees taken since the step before.'),
}).refine((value) => Object.keys(value).length > 0, 'Expect something: at least "units".');

const line = fields({
  kind: words(...LINE_KINDS)
    .default('GOODS')
    .describe('What the line is.'),
  amount: decimal.describe('Amount of the line.'),
  quantity: wholeNumber(1, 100_000).default(1).describe('Number of items.'),
  tags: z.array(code).default([]).describe('Product and brand tags.'),
  as: code.optional().describe('A name for refunds of this line.'),
});
const lines = z
  .array(z.union([code, line], { error: 'Write the fields of a line, or in a refund its name.' }))
  .min(1, 'Write at least one line, or leave "lines" out.');

const card = z.union(
  [
    code,
    fields({
      issuer: code.optional().describe('The issuing bank; a card of no partner when absent.'),
      product: code.optional().describe('Card product, such as credit.'),
      id: code.optional().describe('Tells cards apart that are alike otherwise.'),
      account: code.optional().describe('Cards of one account share caps per ACCOUNT.'),
      statementDay: wholeNumber(1, 28).optional().describe('Day of the month on which a statement cycle begins.'),
    }),
  ],
  { error: 'Write the bank that issued it, or { issuer, product, account, statementDay }.' },
);

const redeem = z.union(
  [
    decimal,
    fields({
      purchase: decimal.describe('Amount of the purchase that is paid with units.'),
      units: decimal.describe('Units that the member wants to use.'),
      discount: decimal.optional().describe('Discounts on the purchase.'),
    }),
  ],
  { error: 'Write units beside a purchase, or { purchase, units } as a step of its own.' },
);

const step = fields({
  purchase: decimal.optional().describe('Step: a purchase of this amount.'),
  refund: decimal.optional().describe('Step: this amount of a purchase is given back.'),
  exchange: decimal.optional().describe('Step: a purchase is given back whole for a new one of this amount.'),
  action: code.optional().describe('Step: an event that is not a purchase.'),
  redeem: redeem.optional().describe('Units a purchase is paid with; or, as a step, a purchase and the units wanted.'),
  on: date.optional().describe('Step: this day comes, with all that falls due until then.'),
  date: date.optional().describe("Its day; the step's before when absent, at first effectiveFrom."),
  time: timeOfDay.optional().describe("Its time in the programme's zone."),
  postedOn: date.optional().describe('The day the bank posted it, when that is another.'),
  at: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}(\/[a-z0-9][a-z0-9-]{0,62})?$/, 'Write a partner, or "partner/outlet".')
    .optional()
    .describe('Where: a partner, or "partner/outlet".'),
  card: card.optional().describe('The card that pays, instead of the one of the example.'),
  mcc: mcc.optional().describe("The shop's merchant category code."),
  category: code.optional().describe('The category that the submitting partner gives it.'),
  channel: words(...CHANNELS)
    .optional()
    .describe('The channel.'),
  descriptor: text.optional().describe('What the statement calls the shop.'),
  lines: lines.optional().describe('Lines of the basket; in a refund, the names of lines.'),
  as: code.optional().describe('A name for later steps.'),
  of: code.optional().describe('The purchase meant; the one before when absent.'),
  expect: expectation.describe('What must come out; what is not named is not looked at.'),
})
  .superRefine((value, context) => {
    const wrong = (path: PropertyKey[], message: string): void =>
      context.addIssue({ code: 'custom', path, message, input: value });
    const kind = kindOf(value);
    if (kind === undefined) return wrong([], `A step is exactly one of ${KINDS.join(', ')}.`);
    for (const field of Object.keys(value)) {
      if (field !== kind && field !== 'expect' && !FIELDS_OF[kind].includes(field))
        wrong([field], `This does not belong to a step of the kind "${kind}"; remove it.`);
    }
    for (const field of Object.keys(value.expect)) {
      if (!EXPECTED_OF[kind].includes(field))
        wrong(['expect', field], `A step of the kind "${kind}" has none; expect ${EXPECTED_OF[kind].join(', ')}.`);
    }
    if (value.redeem !== undefined && (typeof value.redeem === 'string') !== (kind === 'purchase'))
      wrong(['redeem'], 'Write units beside a purchase, or { purchase, units } as a step of its own.');
    for (const [index, line] of (value.lines ?? []).entries()) {
      if ((typeof line === 'string') !== (kind === 'refund'))
        wrong(['lines', index], 'A purchase has lines with amounts, a refund names lines of its purchase.');
    }
  })
  .meta({ anyOf: ofEditors(...KINDS).oneOf });

/** What a step is; undefined when it is nothing or several things. A purchase may be paid with units. */
export function kindOf(step: Readonly<Partial<Record<StepKind, unknown>>>): StepKind | undefined {
  const kinds = KINDS.filter((kind) => step[kind] !== undefined);
  if (kinds.length === 2 && kinds[0] === 'purchase' && kinds[1] === 'redeem') return 'purchase';
  return kinds.length === 1 ? kinds[0] : undefined;
}

const member = fields({
  tier: code.optional().describe('Where the member stands at the start, at the threshold of this tier.'),
  windowSpend: decimal.optional().describe("What the member has of the tiers' metric at the start."),
  capUsed: anyAmount
    .default({})
    .describe('Cap or budget, and what was used of it before, in the period of the first step.'),
  segments: z.array(code).default([]).describe('Segments the member is in.'),
  birthday: monthAndDay.optional().describe('MM-DD.'),
  activated: z.array(code).default([]).describe('Rules that the member has activated.'),
  chosen: z.record(code, z.array(code)).default({}).describe('Choice, and the categories chosen in it.'),
  variants: z.record(code, code).default({}).describe('Experiment, and the variant the member is in.'),
  timeZone: timeZone.optional().describe("The member's own zone."),
  units: decimal.optional().describe('Units that the member has and may use at the start.'),
}).refine(
  (value) => value.tier === undefined || value.windowSpend === undefined,
  'Give either the tier or the spend that makes it.',
);

export const example = fields({
  name: text.describe('What it shows.'),
  member: member
    .default({ capUsed: {}, segments: [], activated: [], chosen: {}, variants: {} })
    .describe('Where the member stands; a new one when absent.'),
  card: card.optional().describe('The card of every step that names none; one of no partner when absent.'),
  contracts: z.record(code, contract).default({}).describe('Contracts of partners, instead of those in "partners".'),
  steps: z.array(step).min(1, 'An example needs at least one step.').describe('What happens, one after the other.'),
});

export type ProgrammeExample = z.output<typeof example>;
export type ExampleStep = ProgrammeExample['steps'][number];
export type ExampleCard = z.output<typeof card>;
export type FileExpectation = ExampleStep['expect'];
