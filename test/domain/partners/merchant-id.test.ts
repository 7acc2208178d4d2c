import { type Proposal, proposeOutlet, type SeenMerchantId } from '../../../src/domain/partners/merchant-id.js';

const OUTLETS = [
  { id: 'london', name: 'London', partnerName: 'Corner Books Ltd' },
  { id: 'leeds', name: 'Leeds', partnerName: 'Corner Books Ltd' },
  { id: 'bakery', name: 'Main', partnerName: 'Bakery' },
];
const told = (...pairs: [string, number][]) => pairs.map(([outletId, purchases]) => ({ outletId, purchases }));

const cases: readonly [string, Partial<SeenMerchantId>, readonly string[], Proposal | undefined][] = [
  ['nothing is said', {}, [], undefined],
  ['another name', { descriptor: 'SUPERMARKET 12' }, [], undefined],
  ['two outlets alike', { descriptor: 'CORNER BOOKS 0042' }, [], undefined],
  [
    'the outlet shows',
    { descriptor: 'CORNER BOOKS LEEDS' },
    [],
    { outletId: 'leeds', score: 100, ground: 'NAME_IN_DESCRIPTOR' },
  ],
  ['the only outlet', { descriptor: 'BAKERY 7' }, [], { outletId: 'bakery', score: 75, ground: 'NAME_IN_DESCRIPTOR' }],
  [
    'one was rejected',
    { descriptor: 'CORNER BOOKS 0042' },
    ['leeds'],
    { outletId: 'london', score: 75, ground: 'NAME_IN_DESCRIPTOR' },
  ],
  [
    'its merchant has told',
    { descriptor: 'CORNER BOOKS LEEDS', told: told(['london', 3], ['bakery', 1]) },
    [],
    { outletId: 'london', score: 75, ground: 'TOLD_BY_MERCHANT' },
  ],
  ['merchants disagree', { told: told(['london', 1], ['bakery', 1]) }, [], undefined],
  ['all were rejected', { descriptor: 'BAKERY', told: told(['bakery', 9]) }, ['bakery'], undefined],
];
test.each(cases)('%s', (_, changes, rejected, proposal) => {
  const seen = { merchantId: 'ACQ-1', descriptor: null, told: [], ...changes };
  expect(proposeOutlet(seen, OUTLETS, new Set(rejected))).toEqual(proposal);
});
