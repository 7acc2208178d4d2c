/**
 * The shape of a programme file: which fields there are, what may stand in them, and what each value means.
 *
 * Every scalar arrives as the text that stands in the file. What needs two places of the file to judge
 * (references, order, overlap, decimals of the currency) is checked in programme-terms.ts. The descriptions
 * and `meta` also make the JSON Schema for editors (programme-json-schema.ts).
 */
import { z } from 'zod';
import { TAX_TREATMENTS, TIER_METRICS } from '../../domain/earning/model.js';
import { fields, words } from '../../infrastructure/yaml.js';
import { CALENDAR_PERIODS } from './condition-schema.js';
import { example } from './example-schema.js';
import { budget, cap, choice, experiment, group } from './limit-schema.js';
import { partner } from './partner-schema.js';
import { dormancy, expiry, redemption, windDown } from './redemption-schema.js';
import { base, rounding, rule } from './rule-schema.js';
import {
  code,
  currency,
  date,
  days,
  decimal,
  descriptorPattern,
  ENDS_BEFORE_START,
  endsAfterStart,
  exactlyOne,
  mccs,
  ofEditors,
  outlet,
  ratio,
  text,
  timeZone,
  wholeNumber,
  yes,
} from './scalar-schema.js';

const mccEntry = z.union(
  [
    mccs.transform((codes) => ({ codes, from: undefined, until: undefined })),
    fields({ codes: mccs.describe('A code or a range.'), ...days }).refine(endsAfterStart, ENDS_BEFORE_START),
  ],
  { error: 'Write a code such as 5411, a range such as 3000-3299, or { codes, from, until }.' },
);

const category = fields({
  name: text.describe('For people.'),
  mcc: z.array(mccEntry).default([]).describe('Merchant category codes and ranges.'),
  partners: z.array(code).default([]).describe('Partners whose purchases belong here whatever their code.'),
  outlets: z.array(outlet).default([]).describe('Single outlets, each "partner/outlet"; stronger than a partner.'),
  products: z.array(code).default([]).describe('Tags of basket lines that belong here; strongest.'),
  descriptors: z
    .array(descriptorPattern)
    .default([])
    .describe('What statements call shops that belong here, in capitals, * for any characters; the last resort.'),
  submitted: yes.optional().describe('Needed when nothing else is given: only submitting partners assign it.'),
});

const exclusion = z.union(
  [
    words('DEFAULT'),
    fields({
      codes: mccs.optional().describe('A code or a range that earns nothing.'),
      product: code.optional().describe('A tag of basket lines that earn nothing.'),
      reason: text.describe('For members.'),
      ...days,
    })
      .refine(endsAfterStart, ENDS_BEFORE_START)
      .refine(exactlyOne('codes', 'product'), 'Write exactly one of "codes" and "product".')
      .meta(ofEditors('codes', 'product')),
  ],
  { error: 'Write DEFAULT, { codes, reason } or { product, reason }.' },
);

const level = fields({
  code: code.describe('Names the tier.'),
  name: text.describe('For people.'),
  from: decimal.describe('Where it begins, in the measure of the metric; the first begins at 0.'),
  benefits: z
    .array(fields({ code: code.describe('Names the benefit.'), name: text.describe('For people.') }))
    .default([])
    .describe('What the tier entitles to besides units.'),
});

const tiers = fields({
  metric: words(...TIER_METRICS)
    .default('KEPT_SPEND')
    .describe('What makes a tier: kept spend in money, rewards in units, or a number of purchases.'),
  rollingDays: wholeNumber(1, 3660).optional().describe('The window: so many days, the day of the purchase included.'),
  calendar: words(...CALENDAR_PERIODS)
    .optional()
    .describe('The window: this calendar period.'),
  downgrade: fields({
    to: words('IMMEDIATE', 'EARNED', 'ONE_STEP', 'NEVER').describe('Where a tier falls when its period ends.'),
    graceDays: wholeNumber(0, 3660).default(0).describe('Days it is held longer.'),
  })
    .default({ to: 'IMMEDIATE', graceDays: 0 })
    .describe('How tiers fall; at any moment when absent.'),
  levels: z.array(level).min(1, 'Write at least one tier.').describe('From the lowest up.'),
})
  .refine(exactlyOne('rollingDays', 'calendar'), 'Write exactly one of "rollingDays" and "calendar".')
  .meta(ofEditors('rollingDays', 'calendar'));

const refunds = z
  .union(
    [
      words('KEPT'),
      fields({
        policy: words('KEPT', 'NEGATIVE').describe(
          'KEPT runs the rules again on what was kept; NEGATIVE is a purchase with a negative reward.',
        ),
        rulesOf: words('PURCHASE_DATE', 'RETURN_DATE').optional().describe('NEGATIVE only: the day whose rules count.'),
      }).refine((value) => (value.policy === 'NEGATIVE') === (value.rulesOf !== undefined), {
        path: ['rulesOf'],
        error: 'NEGATIVE refunds say whose rules count: "rulesOf: PURCHASE_DATE" or RETURN_DATE; KEPT ones do not.',
      }),
    ],
    { error: 'Write KEPT, or { policy: NEGATIVE, rulesOf: PURCHASE_DATE }.' },
  )
  .transform((value) => (value === 'KEPT' ? { policy: value, rulesOf: undefined } : value));

export const programmeSchema = fields({
  programme: code.describe('Its code; names it for ever.'),
  name: text.describe('For people.'),
  effectiveFrom: date.describe('The first day this version counts.'),
  currency: currency.describe('ISO 4217; purchases in other currencies count by their billing amount.'),
  timeZone: timeZone.describe('IANA name; days, months, tiers and holds are counted in it.'),
  approvals: words('1', '2')
    .transform((value): 1 | 2 => (value === '2' ? 2 : 1))
    .prefault('1')
    .meta({ type: ['string', 'integer'], enum: [1, 2, '1', '2'] })
    .describe('People it takes to publish the next version.'),
  attribution: words('AUTHORISATION', 'POSTING')
    .default('AUTHORISATION')
    .describe('The day that counts when a purchase is authorised and posted on different days.'),
  unit: fields({
    code: z
      .string()
      .regex(/^[A-Z][A-Z0-9]{1,11}$/, 'A unit code is 2 to 12 capital letters and digits, such as PTS.')
      .describe('2 to 12 capital letters and digits.'),
    scale: wholeNumber(0, 8).describe('Decimals of an amount of reward.'),
    worth: ratio.describe('Money that one whole unit is worth when it is issued.'),
  }).describe('What members earn.'),
  holdDays: wholeNumber(0, 3650).describe('Days from the clearing of a purchase until its reward may be used.'),
  payout: words('week', 'month', 'quarter', 'year', 'statement')
    .optional()
    .describe('Rewards whose hold ends in one such period may be used together, from the day after it.'),
  taxTreatment: words(...TAX_TREATMENTS)
    .default('MARKETING')
    .describe('Label of what the programme itself pays.'),
  base: base
    .default({ without: ['REDEMPTION', 'DISCOUNT'] })
    .describe('What rules reward: the purchase without these parts.'),
  rounding: rounding.describe('How rewards become whole.'),
  refunds: refunds.prefault('KEPT').describe('What a refund does to the reward.'),
  categories: z.record(code, category).default({}).describe('What purchases count as, by code.'),
  exclusions: z.array(exclusion).default(['DEFAULT']).describe('What earns nothing; [DEFAULT] when absent.'),
  tiers: tiers.describe('The ladder; a programme without tiers has one level.'),
  choices: z.record(code, choice).default({}).describe('Categories that members choose, by code.'),
  experiments: z.record(code, experiment).default({}).describe('Splits of the members, by code.'),
  groups: z.record(code, group).default({}).describe('Stacking groups of rules, by code.'),
  partners: z.record(code, partner).default({}).describe('Every partner that the file names, by code.'),
  rules: z.array(rule).min(1, 'Write at least one rule.').describe('What is earned, for what, paid by whom.'),
  caps: z.array(cap).default([]).describe('The most that a member, card or account can earn.'),
  budgets: z.array(budget).default([]).describe('The most that all members together can earn.'),
  expiry: expiry.default('NEVER').describe('How long units last.'),
  redemption: redemption.prefault({}).describe('What units may pay for.'),
  dormancy: dormancy.optional().describe('A monthly fee on accounts without activity.'),
  windDown: windDown.optional().describe('The end of the programme.'),
  examples: z.array(example).default([]).describe('Worked examples; they are executed.'),
});

/** A programme file whose every value is well-formed by itself. */
export type ProgrammeFile = z.output<typeof programmeSchema>;
