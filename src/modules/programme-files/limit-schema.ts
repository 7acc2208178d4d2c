/** What holds rules together: groups that stack them, caps and budgets that limit them, choices and experiments. */
import { z } from 'zod';
import { CAP_MEASURES, STACKING_MODES } from '../../domain/earning/model.js';
import { fields, words } from '../../infrastructure/yaml.js';
import { CALENDAR_PERIODS, FILE_PERIODS } from './condition-schema.js';
import {
  code,
  days,
  decimal,
  ENDS_BEFORE_START,
  endsAfterStart,
  exactlyOne,
  name,
  ofEditors,
  rate,
  someOf,
  text,
  wholeNumber,
  yesOrNo,
} from './scalar-schema.js';

export const group = fields({
  mode: words(...STACKING_MODES).describe('How the rules of the group go together.'),
  priority: wholeNumber(-1000, 1000).default(0).describe('Higher first; rules without a group have 0.'),
  silences: someOf(code).optional().describe('EXCLUSIVE only: groups that pay nothing when this one pays.'),
});

/** What a cap or a budget covers: the whole programme when none is written. */
const scope = {
  rules: someOf(code).optional().describe('Only what these rules give.'),
  groups: someOf(code).optional().describe('Only what the rules of these groups give.'),
  categories: someOf(name).optional().describe('Only in these categories, all of them together.'),
};

export const cap = fields({
  code: code.describe('Names the counter.'),
  measure: words(...CAP_MEASURES)
    .default('REWARD')
    .describe('What is limited: units earned, spend rewarded, or how often.'),
  of: words('MEMBER', 'CARD', 'ACCOUNT').default('MEMBER').describe('Who has a counter of its own.'),
  per: words('transaction', ...FILE_PERIODS).describe('The period after which the counter begins anew.'),
  max: decimal.optional().describe('Units, money or a number, by the measure.'),
  maxShare: rate.optional().describe('Per transaction: at most this share of the purchase, instead of max.'),
  ...scope,
  category: name.optional().describe('Short for one category.'),
  over: code.optional().describe('The rule by which what is above the cap earns instead of nothing.'),
  ...days,
})
  .refine(endsAfterStart, ENDS_BEFORE_START)
  .refine(exactlyOne('max', 'maxShare'), 'Write exactly one of "max" and "maxShare".')
  .meta(ofEditors('max', 'maxShare'));

export const budget = fields({
  code: code.describe('Names the budget; caps and budgets share their names.'),
  max: decimal.describe('Units that all members together can earn.'),
  per: words(...FILE_PERIODS)
    .default('campaign')
    .describe('The period after which the budget begins anew.'),
  ...scope,
  ...days,
  refundReleases: yesOrNo.default(true).describe('Whether a refund gives back what its purchase took.'),
}).refine(endsAfterStart, ENDS_BEFORE_START);

export const choice = fields({
  name: text.describe('For people.'),
  offered: someOf(code).describe('Categories that may be chosen.'),
  shown: wholeNumber(1, 1000)
    .optional()
    .describe('How many of them each member is shown, drawn per period; all when absent.'),
  pick: wholeNumber(1, 1000).describe('How many a member chooses.'),
  per: words(...CALENDAR_PERIODS).describe('The period a choice is for.'),
  opensDaysBefore: wholeNumber(0, 92).default(0).describe('Days before the period from which it may be chosen.'),
  closesOnDay: wholeNumber(0, 366)
    .optional()
    .describe('Last day of the period on which it may still be chosen, 1 is its first; the last one when absent.'),
  default: z.array(code).default([]).describe('In force when nothing was chosen.'),
});

export const experiment = fields({
  variants: z
    .record(code, wholeNumber(1, 10_000))
    .describe('Variant and its weight; one that no rule names is a holdout.'),
});

export type FileCap = z.output<typeof cap>;
export type FileBudget = z.output<typeof budget>;
