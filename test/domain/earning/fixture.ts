/** A small programme and its parties, in which each test changes only what it is about. */
import type {
  Cap,
  Category,
  Conditions,
  ContractShare,
  ContractTerms,
  EarningFacts,
  EarningRule,
  Effect,
  ProgrammeTerms,
  Purchase,
  RewardRounding,
} from '../../../src/domain/earning/model.js';
import { parseRate, type Rate, rate } from '../../../src/domain/money/rate.js';
import type { RoundingMode } from '../../../src/domain/money/rounding.js';

export const r = (text: string): Rate => {
  const parsed = parseRate(text);
  if (parsed === undefined) throw new Error(`not a rate: ${text}`);
  return parsed;
};

export const MERCHANT = { partnerNo: 1, partnerCode: 'shop', outletCode: 'high-street' };
export const ISSUER = { partnerNo: 2, partnerCode: 'bank' };

export const BASE_RULE: EarningRule = {
  code: 'base',
  name: 'Base',
  funding: { by: 'CONTRACT', of: 'PROGRAMME' },
  when: {},
  effect: { kind: 'RATE', rate: r('1%') },
};

type More = Partial<Omit<EarningRule, 'code' | 'effect' | 'when'>>;

/** A rule of any effect; paid by the programme unless `more` says otherwise. */
export const rule = (code: string, effect: Effect, when: Conditions = {}, more: More = {}): EarningRule => ({
  ...BASE_RULE,
  code,
  name: code,
  effect,
  when,
  ...more,
});

export const rateRule = (code: string, rateText: string, when: Conditions = {}, more: More = {}): EarningRule =>
  rule(code, { kind: 'RATE', rate: r(rateText) }, when, more);

/** A monthly cap of a member on the reward of the whole programme, unless `more` says otherwise. */
export const cap = (code: string, max: bigint, more: Partial<Cap> = {}): Cap => ({
  code,
  measure: 'REWARD',
  holder: 'MEMBER',
  per: 'MONTH',
  max,
  refundReleases: true,
  ...more,
});

export const rounding = (mode: RoundingMode, more: Partial<RewardRounding> = {}): RewardRounding => ({
  mode,
  step: 1n,
  per: 'RULE',
  ...more,
});

export const programme = (more: Partial<ProgrammeTerms> = {}): ProgrammeTerms => ({
  code: 'test',
  name: 'Test',
  currencyCode: 'EUR',
  currencyScale: 2,
  timeZone: 'UTC',
  effectiveFrom: '2026-01-01',
  unit: { code: 'PTS', scale: 2, priceMinor: rate(1n) },
  attribution: 'AUTHORISATION',
  holdDays: 14,
  base: { without: ['REDEMPTION', 'DISCOUNT'] },
  rounding: rounding('HALF_EVEN'),
  refunds: { policy: 'KEPT' },
  taxTreatment: 'MARKETING',
  categories: [
    category('food', { mccs: [{ first: '5411', last: '5499' }] }),
    category('travel', {
      mccs: [{ first: '3000', last: '3299', from: '2026-02-01', until: '2026-02-28' }],
      partners: ['airline'],
      outlets: ['shop/airport'],
    }),
  ],
  exclusions: [{ first: '6010', last: '6012', reason: 'cash', from: '2026-01-15' }],
  productExclusions: [],
  tiers: {
    metric: 'KEPT_SPEND',
    window: { kind: 'ROLLING', days: 365 },
    downgrade: { to: 'IMMEDIATE', graceDays: 0 },
    levels: [
      { code: 'basic', name: 'Basic', from: 0n, benefits: [] },
      { code: 'gold', name: 'Gold', from: 100_000n, benefits: [] },
    ],
  },
  rules: [BASE_RULE],
  groups: [],
  caps: [],
  choices: [],
  experiments: [],
  redemption: {
    expiry: { kind: 'NEVER' },
    order: 'AVAILABLE_FIRST',
    maxShare: rate(1n),
    discountsCount: false,
    minimumOwnMinor: 0n,
    minimumUnits: 0n,
    priceMinor: rate(1n),
    returnGraceDays: 30,
    authorisationHours: 168,
    noticeDays: 30,
    donation: false,
  },
  approvals: 1,
  ...more,
});

export const category = (code: string, more: Partial<Category> = {}): Category => ({
  code,
  name: code,
  mccs: [],
  partners: [],
  outlets: [],
  products: [],
  descriptors: [],
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
  tierMetric: 0n,
  used: {},
  ...more,
});

/** Both parties with contracts that make them pay themselves. */
export const bothContracts = {
  merchantContract: contract(MERCHANT.partnerNo),
  issuerContract: contract(ISSUER.partnerNo),
};
