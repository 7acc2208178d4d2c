/**
 * The single values of a programme file: how each is written and what it means.
 *
 * Every scalar arrives as the text that stands in the file. Editors read YAML's own numbers and booleans
 * before they look at the JSON Schema, so each carries what an editor may see (`meta`).
 */
import { z } from 'zod';
import { isBusinessDate, isTimeZone } from '../../domain/kernel/calendar.js';
import { isCurrencyCode } from '../../domain/money/currency.js';
import { compareRates, describeRate, ONE, parseRate, type Rate } from '../../domain/money/rate.js';
import { words } from '../../infrastructure/yaml.js';

const textOr = (...types: string[]): { type: string[] } => ({ type: ['string', ...types] });

export const text = z
  .string()
  .trim()
  .min(1, 'Write something here.')
  .max(200, 'Write at most 200 characters.')
  .meta(textOr('number', 'boolean'));

const CODE = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Codes are keys of plain objects; the one lower-case name that every object already has is refused. */
export const code = z
  .string()
  .regex(CODE, 'A code is 1 to 63 small letters, digits and dashes, such as "fuel-and-tolls".')
  .refine((value) => value !== 'constructor', 'This word is reserved; choose another code.')
  .meta({ ...textOr('integer'), not: { const: 'constructor' } });

/** A code of the file or one of its capital words (UNCATEGORISED); what exists is checked in the terms. */
export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/, 'Write the code of one that stands in this file.')
  .meta(textOr('integer'));

export const outlet = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}\/[a-z0-9][a-z0-9-]{0,62}$/, 'An outlet is written "partner/outlet".');

export const date = z
  .string()
  .refine(isBusinessDate, 'A day is written YYYY-MM-DD and must exist.')
  .meta({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' });

export const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time is written "HH:MM", from "00:00" to "23:59", in quotes.');

/** 29 February is one. */
export const monthAndDay = z
  .string()
  .refine((value) => /^\d\d-\d\d$/.test(value) && isBusinessDate(`2000-${value}`), 'A birthday is written MM-DD.')
  .meta({ pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' });

export const currency = z
  .string()
  .refine(isCurrencyCode, 'This is not a currency; write the three capital letters of ISO 4217, such as EUR.')
  .meta({ pattern: '^[A-Z]{3}$' });

export const timeZone = z
  .string()
  .refine(isTimeZone, 'This is not a time zone; write an IANA name such as Europe/Lisbon.')
  .meta({ pattern: '^[A-Za-z][A-Za-z0-9_+/-]*$' });

/** Money in the programme's currency, or units; its decimals are checked in the terms. */
export const decimal = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,18})?$/, 'An amount is written with digits and at most one point, such as 12.30.')
  .meta({ ...textOr('number'), minimum: 0 });

/** Units of a member, below zero while it owes some. */
export const balance = z
  .string()
  .regex(
    /^-?\d{1,15}(\.\d{1,18})?$/,
    'A balance is written as an amount, such as 12.30, or -12.30 while units are owed.',
  )
  .meta(textOr('number'));

export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .transform((value, context): number => {
      if (/^-?\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value);
      context.addIssue(`"${value}" does not fit; write a whole number from ${least} to ${most}.`);
      return z.NEVER;
    })
    .meta({ ...textOr('integer'), pattern: least < 0 ? '^-?\\d{1,6}$' : '^\\d{1,6}$', minimum: least, maximum: most });

export const yesOrNo = words('true', 'false')
  .transform((value) => value === 'true')
  .meta({ ...textOr('boolean'), enum: [true, false, 'true', 'false'] });

/** For fields that only their presence matters of. */
export const yes = words('true').meta({ ...textOr('boolean'), enum: [true, 'true'] });

const anyRate = z.string().transform((value, context): Rate => {
  const rate = parseRate(value);
  if (rate !== undefined) return rate;
  context.addIssue(`"${value}" is not a rate; write 5%, 0.05 or 1/20.`);
  return z.NEVER;
});

/** At most 100 %. */
export const rate = anyRate
  .refine((value) => compareRates(value, ONE) <= 0, {
    error: (issue) =>
      `${describeRate(issue.input as Rate)} is more than 100 %; write five percent as 5%, 0.05 or 1/20.`,
  })
  .meta({
    ...textOr('number'),
    pattern: '^(100(\\.0+)?|\\d{1,2}(\\.\\d{1,18})?) *%$|^(0(\\.\\d{1,18})?|1(\\.0+)?)$|^\\d{1,18} */ *\\d{1,18}$',
    minimum: 0,
    maximum: 1,
  });

/** Any exact number above zero: a price, a multiplier. */
export const ratio = anyRate
  .refine((value) => value.numerator > 0n, 'Write a number above zero, as a decimal or a fraction.')
  .meta({
    ...textOr('number'),
    pattern: '^\\d{1,18}(\\.\\d{1,18})? *%?$|^\\d{1,18} */ *\\d{1,18}$',
    exclusiveMinimum: 0,
  });

const MCC = /^(\d{4})(?:-(\d{4}))?$/;
export const mccs = z
  .string()
  .transform((value, context): { first: string; last: string } => {
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
  })
  .meta({ ...textOr('integer'), pattern: '^\\d{4}(-\\d{4})?$', minimum: 0, maximum: 9999 });

export const mcc = z
  .string()
  .regex(/^\d{4}$/, 'A merchant category code is four digits, such as 0742.')
  .meta({ ...textOr('integer'), minimum: 0, maximum: 9999 });

/** A statement descriptor in capitals, `*` for any characters. */
export const descriptorPattern = z
  .string()
  .trim()
  .min(1, 'Write something here.')
  .max(100, 'Write at most 100 characters.')
  .refine((value) => value === value.toUpperCase(), 'Write descriptors in capitals, as statements do.')
  .refine((value) => /[^*]/.test(value), 'This matches everything; write a part of the descriptor.')
  .meta({ pattern: '^[^a-z]*[^a-z*][^a-z]*$' });

/** A list that, when it is there, names something. */
export const someOf = <T extends z.ZodType>(item: T) =>
  z.array(item).min(1, 'Name at least one, or leave this field out.');

interface Days {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** First and last day, both included; open when absent. */
export const days = {
  from: date.optional().describe('First day, included; open when absent.'),
  until: date.optional().describe('Last day, included; open when absent.'),
};
export const endsAfterStart = ({ from, until }: Days): boolean =>
  from === undefined || until === undefined || from <= until;
export const ENDS_BEFORE_START = { path: ['until'], error: 'The last day is before the first; swap them.' };

/** Of these fields exactly one stands there: for `refine`, and for editors. */
export const exactlyOne =
  (...names: readonly string[]) =>
  (value: object): boolean =>
    names.filter((each) => (value as Record<string, unknown>)[each] !== undefined).length === 1;
export const ofEditors = (...names: readonly string[]) => ({
  oneOf: names.map((each) => ({ required: [each] })),
});
