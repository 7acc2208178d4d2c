/** A small programme and its parties, in which each test changes only what it is about. */
import type {
  ContractShare,
  ContractTerms,
  EarningFacts,
  EarningRule,
  ProgrammeTerms,
  Purchase,
} from '../../../src/domain/earning/model.js';
import { parseRate, type Rate, rate } from '../../../src/domain/money/rate.js';

export const r = (text: string): Rate => {
  const parsed = parseRate(text);
  if (parsed === undefined) throw new Error(`not a rate: ${text}`);
  return parsed;
};

export const MERCHANT = { partnerNo: 1, partnerCode: 'shop', outletCode: 'high-street' };
export const ISSUER = { partnerNo: 2, partnerCode: 'bank' };

export const BASE_RULE: EarningRule = {
  kind: 'RATE',
  code: 'base',
  name: 'Base',
  funding: { by: 'CONTRACT', of: 'PROGRAMME' },
  rate: r('1%'),
};

export const rateRule = (code: string, rateText: string, more: Partial<EarningRule> = {}): EarningRule =>
  ({ ...BASE_RULE, code, name: code, rate: r(rateText), ...more }) as EarningRule;

export const programme = (more: Partial<ProgrammeTerms> = {}): ProgrammeTerms => ({
  code: 'test',
  name: 'Test',
  currencyCode: 'EUR',
  currencyScale: 2,
  timeZone: 'UTC',
  effectiveFrom: '2026-01-01',
  unit: { code: 'PTS', scale: 2, priceMinor: rate(1n) },
  holdDays: 14,
  rounding: { mode: 'HALF_EVEN', per: 'RULE' },
  categories: [
    { code: 'food', name: 'Food', mccs: [{ first: '5411', last: '5499' }], partners: [], outlets: [] },
    {
      code: 'travel',
      name: 'Travel',
      mccs: [{ first: '3000', last: '3299', from: '2026-02-01', until: '2026-02-28' }],
      partners: ['airline'],
      outlets: ['shop/airport'],
    },
  ],
  exclusions: [{ first: '6010', last: '6012', reason: 'cash', from: '2026-01-15' }],
  tiers: {
    metric: 'KEPT_SPEND',
    rollingDays: 365,
    levels: [
      { code: 'basic', name: 'Basic', fromMinor: 0n },
      { code: 'gold', name: 'Gold', fromMinor: 100_000n },
    ],
  },
  rules: [BASE_RULE],
  caps: [],
  ...more,
});

export const contract = (
  partnerNo: number,
  shares: readonly ContractShare[] = [{ party: 'SELF', share: r('1') }],
): ContractTerms => ({
  no: partnerNo * 10,
  partnerNo,
  effectiveFrom: '2025-01-01',
  fundingShares: shares,
  commissionRate: r('10%'),
  taxRate: r('20%'),
  taxTreatment: 'MARKETING',
  refundReturnsCommission: true,
  model: 'SETTLE_AT_ISSUANCE',
});

export const purchase = (amountMinor: bigint, more: Partial<Purchase> = {}): Purchase => ({
  amountMinor,
  businessDate: '2026-03-10',
  ...more,
});

export const facts = (more: Partial<EarningFacts> = {}): EarningFacts => ({
  tier: 'basic',
  windowSpendMinor: 0n,
  capUsed: {},
  ...more,
});

/** Both parties with contracts that make them pay themselves. */
export const bothContracts = {
  merchantContract: contract(MERCHANT.partnerNo),
  issuerContract: contract(ISSUER.partnerNo),
};
