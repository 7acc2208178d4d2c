/**
 * The words of earning: what a programme promises, what a purchase is, what a decision saw and gave.
 *
 * Everything is plain, immutable data. `ProgrammeTerms` is what a programme's YAML means after validation;
 * the engine knows no particular scheme.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import type { Rate } from '../money/rate.js';
import type { RoundingMode } from '../money/rounding.js';

export const CHANNELS = ['ONLINE', 'IN_STORE', 'APP'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Category of a purchase that nothing classifies; it earns base rates. */
export const UNCATEGORISED = 'UNCATEGORISED';

/** The programme itself as a party of the ledger and as a funder. */
export const PROGRAMME_PARTY = 0;

/** Raised when the engine would decide a stored purchase differently; kept with every decision. */
export const ENGINE_REVISION = 1;

export interface ProgrammeTerms {
  readonly code: string;
  readonly name: string;
  readonly currencyCode: string;
  readonly currencyScale: number;
  /** IANA zone in which business dates are counted. */
  readonly timeZone: string;
  readonly effectiveFrom: BusinessDate;
  readonly unit: RewardUnit;
  /** Days from the business date of a purchase until its reward is confirmed. */
  readonly holdDays: number;
  readonly rounding: RewardRounding;
  readonly categories: readonly Category[];
  readonly exclusions: readonly Exclusion[];
  readonly tiers: TierLadder;
  readonly rules: readonly EarningRule[];
  readonly caps: readonly Cap[];
}

/** Amounts of reward are integers: 10^-scale of the unit. */
export interface RewardUnit {
  readonly code: string;
  readonly scale: number;
  /** Money minor units that one integer step of reward is worth at issue. */
  readonly priceMinor: Rate;
}

export interface RewardRounding {
  readonly mode: RoundingMode;
  /** Where the exact reward becomes an integer: each rule by itself, or the purchase's total. */
  readonly per: 'RULE';
}

/** Effective-dated set of merchant category codes, with partners and outlets that belong whatever their code says. */
export interface Category {
  readonly code: string;
  readonly name: string;
  readonly mccs: readonly EffectiveMccRange[];
  /** Partner codes. */
  readonly partners: readonly string[];
  /** "partner-code/outlet-code"; stronger than a partner. */
  readonly outlets: readonly string[];
}

/** Inclusive four-digit codes; `from` and `until` are inclusive days, open when absent. */
export interface EffectiveMccRange {
  readonly first: string;
  readonly last: string;
  readonly from?: BusinessDate;
  readonly until?: BusinessDate;
}

export interface Exclusion extends EffectiveMccRange {
  readonly reason: string;
}

export interface TierLadder {
  readonly metric: 'KEPT_SPEND';
  readonly rollingDays: number;
  /** Lowest first; the first starts at zero. */
  readonly levels: readonly TierLevel[];
}

export interface TierLevel {
  readonly code: string;
  readonly name: string;
  readonly fromMinor: bigint;
}

/** Who pays: the partner of that role on this purchase by its contract, or an explicit split that sums to one. */
export type FunderRole = 'MERCHANT' | 'ISSUER' | 'PROGRAMME';
export type Funding =
  | { readonly by: 'CONTRACT'; readonly of: FunderRole }
  | { readonly by: 'SPLIT'; readonly shares: readonly FundingShare[] };

export interface FundingShare {
  readonly party: FunderRole;
  readonly share: Rate;
}

interface RuleBase {
  readonly code: string;
  readonly name: string;
  readonly funding: Funding;
  /** Only at these partners (codes); everywhere when absent. */
  readonly partners?: readonly string[];
  readonly from?: BusinessDate;
  readonly until?: BusinessDate;
}

/** Same rate whatever the tier and category: the base rate, or a partner's own rate. */
export interface RateRule extends RuleBase {
  readonly kind: 'RATE';
  readonly rate: Rate;
}

/** Tier x category: a missing cell falls back to the tier's `base` (the key BASE) and then to zero. */
export interface TierCategoryMatrixRule extends RuleBase {
  readonly kind: 'TIER_CATEGORY_MATRIX';
  /** tier code -> category code (or BASE) -> rate */
  readonly rates: Readonly<Record<string, Readonly<Record<string, Rate>>>>;
}

export type EarningRule = RateRule | TierCategoryMatrixRule;

/** Most units a member can earn in a calendar month, in one category or in the whole programme. */
export interface Cap {
  readonly code: string;
  readonly category?: string;
  readonly per: 'CALENDAR_MONTH';
  readonly maxUnits: bigint;
}

/** One party's standing agreement, as far as earning and charging need it. */
export interface ContractTerms {
  /** Small integer of the contract version (contract.no). */
  readonly no: number;
  readonly partnerNo: number;
  readonly effectiveFrom: BusinessDate;
  /** How this partner's rewards are split: SELF and others, sums to one. */
  readonly fundingShares: readonly ContractShare[];
  readonly commissionRate: Rate;
  readonly taxRate: Rate;
  readonly taxTreatment: 'DISCOUNT' | 'MARKETING' | 'SERVICE';
  readonly refundReturnsCommission: boolean;
  readonly model: 'SETTLE_AT_ISSUANCE' | 'SETTLE_AT_REDEMPTION';
}

export interface ContractShare {
  readonly party: 'SELF' | FunderRole;
  readonly share: Rate;
}

/** A purchase as the engine sees it: everything resolved, nothing looked up. Amount in programme minor units, > 0. */
export interface Purchase {
  readonly amountMinor: bigint;
  readonly businessDate: BusinessDate;
  readonly channel?: Channel;
  readonly mcc?: string;
  /** Category code the submitting partner assigned itself, already known to exist. */
  readonly submittedCategory?: string;
  readonly merchant?: { readonly partnerNo: number; readonly partnerCode: string; readonly outletCode?: string };
  readonly issuer?: { readonly partnerNo: number; readonly partnerCode: string };
}

/**
 * What the decision saw besides the purchase. Stored with the transaction, so that a refund or an auditor
 * re-runs the very same decision years later.
 */
export interface EarningFacts {
  readonly tier: string;
  /** Kept spend in the tier's window before this purchase, minor units: why that tier. */
  readonly windowSpendMinor: bigint;
  /** Cap code -> units used in the purchase's own period before it. Missing means zero. */
  readonly capUsed: Readonly<Record<string, bigint>>;
  /** Contract in force for the merchant and the issuer on the business date; absent = none. */
  readonly merchantContract?: ContractTerms;
  readonly issuerContract?: ContractTerms;
}

/** What one rule gives, paid by one funder. Units > 0. */
export interface AccrualDecision {
  readonly ruleCode: string;
  /** Partner number, or PROGRAMME_PARTY. */
  readonly funderNo: number;
  readonly units: bigint;
}

/** Use of a cap by this purchase: what to add to the counter of (cap, period). */
export interface CapUse {
  readonly capCode: string;
  /** First day of the period. */
  readonly period: BusinessDate;
  readonly units: bigint;
}

export interface Evaluation {
  readonly category: string;
  /** Rules in the programme's order, funders in the contract's order. Empty when nothing is earned. */
  readonly accruals: readonly AccrualDecision[];
  readonly capUses: readonly CapUse[];
  readonly totalUnits: bigint;
  /** Units that a cap withheld, all caps together. */
  readonly shortfallUnits: bigint;
  /** The weightiest reason when nothing is earned; absent when something is. */
  readonly zeroReason?: ZeroReason;
  readonly explanation: Explanation;
}

/**
 * Why: a tree of reasons with codes and numbers. Stable for programs (code, values), readable for people
 * (text, rendered from the other two when it is asked for). `values` are strings: exact decimals, rates as
 * n/d, codes.
 */
export interface Explanation {
  readonly code: ExplanationCode;
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
  readonly children: readonly Explanation[];
}

/** Why a purchase or a rule gives nothing, weightiest first. */
export const ZERO_REASONS = [
  'EXCLUDED_MCC',
  'CAPPED',
  'ROUNDED_TO_ZERO',
  'NO_CONTRACT',
  'NO_MERCHANT',
  'NO_ISSUER',
  'RULE_RATE_ZERO',
  'RULE_NOT_IN_FORCE',
  'RULE_OTHER_PARTNER',
  'NO_RULE',
] as const;
export type ZeroReason = (typeof ZERO_REASONS)[number];

export type ExplanationCode =
  | ZeroReason
  | 'PURCHASE'
  | 'CATEGORY'
  | 'TIER'
  | 'RULE_APPLIED'
  | 'FUNDED_BY'
  | 'NOTHING_EARNED'
  | 'ORPHAN_REFUND'
  | 'REFUND_REEVALUATED'
  | 'REFUND_PART';
