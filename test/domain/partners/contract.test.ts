import { ONE } from '../../../src/domain/money/rate.js';
import { type AgreedTerms, checkContract } from '../../../src/domain/partners/contract.js';
import { DEFAULT_SETTLEMENT_TERMS } from '../../../src/domain/partners/settlement-terms.js';
import { rateOf } from '../../support/module-fixture.js';

const GOOD: AgreedTerms = {
  effectiveFrom: '2026-01-01',
  fundingShares: [{ party: 'SELF', share: ONE }],
  commissionRate: rateOf('10%'),
  taxCode: 'VAT-20',
  taxRate: rateOf('20%'),
  taxTreatment: 'MARKETING',
  minimumPayoutMinor: 0n,
  model: 'SETTLE_AT_ISSUANCE',
  refundReturnsCommission: true,
  settlement: DEFAULT_SETTLEMENT_TERMS,
};
const shares = (
  ...parts: readonly (readonly ['SELF' | 'MERCHANT' | 'ISSUER' | 'PROGRAMME', string])[]
): Partial<AgreedTerms> => ({
  fundingShares: parts.map(([party, share]) => ({ party, share: rateOf(share) })),
});

describe('checkContract refuses', () => {
  test.each<[string, Partial<AgreedTerms>, string, string]>([
    ['a day that does not exist', { effectiveFrom: '2026-02-30' }, 'MALFORMED_DATE', 'effectiveFrom'],
    ['the day of the newest version', { effectiveFrom: '2025-06-01' }, 'EFFECTIVE_FROM_NOT_LATER', 'effectiveFrom'],
    ['a day before the newest version', { effectiveFrom: '2025-05-31' }, 'EFFECTIVE_FROM_NOT_LATER', 'effectiveFrom'],
    ['no shares', shares(), 'FUNDING_SHARES_NOT_ONE', 'fundingShares'],
    ['shares below one', shares(['SELF', '60%'], ['PROGRAMME', '39.99%']), 'FUNDING_SHARES_NOT_ONE', 'fundingShares'],
    ['shares above one', shares(['SELF', '60%'], ['PROGRAMME', '41%']), 'FUNDING_SHARES_NOT_ONE', 'fundingShares'],
    [
      'thirds as decimals',
      shares(['SELF', '0.333'], ['ISSUER', '0.333'], ['PROGRAMME', '0.333']),
      'FUNDING_SHARES_NOT_ONE',
      'fundingShares',
    ],
    ['a share of zero', shares(['SELF', '1'], ['PROGRAMME', '0']), 'FUNDING_SHARE_ZERO', 'fundingShares.1.share'],
    ['a party twice', shares(['SELF', '50%'], ['SELF', '50%']), 'FUNDING_PARTY_REPEATED', 'fundingShares.1.party'],
    ['a commission above one', { commissionRate: rateOf('5') }, 'RATE_ABOVE_ONE', 'commissionRate'],
    [
      'a free unit',
      { settlement: { ...DEFAULT_SETTLEMENT_TERMS, redemptionPrice: rateOf('0') } },
      'PRICE_ZERO',
      'settlement.redemptionPrice',
    ],
    [
      'an acceptance fee above one',
      { settlement: { ...DEFAULT_SETTLEMENT_TERMS, acceptanceFeeRate: rateOf('101%') } },
      'RATE_ABOVE_ONE',
      'settlement.acceptanceFeeRate',
    ],
    [
      'a clawback limit below zero',
      { settlement: { ...DEFAULT_SETTLEMENT_TERMS, clawbackLimitUnits: -1n } },
      'AMOUNT_NEGATIVE',
      'settlement.clawbackLimit',
    ],
    [
      'a deposit below zero',
      { settlement: { ...DEFAULT_SETTLEMENT_TERMS, depositMinor: -1n } },
      'AMOUNT_NEGATIVE',
      'settlement.deposit.amount',
    ],
    [
      'a dispute of more than a year',
      { settlement: { ...DEFAULT_SETTLEMENT_TERMS, disputeDays: 366 } },
      'DAYS_OUT_OF_RANGE',
      'settlement.disputeDays',
    ],
    ['a tax above one', { taxRate: rateOf('100.01%') }, 'RATE_ABOVE_ONE', 'taxRate'],
    ['an empty tax code', { taxCode: '' }, 'MALFORMED_TAX_CODE', 'taxCode'],
    ['a tax code in small letters', { taxCode: 'vat' }, 'MALFORMED_TAX_CODE', 'taxCode'],
    ['a minimum below zero', { minimumPayoutMinor: -1n }, 'MINIMUM_PAYOUT_NEGATIVE', 'minimumPayout.amount'],
  ])('%s', (_, but, code, field) => {
    expect(checkContract({ ...GOOD, ...but }, '2025-06-01')).toMatchObject({ ok: false, failure: { code, field } });
  });
});

describe('checkContract takes', () => {
  test.each<[string, Partial<AgreedTerms>, string | undefined]>([
    ['the first version', {}, undefined],
    ['the day after the newest version', { effectiveFrom: '2025-06-02' }, '2025-06-01'],
    ['exact thirds', shares(['SELF', '1/3'], ['ISSUER', '1/3'], ['PROGRAMME', '1/3']), undefined],
    ['rates of nothing and everything', { commissionRate: rateOf('0'), taxRate: rateOf('100%') }, undefined],
  ])('%s', (_, but, newest) => {
    expect(checkContract({ ...GOOD, ...but }, newest)).toEqual({ ok: true, value: undefined });
  });
});
