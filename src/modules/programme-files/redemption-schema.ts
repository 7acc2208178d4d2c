/** How long units last and what they may pay for, as a programme file writes it. */
import { z } from 'zod';
import { CONSUMPTION_ORDERS } from '../../domain/redemption/model.js';
import { fields, words } from '../../infrastructure/yaml.js';
import { date, decimal, exactlyOne, ofEditors, rate, ratio, wholeNumber, yes, yesOrNo } from './scalar-schema.js';

const LIVES = ['days', 'months', 'endOfMonth', 'endOfYear', 'rolling'] as const;
const ONE_LIFE = `Write exactly one of ${LIVES.join(', ')}.`;

export const expiry = z.union(
  [
    words('NEVER'),
    fields({
      days: wholeNumber(1, 3660).optional().describe('So many days.'),
      months: wholeNumber(1, 120).optional().describe('So many months.'),
      endOfMonth: wholeNumber(0, 120).optional().describe('To the end of the n-th month after; 0 is the same month.'),
      endOfYear: wholeNumber(0, 10).optional().describe('To the end of the n-th year after; 0 is the same year.'),
      rolling: wholeNumber(1, 3660).optional().describe("Days from the member's last activity."),
      from: words('AVAILABLE', 'ACCRUAL')
        .optional()
        .describe('Counted from the day units become available (the default) or were earned.'),
    })
      .refine(exactlyOne(...LIVES), ONE_LIFE)
      .refine((value) => value.rolling === undefined || value.from === undefined, {
        path: ['from'],
        error: 'Rolling expiry counts from the last activity; remove "from".',
      })
      .meta(ofEditors(...LIVES)),
  ],
  { error: 'Write NEVER, or one of { days }, { months }, { endOfMonth }, { endOfYear } and { rolling }.' },
);

const outflow = z
  .union(
    [
      yes,
      fields({
        perDay: decimal.optional().describe('Most units of one member in a calendar day.'),
        perMonth: decimal.optional().describe('Most units of one member in a calendar month.'),
        holdAbove: decimal.optional().describe('More units at once wait until a person has looked at them.'),
      }),
    ],
    { error: 'Write true, or { perDay, perMonth, holdAbove }.' },
  )
  .transform((value) => (value === 'true' ? {} : value))
  .optional();

export const redemption = fields({
  maxShare: rate.prefault('100%').describe('Most of a purchase that units may pay.'),
  discountsCount: yesOrNo.default(false).describe('Whether discounts on the purchase use up that share too.'),
  minimumOwn: decimal.default('0').describe('Least that is paid in own money.'),
  minimumUnits: decimal.default('0').describe('Least units in one redemption.'),
  worth: ratio.optional().describe("Money that one unit is worth when it is redeemed; the unit's worth when absent."),
  order: words(...CONSUMPTION_ORDERS)
    .default('AVAILABLE_FIRST')
    .describe('Which lots are used first.'),
  returnGraceDays: wholeNumber(0, 3660)
    .default(30)
    .describe('Units that a returned basket gives back live at least so many days.'),
  authorisationHours: wholeNumber(1, 8760)
    .default(168)
    .describe('Units set aside for a purchase that nobody completes go back after so many hours.'),
  noticeDays: wholeNumber(0, 366)
    .default(30)
    .describe('Members are told so many days before units expire; 0 is never.'),
  cashOut: outflow.describe('Whether units are paid out to cards of banks, and how many.'),
  transfer: outflow.describe('Whether members give units to each other, and how many.'),
  donation: yesOrNo.default(false).describe('Whether units are given to charities.'),
});

export const dormancy = fields({
  afterDays: wholeNumber(1, 3660).describe('Days without activity; the fee is taken from the day after.'),
  fee: decimal.describe('Units a month, never below zero.'),
});

export const windDown = fields({
  earningEnds: date.describe('The first day on which nothing is earned any more.'),
  redemptionUntil: date.describe('The last day on which units can be used; what is left is written off.'),
}).refine(({ earningEnds, redemptionUntil }) => earningEnds <= redemptionUntil, {
  path: ['redemptionUntil'],
  error: 'Redemption ends before earning does; let members use what they have.',
});
