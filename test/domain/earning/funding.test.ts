import { fundersOf } from '../../../src/domain/earning/funding.js';
import type { EarningFacts, Funding, Purchase } from '../../../src/domain/earning/model.js';
import { formatRate } from '../../../src/domain/money/rate.js';
import { bothContracts, contract, facts, ISSUER, MERCHANT, purchase, r } from './fixture.js';

const byContract = (of: 'MERCHANT' | 'ISSUER' | 'PROGRAMME'): Funding => ({ by: 'CONTRACT', of });
const split: Funding = {
  by: 'SPLIT',
  shares: [
    { party: 'MERCHANT', share: r('70%') },
    { party: 'ISSUER', share: r('20%') },
    { party: 'PROGRAMME', share: r('10%') },
  ],
};
const both = { merchant: MERCHANT, issuer: ISSUER };

test.each<[string, Funding, Partial<Purchase>, Partial<EarningFacts>, object]>([
  [
    'the merchant pays and there is none',
    byContract('MERCHANT'),
    { issuer: ISSUER },
    bothContracts,
    { code: 'NO_MERCHANT', party: 'MERCHANT' },
  ],
  [
    'the merchant pays and has no contract',
    byContract('MERCHANT'),
    both,
    { issuerContract: contract(2) },
    { code: 'NO_CONTRACT', party: 'MERCHANT' },
  ],
  [
    'the issuer pays and there is none',
    byContract('ISSUER'),
    { merchant: MERCHANT },
    bothContracts,
    { code: 'NO_ISSUER', party: 'ISSUER' },
  ],
  [
    'the issuer pays and has no contract',
    byContract('ISSUER'),
    both,
    { merchantContract: contract(1) },
    { code: 'NO_CONTRACT', party: 'ISSUER' },
  ],
  [
    'a party of the split is absent',
    split,
    { merchant: MERCHANT },
    bothContracts,
    { code: 'NO_ISSUER', party: 'ISSUER' },
  ],
  [
    'a party of the split has no contract',
    split,
    both,
    { issuerContract: contract(2) },
    { code: 'NO_CONTRACT', party: 'MERCHANT' },
  ],
  [
    "the merchant's contract wants a part from an absent issuer",
    byContract('MERCHANT'),
    { merchant: MERCHANT },
    {
      merchantContract: contract(1, [
        { party: 'SELF', share: r('1/2') },
        { party: 'ISSUER', share: r('1/2') },
      ]),
    },
    { code: 'NO_ISSUER', party: 'ISSUER' },
  ],
])('nobody pays when %s', (_, funding, parties, seen, gap) => {
  expect(fundersOf(funding, purchase(100n, parties), facts(seen))).toEqual(gap);
});

test.each<[string, Funding, Partial<Purchase>, Partial<EarningFacts>, [string, number, string][]]>([
  ['the programme needs nobody', byContract('PROGRAMME'), {}, {}, [['PROGRAMME', 0, '1/1']]],
  ['the merchant alone', byContract('MERCHANT'), both, bothContracts, [['shop', 1, '1/1']]],
  ['the issuer alone', byContract('ISSUER'), both, bothContracts, [['bank', 2, '1/1']]],
  [
    'a split',
    split,
    both,
    bothContracts,
    [
      ['shop', 1, '7/10'],
      ['bank', 2, '1/5'],
      ['PROGRAMME', 0, '1/10'],
    ],
  ],
  [
    'a contract that shares, in its order',
    byContract('ISSUER'),
    both,
    {
      ...bothContracts,
      issuerContract: contract(2, [
        { party: 'PROGRAMME', share: r('1/3') },
        { party: 'SELF', share: r('1/3') },
        { party: 'MERCHANT', share: r('1/3') },
      ]),
    },
    [
      ['PROGRAMME', 0, '1/3'],
      ['bank', 2, '1/3'],
      ['shop', 1, '1/3'],
    ],
  ],
  [
    'a share of zero asks for nobody',
    byContract('MERCHANT'),
    { merchant: MERCHANT },
    {
      merchantContract: contract(1, [
        { party: 'SELF', share: r('1') },
        { party: 'ISSUER', share: r('0') },
      ]),
    },
    [['shop', 1, '1/1']],
  ],
  [
    'a bank that sells, paid with its own card, is one funder',
    split,
    { merchant: { partnerNo: 2, partnerCode: 'bank' }, issuer: ISSUER },
    { merchantContract: contract(2), issuerContract: contract(2) },
    [
      ['bank', 2, '9/10'],
      ['PROGRAMME', 0, '1/10'],
    ],
  ],
])('%s', (_, funding, parties, seen, expected) => {
  const funders = fundersOf(funding, purchase(100n, parties), facts(seen));
  expect(
    'code' in funders ? funders : funders.map(({ name, funderNo, share }) => [name, funderNo, formatRate(share)]),
  ).toEqual(expected);
});
