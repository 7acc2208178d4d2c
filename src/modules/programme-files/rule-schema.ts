/** Earning rules in a programme file: what they reward, what they give, who pays, how it is rounded. */
import { z } from 'zod';
import { BASE_PARTS, ROUNDING_SCOPES } from '../../domain/earning/model.js';
import { addRates, compareRates, describeRate, ONE, type Rate, ZERO_RATE } from '../../domain/money/rate.js';
import { ROUNDING_MODES } from '../../domain/money/rounding.js';
import { fields, words } from '../../infrastructure/yaml.js';
import { FILE_PERIODS, when } from './condition-schema.js';
import { code, decimal, exactlyOne, name, ofEditors, rate, ratio, text } from './scalar-schema.js';

type Shares = Readonly<Record<string, Rate | undefined>>;
const total = (shares: Shares): Rate =>
  Object.values(shares).reduce<Rate>((sum, share) => addRates(sum, share ?? ZERO_RATE), ZERO_RATE);
export const sumsToOne = (shares: Shares): boolean => compareRates(total(shares), ONE) === 0;
export const NOT_ONE = {
  error: (issue: { readonly input?: unknown }) =>
    `The shares sum to ${describeRate(total(issue.input as Shares))}; they must sum to exactly 100 %. Thirds are written 1/3.`,
};

/** Shares of those who pay. */
export const parties = {
  MERCHANT: rate.optional().describe('Share of the merchant.'),
  ISSUER: rate.optional().describe('Share of the bank whose card pays.'),
  PROGRAMME: rate.optional().describe('Share of the programme.'),
};
const funding = z.union([words('MERCHANT', 'ISSUER', 'PROGRAMME'), fields(parties).refine(sumsToOne, NOT_ONE)], {
  error: 'Write MERCHANT, ISSUER or PROGRAMME, or a share for each of them that pays.',
});

export const base = z.union(
  [
    words('GROSS'),
    fields({ without: z.array(words(...BASE_PARTS)).describe('Parts that are not rewarded; [] rewards the gross.') }),
  ],
  { error: 'Write GROSS, or { without: [REDEMPTION, DISCOUNT] }.' },
);

export const rounding = z.union(
  [
    words(...ROUNDING_MODES),
    fields({
      mode: words(...ROUNDING_MODES).describe('How the exact reward becomes a multiple of the step.'),
      step: decimal.optional().describe('In units; the smallest that the unit has when absent.'),
      per: words(...ROUNDING_SCOPES)
        .default('RULE')
        .describe('Rounded for each basket line, each rule, or the whole transaction.'),
      spend: fields({
        to: decimal.describe('The spend counts in whole multiples of this amount.'),
        mode: words(...ROUNDING_MODES)
          .default('FLOOR')
          .describe('How the spend is rounded.'),
      })
        .optional()
        .describe('Rounds the spend before the reward is taken of it.'),
    }),
  ],
  { error: `Write one of ${ROUNDING_MODES.join(', ')}, or { mode, step, per, spend }.` },
);

/** Of these a rule has exactly one. */
export const EFFECTS = ['rate', 'matrix', 'step', 'fixed', 'perItem', 'multiply', 'bands'] as const;

export const rule = fields({
  code: code.describe('Stands in every accrual.'),
  name: text.describe('Stands in every explanation.'),
  funding: funding.describe('Who pays: a role by its contract, or shares that sum to 100 %.'),
  group: code.optional().describe('Stacking group; rules without one add up.'),
  base: base.optional().describe("What this rule rewards, instead of the programme's base."),
  rounding: rounding.optional().describe("How this rule rounds, instead of the programme's rounding."),
  accumulate: words(...FILE_PERIODS)
    .optional()
    .describe("The effect is a function of the period's whole spend; this purchase earns what it adds."),
  when,
  rate: rate.optional().describe('Effect: a share of the spend.'),
  matrix: z
    .record(code, z.record(name, rate))
    .optional()
    .describe('Effect: tier, then category, then rate; BASE is for categories without a cell.'),
  step: fields({
    units: decimal.describe('Units given.'),
    every: decimal.describe('Per full amount spent.'),
  })
    .optional()
    .describe('Effect: units per full amount spent.'),
  fixed: decimal.optional().describe('Effect: so many units.'),
  perItem: decimal.optional().describe('Effect: so many units for every item of the lines it covers.'),
  multiply: fields({
    rule: code.describe('The rule that is multiplied.'),
    by: ratio.describe('How many times, such as 3 or 1.5.'),
    pays: words('BONUS', 'WHOLE')
      .default('BONUS')
      .describe('BONUS pays the part above one beside the rule; WHOLE pays all of it instead of the rule.'),
  })
    .optional()
    .describe('Effect: what another rule gives here, several times.'),
  bands: z
    .array(
      fields({
        upTo: decimal.optional().describe('Where the band ends; the last one has no end.'),
        rate: rate.describe('The rate of the spend inside the band.'),
      }),
    )
    .min(1, 'Write at least one band.')
    .optional()
    .describe('Effect: the first part of the spend at one rate, the next at another.'),
})
  .refine(exactlyOne(...EFFECTS), `A rule has exactly one effect; write one of ${EFFECTS.join(', ')}.`)
  .meta(ofEditors(...EFFECTS));

export type FileRule = z.output<typeof rule>;
export type FileBase = z.output<typeof base>;
export type FileRounding = z.output<typeof rounding>;
