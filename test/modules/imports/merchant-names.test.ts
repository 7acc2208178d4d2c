import { MerchantNames } from '../../../src/modules/imports/merchant-names.js';

const partner = (code: string, names: string[]) => ({
  code,
  name: code,
  roles: ['MERCHANT' as const],
  outlet: { code: 'all', name: 'All', channel: 'IN_STORE' as const },
  names,
  contract: {},
});

const names = new MerchantNames([
  partner('bp', ['bp', 'bp *']),
  partner('costa', ['costa', 'costa coffee*', '* costa coffee', 'costa (uk)']),
  partner('tesco', ['tesco *', '* tesco']),
  partner('anything-french', ['*.fr']),
]);

test.each<[string, string | undefined]>([
  ['bp', 'bp'],
  ['BP Snax 24', 'bp'],
  ['  bp   snax  ', 'bp'],
  ['bpma', undefined],
  ['the bp', undefined],
  ['costa', 'costa'],
  ['43036690 costa coffee', 'costa'],
  ['costa @ tesco', 'tesco'],
  ['costa (uk)', 'costa'],
  ['costa uk', undefined],
  ['costa coffee ltd 12706', 'costa'],
  ['costadelsol', undefined],
  ['shop.fr', 'anything-french'],
  ['shopxfr', undefined],
  ['', undefined],
])('%j is %s', (name, code) => {
  expect(names.outletOf(name)?.partnerCode).toBe(code);
  expect(names.outletOf(name)?.partnerCode).toBe(code); // remembered
});

test('of two that match the first in the file wins, whether by pattern or by the exact name', () => {
  const both = new MerchantNames([
    partner('first', ['corner *']),
    partner('second', ['corner shop', 'shop*']),
    partner('third', ['shop']),
  ]);
  expect(both.outletOf('corner shop')?.partnerCode).toBe('first');
  expect(both.outletOf('shop')?.partnerCode).toBe('second');
});
