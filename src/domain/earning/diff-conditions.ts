/** What changes in the conditions of a rule, in words. */
import { fields, leaf, setOf } from './diff-shape.js';
import * as words from './diff-words.js';
import type { AmountBound, Conditions } from './model.js';

const text = (subject: string) => leaf<string>(subject, words.text);
const byAmount = (a: AmountBound, b: AmountBound): number =>
  a.amountMinor < b.amountMinor ? -1 : a.amountMinor > b.amountMinor ? 1 : 0;
const codes = (subject: string) => setOf<string>(subject, words.text);

export const conditionsShape = fields<Conditions>('the conditions', {
  partners: codes('the partners'),
  outlets: codes('the outlets'),
  issuers: codes('the issuers'),
  cardProducts: codes('the card products'),
  channels: setOf('the channels', words.word),
  categories: codes('the categories'),
  tags: codes('the product tags'),
  minimum: leaf('the minimum amount', words.amountBound, { order: byAmount }),
  maximum: leaf('the maximum amount', words.amountBound, { order: byAmount }),
  minimumItems: leaf<number>('the least number of items', words.number, { order: (a, b) => a - b }),
  weekdays: setOf('the days of the week', words.weekday),
  hours: leaf('the hours', words.hours, { plural: true }),
  clock: leaf('the clock', words.word),
  tiers: codes('the tiers'),
  segments: codes('the segments'),
  activation: leaf('the activation', words.activation),
  chosen: text('the choice'),
  birthday: leaf('the birthday window', words.birthday),
  reaches: leaf('the mark', words.reaches),
  action: text('the action'),
  experiment: leaf('the variant', words.experimentOf),
  from: text('the first day'),
  until: text('the last day'),
});
