/**
 * The offers of a member: rules that are in force for it on a day, and what it has to do for them.
 *
 * A rule for members of a segment, a tier, a variant or with a birthday these days is an offer to those members
 * alone. Whether it was activated or its category chosen is up to the member, so such a rule is an offer before.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import { isActivated, isAroundBirthday } from './member-gates.js';
import { type Cap, type EarningRule, type ProgrammeTerms, UNCATEGORISED } from './model.js';
import { BEGINNING, periodEnd, periodStart } from './periods.js';
import { indexOf, inForce } from './terms-index.js';
import { inSegment, type MemberTraits } from './traits.js';

/** The member on the day asked about. */
export interface Audience {
  readonly traits: MemberTraits;
  readonly tier: string;
  /** Experiment code -> variant. */
  readonly variants: Readonly<Record<string, string>>;
  readonly date: BusinessDate;
  /** The same moment on the member's own clock; the programme's day when absent. */
  readonly memberDate?: BusinessDate | undefined;
}

export interface OfferToMember {
  readonly rule: EarningRule;
  /** Not for everybody: the member is one of those it is for. */
  readonly personal: boolean;
  /** Set when the member has to activate it. */
  readonly activation?: {
    /** First day of the period it is activated for; BEGINNING when once is enough. */
    readonly period: BusinessDate;
    /** Last day of that period. */
    readonly until?: BusinessDate;
    readonly activated: boolean;
  };
}

/** In the order of the programme. */
export const offersTo = (terms: ProgrammeTerms, audience: Audience): readonly OfferToMember[] =>
  terms.rules.flatMap((rule) => (isFor(rule, audience) ? [offerOf(rule, audience)] : []));

/** Whether this rule is an offer to the member on the day. */
export function isFor({ when }: EarningRule, audience: Audience): boolean {
  const { traits, tier, variants, date, memberDate } = audience;
  const { tiers, segments, birthday, experiment } = when;
  return (
    inForce(when, date) &&
    (tiers === undefined || tiers.includes(tier)) &&
    (segments === undefined || segments.some((segment) => inSegment(traits, segment, date))) &&
    (birthday === undefined || isAroundBirthday(traits.birthday, birthday, memberDate ?? date)) &&
    (experiment === undefined || experiment.variants.includes(variants[experiment.code] ?? ''))
  );
}

function offerOf(rule: EarningRule, { traits, date }: Audience): OfferToMember {
  const { tiers, segments, birthday, experiment, activation } = rule.when;
  const personal = [tiers, segments, birthday, experiment].some((condition) => condition !== undefined);
  if (activation === undefined) return { rule, personal };
  const { per } = activation;
  return {
    rule,
    personal,
    activation: {
      period: activationPeriod(rule, date) ?? BEGINNING,
      ...(per !== undefined && { until: periodEnd(per, date) }),
      activated: isActivated(traits, rule.code, activation, date),
    },
  };
}

/** First day of the period that an activation on `date` is for; undefined when the rule needs none. */
export function activationPeriod({ when }: EarningRule, date: BusinessDate): BusinessDate | undefined {
  if (when.activation === undefined) return undefined;
  return when.activation.per === undefined ? BEGINNING : periodStart(when.activation.per, date);
}

/** Caps that everybody shares and that bind this rule in some category, on that day. */
export function budgetsOver(terms: ProgrammeTerms, rule: EarningRule, date: BusinessDate): readonly Cap[] {
  const compiled = indexOf(terms).rule(rule.code);
  if (compiled === undefined) return [];
  const categories = rule.when.categories ?? [...terms.categories.map(({ code }) => code), UNCATEGORISED];
  const over = new Set(categories.flatMap((category) => compiled.capsIn(category).map(({ cap }) => cap)));
  return terms.caps.filter((cap) => cap.holder === 'EVERYONE' && over.has(cap) && inForce(cap, date));
}
