/** A programme that looks at its members, and members to look at: each test changes only what it is about. */
import type {
  CategoryChoice,
  Conditions,
  EarningRule,
  Experiment,
  ProgrammeTerms,
  Purchase,
} from '../../../src/domain/earning/model.js';
import type { MemberTraits } from '../../../src/domain/earning/traits.js';
import { ONE, type Rate, rate } from '../../../src/domain/money/rate.js';

export const CATEGORIES = ['food', 'fuel', 'books', 'travel', 'taxi', 'cinema', 'sport', 'music'] as const;

/** Two of four each month, chosen from the 25th before until the 5th. */
export const monthly = (more: Partial<CategoryChoice> = {}): CategoryChoice => ({
  code: 'monthly',
  name: 'Two a month',
  offered: ['food', 'fuel', 'books', 'travel'],
  pick: 2,
  per: 'MONTH',
  opensDaysBefore: 7,
  closesOnDay: 5,
  fallback: ['food'],
  ...more,
});

export const ruleWhen = (code: string, when: Conditions, percent: Rate = rate(5n, 100n)): EarningRule => ({
  code,
  name: code,
  funding: { by: 'CONTRACT', of: 'PROGRAMME' },
  when,
  effect: { kind: 'RATE', rate: percent },
});

export const experiment = (weights: Readonly<Record<string, number>>, code = 'spring'): Experiment => ({
  code,
  variants: Object.entries(weights).map(([variant, weight]) => ({ code: variant, weight })),
});

export const memberTerms = (more: Partial<ProgrammeTerms> = {}): ProgrammeTerms => ({
  code: 'test',
  name: 'Test',
  currencyCode: 'EUR',
  currencyScale: 2,
  timeZone: 'UTC',
  effectiveFrom: '2020-01-01',
  unit: { code: 'PTS', scale: 2, priceMinor: ONE },
  attribution: 'AUTHORISATION',
  holdDays: 0,
  base: { without: [] },
  rounding: { mode: 'HALF_EVEN', step: 1n, per: 'RULE' },
  refunds: { policy: 'KEPT' },
  taxTreatment: 'MARKETING',
  categories: CATEGORIES.map((code) => ({
    code,
    name: code,
    mccs: [],
    partners: [],
    outlets: [],
    products: [],
    descriptors: [],
  })),
  exclusions: [],
  productExclusions: [],
  tiers: {
    metric: 'KEPT_SPEND',
    window: { kind: 'ROLLING', days: 365 },
    downgrade: { to: 'IMMEDIATE', graceDays: 0 },
    levels: [{ code: 'basic', name: 'Basic', from: 0n, benefits: [] }],
  },
  rules: [],
  groups: [],
  caps: [],
  choices: [],
  experiments: [],
  redemption: {
    expiry: { kind: 'NEVER' },
    order: 'AVAILABLE_FIRST',
    maxShare: ONE,
    discountsCount: false,
    minimumOwnMinor: 0n,
    minimumUnits: 0n,
    priceMinor: ONE,
    returnGraceDays: 30,
    authorisationHours: 168,
    noticeDays: 30,
    donation: false,
  },
  approvals: 1,
  ...more,
});

export const traitsOf = (more: Partial<MemberTraits> = {}): MemberTraits => ({
  id: 'member-1',
  segments: [],
  activations: [],
  choices: [],
  ...more,
});

export const buying = (more: Partial<Purchase> = {}): Purchase => ({
  amountMinor: 10_000n,
  businessDate: '2026-03-10',
  ...more,
});
