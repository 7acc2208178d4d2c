import { classify } from '../../../src/domain/earning/classify.js';
import { MERCHANT, programme, purchase } from './fixture.js';

const terms = programme();
const airline = { partnerNo: 3, partnerCode: 'airline' };

test.each([
  ['nothing known', {}, 'UNCATEGORISED', 'NOTHING'],
  ['an unknown code', { mcc: '9999' }, 'UNCATEGORISED', 'NOTHING'],
  ['a category the programme does not have', { submittedCategory: 'pets' }, 'UNCATEGORISED', 'NOTHING'],
  ['a category the programme does not have, and a code', { submittedCategory: 'pets', mcc: '5411' }, 'food', 'MCC'],
  ['the first code of a range', { mcc: '5411' }, 'food', 'MCC'],
  ['the last code of a range', { mcc: '5499' }, 'food', 'MCC'],
  ['a code after the range', { mcc: '5500' }, 'UNCATEGORISED', 'NOTHING'],
  ['a code before its first day', { mcc: '3001', businessDate: '2026-01-31' }, 'UNCATEGORISED', 'NOTHING'],
  ['a code on its first day', { mcc: '3001', businessDate: '2026-02-01' }, 'travel', 'MCC'],
  ['a code on its last day', { mcc: '3001', businessDate: '2026-02-28' }, 'travel', 'MCC'],
  ['a code after its last day', { mcc: '3001', businessDate: '2026-03-01' }, 'UNCATEGORISED', 'NOTHING'],
  ['the submitted category before the code', { submittedCategory: 'travel', mcc: '5411' }, 'travel', 'SUBMITTED'],
  [
    'the partner before the submitted category',
    { merchant: airline, submittedCategory: 'food', mcc: '5411' },
    'travel',
    'PARTNER',
  ],
  [
    'the outlet before everything',
    { merchant: { ...MERCHANT, outletCode: 'airport' }, submittedCategory: 'food', mcc: '5411' },
    'travel',
    'OUTLET',
  ],
  ['another outlet of the same partner', { merchant: MERCHANT, mcc: '5411' }, 'food', 'MCC'],
])('%s', (_, more, category, how) => {
  expect(classify(purchase(100n, more), terms)).toEqual({ category, how });
});

test.each([
  ['before its first day', { mcc: '6010', businessDate: '2026-01-14' }, undefined],
  ['on its first day', { mcc: '6010', businessDate: '2026-01-15' }, 'cash'],
  ['at the end of its range', { mcc: '6012' }, 'cash'],
  ['after its range', { mcc: '6013' }, undefined],
  ['whatever the partner is', { mcc: '6011', merchant: airline }, 'cash'],
  ['not without a code', {}, undefined],
])('an exclusion holds %s', (_, more, reason) => {
  expect(classify(purchase(100n, more), terms).excluded?.reason).toBe(reason);
});
