/**
 * The words of earning: what a programme promises, what a purchase is, what a decision saw and gave.
 *
 * Everything is plain, immutable data. `ProgrammeTerms` is what a programme's YAML means after validation;
 * the engine knows no particular scheme.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import type { Rate } from '../money/rate.js';
import type { RoundingMode } from '../money/rounding.js';
import type { RedemptionTerms } from '../redemption/model.js';

export const CHANNELS = ['ONLINE', 'IN_STORE', 'APP'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Category of a purchase that nothing classifies; it earns base rates. */
export const UNCATEGORISED = 'UNCATEGORISED';

/** The programme itself as a party of the ledger and as a funder. */
export const PROGRAMME_PARTY = 0;

/** Raised when the engine would decide a stored purchase differently; kept with every decision. */
export const ENGINE_REVISION = 2;

// ---------------------------------------------------------------------------------------------- programme

export interface ProgrammeTerms {
  readonly code: string;
  readonly name: string;
  readonly currencyCode: string;
  readonly currencyScale: number;
  /** IANA zone in which business dates are counted. */
  readonly timeZone: string;
  readonly effectiveFrom: BusinessDate;
  readonly unit: RewardUnit;
  /** Which day counts for rules, caps, tiers and choices when a purchase is authorised and posted on different days. */
  readonly attribution: 'AUTHORISATION' | 'POSTING';
  /** Days from the clearing of a purchase until its reward is confirmed. */
  readonly holdDays: number;
  /** Rewards whose hold ends in one period are paid out together, on the day after it; each by itself when absent. */
  readonly payout?: PayoutPeriod;
  /** What rules reward and round unless they say otherwise. */
  readonly base: RewardBase;
  readonly rounding: RewardRounding;
  readonly refunds: RefundPolicy;
  /** Label of what the programme itself pays; partners' contracts carry their own. */
  readonly taxTreatment: TaxTreatment;
  readonly categories: readonly Category[];
  readonly exclusions: readonly Exclusion[];
  /** Products that never earn, by tag. */
  readonly productExclusions: readonly ProductExclusion[];
  readonly tiers: TierLadder;
  readonly rules: readonly EarningRule[];
  readonly groups: readonly StackingGroup[];
  readonly caps: readonly Cap[];
  readonly choices: readonly CategoryChoice[];
  readonly experiments: readonly Experiment[];
  readonly redemption: RedemptionTerms;
  /** People it takes to publish the next version. */
  readonly approvals: 1 | 2;
}

export const PAYOUT_PERIODS = ['WEEK', 'MONTH', 'QUARTER', 'YEAR', 'STATEMENT'] as const;
export type PayoutPeriod = (typeof PAYOUT_PERIODS)[number];

export const TAX_TREATMENTS = ['DISCOUNT', 'MARKETING', 'SERVICE'] as const;
export type TaxTreatment = (typeof TAX_TREATMENTS)[number];

/** Amounts of reward are integers: 10^-scale of the unit. */
export interface RewardUnit {
  readonly code: string;
  readonly scale: number;
  /** Money minor units that one integer step of reward is worth at issue. */
  readonly priceMinor: Rate;
}

/** Parts of what was bought or paid that a rule may leave out of what it rewards. */
export const BASE_PARTS = ['REDEMPTION', 'DISCOUNT', 'FREIGHT', 'FEE', 'TAX'] as const;
export type BasePart = (typeof BASE_PARTS)[number];

/** Gross when nothing is left out. Lines that a product exclusion names are left out always. */
export interface RewardBase {
  readonly without: readonly BasePart[];
}

/** Where the exact reward becomes an integer: every basket line, every rule, or all rules of the purchase together. */
export const ROUNDING_SCOPES = ['LINE', 'RULE', 'TRANSACTION'] as const;

/** The spend is rounded first (to a whole multiple of `toMinor`), then the reward (to a multiple of `step`). */
export interface RewardRounding {
  readonly spend?: { readonly toMinor: bigint; readonly mode: RoundingMode };
  readonly mode: RoundingMode;
  /** Smallest steps of the unit, 1 by default: 100 rounds a unit of two decimals to whole ones. */
  readonly step: bigint;
  readonly per: (typeof ROUNDING_SCOPES)[number];
}

/**
 * KEPT: the rules of the purchase's day are run again on what was kept. NEGATIVE: the refund is a purchase of
 * its own with a negative reward, rounded by itself, by the rules of the day named; it never takes back more
 * than stands, and the last of it takes the rest.
 */
export type RefundPolicy =
  | { readonly policy: 'KEPT' }
  | { readonly policy: 'NEGATIVE'; readonly rulesOf: 'PURCHASE_DATE' | 'RETURN_DATE' };

interface Days {
  /** Inclusive days, open when absent. */
  readonly from?: BusinessDate;
  readonly until?: BusinessDate;
}

/**
 * Effective-dated set of merchant category codes, with the partners, outlets, products and descriptors that belong
 * whatever their code says.
 */
export interface Category {
  readonly code: string;
  readonly name: string;
  readonly mccs: readonly EffectiveMccRange[];
  /** Partner codes. */
  readonly partners: readonly string[];
  /** "partner-code/outlet-code"; stronger than a partner. */
  readonly outlets: readonly string[];
  /** Tags of basket lines; strongest. */
  readonly products: readonly string[];
  /** Words of a statement descriptor in capitals, `*` for any characters; the last resort. */
  readonly descriptors: readonly string[];
}

/** Inclusive four-digit codes. */
export interface EffectiveMccRange extends Days {
  readonly first: string;
  readonly last: string;
}

export interface Exclusion extends EffectiveMccRange {
  readonly reason: string;
}

export interface ProductExclusion extends Days {
  readonly tag: string;
  readonly reason: string;
}

// -------------------------------------------------------------------------------------------------- tiers

export const TIER_METRICS = ['KEPT_SPEND', 'REWARDS_ACCRUED', 'PURCHASES'] as const;

export interface TierLadder {
  /** KEPT_SPEND in money minor units, REWARDS_ACCRUED in steps of the unit, PURCHASES as a number. */
  readonly metric: (typeof TIER_METRICS)[number];
  readonly window:
    | { readonly kind: 'ROLLING'; readonly days: number }
    | { readonly kind: 'CALENDAR'; readonly unit: 'MONTH' | 'QUARTER' | 'YEAR' };
  readonly downgrade: TierDowngrade;
  /** Lowest first; the first starts at zero. */
  readonly levels: readonly TierLevel[];
}

/**
 * IMMEDIATE: the tier is what the window earns, at any moment. Otherwise a tier rises at once and is held to
 * the end of its period (a calendar window's own; a rolling window's days from reaching it) and `graceDays`
 * more; then it falls to what is earned, by one step, or never.
 */
export interface TierDowngrade {
  readonly to: 'IMMEDIATE' | 'EARNED' | 'ONE_STEP' | 'NEVER';
  readonly graceDays: number;
}

export interface TierLevel {
  readonly code: string;
  readonly name: string;
  /** In the metric's own measure. */
  readonly from: bigint;
  readonly benefits: readonly Benefit[];
}

/** What a tier entitles to besides units: free delivery, closed sales, a birthday gift. */
export interface Benefit {
  readonly code: string;
  readonly name: string;
}

// -------------------------------------------------------------------------------------------------- rules

/** Who pays: the partner of that role on this purchase by its contract, or an explicit split that sums to one. */
export type FunderRole = 'MERCHANT' | 'ISSUER' | 'PROGRAMME';
export type Funding =
  | { readonly by: 'CONTRACT'; readonly of: FunderRole }
  | { readonly by: 'SPLIT'; readonly shares: readonly FundingShare[] };

export interface FundingShare {
  readonly party: FunderRole;
  readonly share: Rate;
}

export interface EarningRule {
  readonly code: string;
  readonly name: string;
  readonly funding: Funding;
  readonly when: Conditions;
  /** The programme's own when absent. */
  readonly base?: RewardBase;
  readonly rounding?: RewardRounding;
  /** Stacking group; rules without one add up. */
  readonly group?: string;
  /** The effect is a function of the member's spend of the whole period: this purchase earns what it adds to it. */
  readonly accumulate?: Period;
  readonly effect: Effect;
}

export type Effect =
  | RateEffect
  | StepEffect
  | FixedEffect
  | PerItemEffect
  | MultiplierEffect
  | BandsEffect
  | TierCategoryMatrixEffect;

/** A share of the spend. */
export interface RateEffect {
  readonly kind: 'RATE';
  readonly rate: Rate;
}

/** `units` per full `everyMinor` spent. */
export interface StepEffect {
  readonly kind: 'STEP';
  readonly units: bigint;
  readonly everyMinor: bigint;
}

export interface FixedEffect {
  readonly kind: 'FIXED';
  readonly units: bigint;
}

/** For every item of the lines it covers. */
export interface PerItemEffect {
  readonly kind: 'PER_ITEM';
  readonly units: bigint;
}

/**
 * What the rule `of` gives here, times `by`. BONUS adds the part above one beside it (by - 1 times); WHOLE
 * pays all of it, for a group in which the other one loses.
 */
export interface MultiplierEffect {
  readonly kind: 'MULTIPLIER';
  readonly of: string;
  readonly by: Rate;
  readonly pays: 'BONUS' | 'WHOLE';
}

/** Marginal: the first `uptoMinor` at its rate, what lies above at the next. The last band is open. */
export interface BandsEffect {
  readonly kind: 'BANDS';
  readonly bands: readonly { readonly uptoMinor?: bigint; readonly rate: Rate }[];
}

/** Tier x category: a missing cell falls back to the tier's `base` (the key BASE) and then to zero. */
export interface TierCategoryMatrixEffect {
  readonly kind: 'TIER_CATEGORY_MATRIX';
  /** tier code -> category code (or BASE) -> rate */
  readonly rates: Readonly<Record<string, Readonly<Record<string, Rate>>>>;
}

/** All that are present must hold. Sets hold when one of them does. */
export interface Conditions extends Days {
  /** Partner codes of the merchant. */
  readonly partners?: readonly string[];
  /** "partner-code/outlet-code" */
  readonly outlets?: readonly string[];
  /** Partner codes of the bank whose card pays. */
  readonly issuers?: readonly string[];
  readonly cardProducts?: readonly string[];
  readonly channels?: readonly Channel[];
  readonly categories?: readonly string[];
  /** Only basket lines with one of these tags (product or brand) are rewarded; a purchase without lines has none. */
  readonly tags?: readonly string[];
  /** Bounds of the rule's own base over all it covers, minor units. */
  readonly minimum?: AmountBound;
  readonly maximum?: AmountBound;
  /** Least number of items on the lines it covers. */
  readonly minimumItems?: number;
  /** 1 = Monday ... 7 = Sunday. */
  readonly weekdays?: readonly number[];
  /** Times of the day "HH:MM": from inclusive, until exclusive; a window over midnight has until <= from. */
  readonly hours?: readonly { readonly from: string; readonly until: string }[];
  /** Whose clock weekdays and hours go by. */
  readonly clock?: 'PROGRAMME' | 'MEMBER';
  readonly tiers?: readonly string[];
  /** Segments of members that administrators, banks or campaigns maintain. */
  readonly segments?: readonly string[];
  /** Only once the member has activated this rule, anew in each period when one is given. */
  readonly activation?: { readonly per?: 'MONTH' | 'QUARTER' | 'YEAR' };
  /** Only in categories the member has chosen in this choice. */
  readonly chosen?: string;
  /** Days around the birthday. Born on 29 February: the day it falls on in other years. */
  readonly birthday?: { readonly daysBefore: number; readonly daysAfter: number; readonly leapDay: 'FEB_28' | 'MAR_1' };
  /** What the member has done in a period, this purchase included, reaches a mark with this very purchase. */
  readonly reaches?: Progress;
  /** An event that is not a purchase, such as "registration", "review" or "referral". Rules without one are for purchases. */
  readonly action?: string;
  /** Only members whom the experiment put into one of these variants. */
  readonly experiment?: { readonly code: string; readonly variants: readonly string[] };
}

export interface AmountBound {
  readonly amountMinor: bigint;
  /** The amount itself does not satisfy it. */
  readonly exclusive: boolean;
}

export const PROGRESS_METRICS = ['PURCHASES', 'SPEND', 'PARTNERS', 'CATEGORIES'] as const;

/**
 * A mark on the member's own history: kept purchases, kept spend (minor units), different partners or
 * different categories of a period, counted over the purchases that the rule's partners, outlets, channels and
 * categories cover. A later refund that takes the history below the mark takes the reward back.
 */
export interface Progress {
  readonly metric: (typeof PROGRESS_METRICS)[number];
  readonly per: Period;
  readonly mark: bigint;
  /** At every multiple of the mark instead of the first one. */
  readonly repeats: boolean;
  /** Counted for each partner by itself ("first purchase at a partner"). */
  readonly atSamePartner: boolean;
}

export const PERIODS = [
  'TRANSACTION',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
  'STATEMENT',
  'CAMPAIGN',
  'LIFETIME',
] as const;
/** STATEMENT: the card's own cycle. CAMPAIGN: from the first day of what it belongs to. */
export type Period = (typeof PERIODS)[number];

export const STACKING_MODES = ['ADDITIVE', 'BEST_OF', 'MULTIPLICATIVE', 'EXCLUSIVE'] as const;

/**
 * ADDITIVE: all rules pay. BEST_OF: the one that gives most (ties: the newer first day, then the code).
 * MULTIPLICATIVE: multipliers of one rule multiply instead of adding up. EXCLUSIVE: as BEST_OF, and when it
 * pays, the groups it `silences` (all of lower priority when absent, rules without a group included) pay nothing.
 */
export interface StackingGroup {
  readonly code: string;
  readonly mode: (typeof STACKING_MODES)[number];
  /** Higher first; rules without a group have 0. */
  readonly priority: number;
  readonly silences?: readonly string[];
}

export const CAP_MEASURES = ['REWARD', 'SPEND', 'COUNT'] as const;
export const CAP_HOLDERS = ['MEMBER', 'CARD', 'ACCOUNT', 'EVERYONE'] as const;

/**
 * Most that may be earned (REWARD), rewarded (SPEND) or how often (COUNT) in a period. Held by everyone
 * together it is a budget. Without rules, groups or categories it covers the whole programme.
 */
export interface Cap extends Days {
  readonly code: string;
  readonly measure: (typeof CAP_MEASURES)[number];
  readonly holder: (typeof CAP_HOLDERS)[number];
  readonly per: Period;
  /** Steps of the unit, money minor units, or a number, by the measure. */
  readonly max: bigint;
  /** REWARD per TRANSACTION only: at most this share of the purchase instead of `max`. */
  readonly maxShare?: Rate;
  readonly rules?: readonly string[];
  readonly groups?: readonly string[];
  readonly categories?: readonly string[];
  /** What is above the cap earns by this rule instead of nothing; of the same group as the rules it replaces. */
  readonly over?: string;
  /** Whether a refund gives back what its purchase took; true but for some budgets. */
  readonly refundReleases: boolean;
}

/** `pick` of the offered categories per period, chosen from `opensDaysBefore` its first day until `closesOnDay` of it. */
export interface CategoryChoice {
  readonly code: string;
  readonly name: string;
  readonly offered: readonly string[];
  /** How many of them each member is shown, drawn per member and period; all when absent. */
  readonly shown?: number;
  readonly pick: number;
  readonly per: 'MONTH' | 'QUARTER' | 'YEAR';
  readonly opensDaysBefore: number;
  /** Last day of the period (1 = its first) on which a choice may still be made; none when it closes before it begins. */
  readonly closesOnDay: number;
  /** In force when nothing was chosen. */
  readonly fallback: readonly string[];
}

/** Members are split by a stable draw; weights are parts of the sum. A variant that no rule names is a holdout. */
export interface Experiment {
  readonly code: string;
  readonly variants: readonly { readonly code: string; readonly weight: number }[];
}

// ---------------------------------------------------------------------------------------------- contracts

/** One party's standing agreement, as far as earning and charging need it. */
export interface ContractTerms {
  /** Small integer of the contract version (contract.no). */
  readonly no: number;
  readonly partnerNo: number;
  readonly effectiveFrom: BusinessDate;
  /** How this partner's rewards are split: SELF and others, sums to one. */
  readonly fundingShares: readonly ContractShare[];
  /** Money minor units per step that this partner pays for; the programme's price when absent. */
  readonly issuePriceMinor?: Rate;
  readonly commissionRate: Rate;
  /** Whether each accrual carries its commission, which it does when absent, or the partner's statement. */
  readonly commissionPer?: 'ACCRUAL' | 'STATEMENT';
  readonly taxRate: Rate;
  readonly taxTreatment: TaxTreatment;
  readonly refundReturnsCommission: boolean;
  readonly model: 'SETTLE_AT_ISSUANCE' | 'SETTLE_AT_REDEMPTION';
}

export interface ContractShare {
  readonly party: 'SELF' | FunderRole;
  readonly share: Rate;
}

// ----------------------------------------------------------------------------------------------- purchase

export const LINE_KINDS = ['GOODS', ...BASE_PARTS] as const;

/**
 * One line of a basket. GOODS, FREIGHT, FEE and TAX lines add up to the purchase's amount; DISCOUNT and
 * REDEMPTION lines say how much of it was not paid in money. Minor units, always > 0.
 */
export interface BasketLine {
  readonly kind: (typeof LINE_KINDS)[number];
  readonly amountMinor: bigint;
  readonly quantity: number;
  /** Product or brand tags, lower-case codes. */
  readonly tags: readonly string[];
}

/** The card as its issuer describes it. */
export interface CardTraits {
  readonly id: string;
  readonly product?: string;
  /** Several cards of one account share caps per ACCOUNT; the card itself when absent. */
  readonly account?: string;
  /** Day of the month on which a statement cycle begins, 1 (the default) to 28. */
  readonly statementDay?: number;
}

/**
 * A purchase (or another event) as the engine sees it: everything resolved, nothing looked up. Amount in programme
 * minor units, > 0; 0 for actions.
 */
export interface Purchase {
  readonly amountMinor: bigint;
  /** The day it is attributed to. */
  readonly businessDate: BusinessDate;
  /** "HH:MM" of the attributed moment in the programme's zone; needed where a rule has hours. */
  readonly time?: string;
  /** The same moment on the member's own clock, when it has one. */
  readonly memberDate?: BusinessDate;
  readonly memberTime?: string;
  /** Set when this is not a purchase. */
  readonly action?: string;
  readonly channel?: Channel;
  readonly mcc?: string;
  readonly descriptor?: string;
  /** Category code the submitting partner assigned itself, already known to exist. */
  readonly submittedCategory?: string;
  readonly merchant?: { readonly partnerNo: number; readonly partnerCode: string; readonly outletCode?: string };
  readonly issuer?: { readonly partnerNo: number; readonly partnerCode: string };
  readonly card?: CardTraits;
  readonly lines?: readonly BasketLine[];
}

// -------------------------------------------------------------------------------------------------- facts

/** Why a rule that looks at the member does not hold. */
export const MEMBER_GATES = ['NOT_IN_SEGMENT', 'NOT_ACTIVATED', 'NOT_CHOSEN', 'NOT_BIRTHDAY', 'OTHER_VARIANT'] as const;
export type MemberGate = (typeof MEMBER_GATES)[number];

/** Where a rule's progress stood before this purchase. */
export interface ProgressBefore {
  readonly before: bigint;
  /** PARTNERS and CATEGORIES: this purchase's own is a new one. */
  readonly fresh?: boolean;
}

/**
 * What the decision saw besides the purchase. Stored with the transaction, so that a refund or an auditor
 * re-runs the very same decision years later. Personal data (birthday, segments) is not in it, only what the
 * rules made of it (member-gates.ts).
 */
export interface EarningFacts {
  readonly tier: string;
  /** The ladder's metric in its window before this purchase, in its own measure: why that tier. */
  readonly tierMetric: bigint;
  /** Counter code (caps.ts) -> used in the purchase's own period before it. Missing means zero. */
  readonly used: Readonly<Record<string, bigint>>;
  /** Rule code -> why the member does not meet it. Rules that look at the member and are missing here hold. */
  readonly gates?: Readonly<Record<string, MemberGate>>;
  /** Choice code -> categories in force for this member on the day. */
  readonly chosen?: Readonly<Record<string, readonly string[]>>;
  /** Experiment code -> variant of this member, for every experiment of the terms. */
  readonly variants?: Readonly<Record<string, string>>;
  /** Rule code -> its progress before this purchase, for every rule with `reaches`. Missing means nothing yet. */
  readonly progress?: Readonly<Record<string, ProgressBefore>>;
  /** Contract in force for the merchant and the issuer on the business date; absent = none. */
  readonly merchantContract?: ContractTerms;
  readonly issuerContract?: ContractTerms;
  /** Who could not be charged any more: its block was used up, or it owed as much as it may. */
  readonly exhausted?: readonly ContractRole[];
}

/** A partner that is on a purchase with a contract. */
export type ContractRole = 'MERCHANT' | 'ISSUER';

// ----------------------------------------------------------------------------------------------- decision

/** What one rule gives, paid by one funder. Units > 0. */
export interface AccrualDecision {
  readonly ruleCode: string;
  /** Partner number, or PROGRAMME_PARTY. */
  readonly funderNo: number;
  readonly units: bigint;
}

/** One counter of one period: of a cap, or of a rule that accumulates (caps.ts). */
export interface CounterKey {
  /** As in EarningFacts.used: the cap's code, or "+rule" for a rule that accumulates. */
  readonly counter: string;
  /** The same with its holder, where cards or accounts have a counter each: "cap@card". */
  readonly stored: string;
  /** First day of the period. */
  readonly period: BusinessDate;
  /** Everyone together uses this one up: a budget. */
  readonly shared: boolean;
}

/** What a purchase adds to a counter. */
export interface CounterUse extends CounterKey {
  /** In the counter's own measure, > 0. */
  readonly amount: bigint;
}

/** Units that a cap or a budget withheld from a rule. */
export interface Shortfall {
  readonly ruleCode: string;
  readonly capCode: string;
  readonly because: 'CAP' | 'BUDGET';
  readonly units: bigint;
}

export interface Evaluation {
  readonly category: string;
  /** In canonical order: group priority, rule code; funders in the contract's order. Empty when nothing is earned. */
  readonly accruals: readonly AccrualDecision[];
  readonly uses: readonly CounterUse[];
  readonly totalUnits: bigint;
  readonly shortfalls: readonly Shortfall[];
  /** Units that caps and budgets withheld, all together. */
  readonly shortfallUnits: bigint;
  /** The weightiest reason when nothing is earned; absent when something is. */
  readonly zeroReason?: ZeroReason;
  readonly explanation: Explanation;
}

/**
 * Why: a tree of reasons with codes and numbers. Stable for programs (code, values), readable for people
 * (text). Both are made when they are asked for. `values` are strings: exact decimals, rates as n/d, codes.
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
  'EXCLUDED_PRODUCT',
  'BUDGET',
  'CAPPED',
  'ROUNDED_TO_ZERO',
  'MINIMUM_NOT_MET',
  'MAXIMUM_PASSED',
  'MARK_NOT_REACHED',
  ...MEMBER_GATES,
  'OTHER_TIER',
  'FUNDER_EXHAUSTED',
  'NO_CONTRACT',
  'NO_MERCHANT',
  'NO_ISSUER',
  'RULE_RATE_ZERO',
  'NOTHING_TO_REWARD',
  'OTHER_TIME',
  'OTHER_CHANNEL',
  'OTHER_CARD',
  'OTHER_PRODUCT',
  'OTHER_CATEGORY',
  'RULE_NOT_IN_FORCE',
  'RULE_OTHER_PARTNER',
  'OTHER_EVENT',
  'NO_RULE',
] as const;
export type ZeroReason = (typeof ZERO_REASONS)[number];

export type ExplanationCode =
  | ZeroReason
  | 'PURCHASE'
  | 'ACTION'
  | 'CATEGORY'
  | 'ATTRIBUTED'
  | 'TIER'
  | 'VARIANT'
  | 'RULE_APPLIED'
  | 'STACKED_OUT'
  | 'OVER_THE_CAP'
  | 'FUNDED_BY'
  | 'NOTHING_EARNED'
  | 'ORPHAN_REFUND'
  | 'ORPHAN_JOINED'
  | 'SAME_PURCHASE'
  | 'REFUND_REEVALUATED'
  | 'REFUND_PART';
