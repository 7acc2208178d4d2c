/** When a rule holds: the fields below `when`. All that are written must hold; of a list one is enough. */
import { z } from 'zod';
import { CHANNELS } from '../../domain/earning/model.js';
import { fields, words } from '../../infrastructure/yaml.js';
import {
  code,
  days,
  decimal,
  ENDS_BEFORE_START,
  endsAfterStart,
  exactlyOne,
  name,
  ofEditors,
  outlet,
  someOf,
  timeOfDay,
  wholeNumber,
  yes,
  yesOrNo,
} from './scalar-schema.js';

/** Words for periods as files write them; the model has them in capitals. */
export const FILE_PERIODS = ['day', 'week', 'month', 'quarter', 'year', 'statement', 'campaign', 'lifetime'] as const;
export const CALENDAR_PERIODS = ['month', 'quarter', 'year'] as const;
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const MARKS = ['purchases', 'spend', 'partners', 'categories'] as const;

const reaches = fields({
  purchases: wholeNumber(1, 100_000).optional().describe('The n-th kept purchase.'),
  spend: decimal.optional().describe('Kept spend, in money.'),
  partners: wholeNumber(1, 10_000).optional().describe('Number of different partners.'),
  categories: wholeNumber(1, 10_000).optional().describe('Number of different categories.'),
  per: words(...FILE_PERIODS).describe('The period in which the member gets there.'),
  repeats: yesOrNo.default(false).describe('Pays at every multiple of the mark instead of the first only.'),
  atSamePartner: yesOrNo.default(false).describe('Counts for each partner by itself.'),
})
  .refine(exactlyOne(...MARKS), 'Write exactly one of "purchases", "spend", "partners" and "categories".')
  .meta(ofEditors(...MARKS));

export const when = fields({
  partners: someOf(code).optional().describe('Only at these merchants.'),
  outlets: someOf(outlet).optional().describe('Only at these outlets, each "partner/outlet".'),
  issuers: someOf(code).optional().describe('Only with cards of these banks.'),
  cardProducts: someOf(code).optional().describe('Only with these card products, such as credit.'),
  channels: someOf(words(...CHANNELS))
    .optional()
    .describe('Only through these channels.'),
  categories: someOf(name).optional().describe('Only in these categories; UNCATEGORISED is one.'),
  tags: someOf(code).optional().describe('Only basket lines with one of these product or brand tags.'),
  tiers: someOf(code).optional().describe('Only members of these tiers.'),
  segments: someOf(code).optional().describe('Only members in one of these segments.'),
  ...days,
  minimum: decimal.optional().describe("Least amount of the rule's base, itself included."),
  above: decimal.optional().describe('As minimum, but the amount itself does not hold.'),
  maximum: decimal.optional().describe("Most of the rule's base, itself included."),
  below: decimal.optional().describe('As maximum, but the amount itself does not hold.'),
  minimumItems: wholeNumber(1, 100_000).optional().describe('Least number of items on the lines it covers.'),
  days: someOf(words(...WEEKDAYS))
    .optional()
    .describe('Days of the week.'),
  hours: someOf(
    fields({
      from: timeOfDay.describe('From this time on, included.'),
      until: timeOfDay.describe('Until this time, excluded; before "from" when the window runs over midnight.'),
    }),
  )
    .optional()
    .describe('Times of the day.'),
  clock: words('PROGRAMME', 'MEMBER').optional().describe('Whose clock days and hours go by; PROGRAMME when absent.'),
  activation: z
    .union([yes, fields({ per: words(...CALENDAR_PERIODS).describe('Anew in each of these periods.') })], {
      error: 'Write true, or { per: month }, quarter or year.',
    })
    .optional()
    .describe('Only once the member has activated this rule.'),
  chosen: code.optional().describe('Only in categories that the member has chosen in this choice.'),
  birthday: fields({
    daysBefore: wholeNumber(0, 182).default(0).describe('Days before the birthday that hold too.'),
    daysAfter: wholeNumber(0, 182).default(0).describe('Days after the birthday that hold too.'),
    leapDay: words('FEB_28', 'MAR_1').default('FEB_28').describe('For those born on 29 February in other years.'),
  })
    .optional()
    .describe("Only around the member's birthday; {} is the day itself."),
  first: words('PROGRAMME', 'PARTNER').optional().describe('The first purchase in the programme, or at this partner.'),
  reaches: reaches.optional().describe("A mark on the member's own history that this very purchase reaches."),
  action: code.optional().describe('For this event instead of purchases, such as registration or review.'),
  experiment: fields({
    code: code.describe('The experiment.'),
    variants: someOf(code).describe('Its variants for which the rule holds.'),
  })
    .optional()
    .describe('Only members whom the experiment put into one of these variants.'),
})
  .refine(endsAfterStart, ENDS_BEFORE_START)
  .default({})
  .describe('When the rule holds; always when absent.');

export type FileConditions = z.output<typeof when>;
