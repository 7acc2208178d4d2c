/** A member's tier as the schema shows it: what it is, how long, what comes next, what it entitles to. */
import { Field, ID, ObjectType } from 'type-graphql';
import type { ProgrammeTerms, TIER_METRICS } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { TierChangeReason } from '../../domain/tiers/change.js';
import type { TierForecast, TierGoal as TierGoalFound } from '../../domain/tiers/forecast.js';
import { forecastSentences, formatMetric, goalSentence } from '../../domain/tiers/forecast-text.js';
import { connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { BusinessDateScalar, DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import type { MemberTierChangeEntity } from './tier.entity.js';

type TierMetric = (typeof TIER_METRICS)[number];

const TierMetricEnum = enumType<TierMetric>('TierMetric', 'What the tiers of a programme go by.', {
  KEPT_SPEND: "Money spent and not given back, in the programme's currency.",
  REWARDS_ACCRUED: 'Rewards given and not taken back, in the reward unit; redeeming them takes nothing away.',
  PURCHASES: 'Purchases of which anything was kept.',
});

const TierChangeReasonEnum = enumType<TierChangeReason>('TierChangeReason', 'Why a tier changed.', {
  FIRST: 'The first tier that was kept of the member.',
  UP: 'More was reached.',
  DOWN: 'Less was reached in the days that count.',
  REFUND: 'A purchase was given back.',
  TERMS: 'The programme has other tiers than before.',
});

@ObjectType({ description: 'What makes the next tier, or keeps this one.', simpleResolvers: true })
export class TierGoal {
  @Field(() => String, { description: 'The code of the tier that is made or kept.' })
  readonly code!: string;

  @Field(() => String, { description: 'Its name for people.' })
  readonly name!: string;

  @Field(() => DecimalScalar, { description: 'How much more of the metric it takes; above zero.' })
  readonly missing!: string;

  @Field(() => BusinessDateScalar, { description: 'The first day that counts: today, or a later one.' })
  readonly from!: BusinessDate;

  @Field(() => BusinessDateScalar, { description: 'The last day that counts.' })
  readonly by!: BusinessDate;

  @Field(() => String, { description: 'The same as an English sentence.' })
  readonly text!: string;

  static of(terms: ProgrammeTerms, goal: TierGoalFound, verb: 'reach' | 'keep', today: BusinessDate): TierGoal {
    return Object.assign(new TierGoal(), {
      code: goal.level,
      name: nameOf(terms, goal.level),
      missing: formatMetric(terms, goal.missing),
      from: goal.from,
      by: goal.by,
      text: goalSentence(terms, goal, verb, today),
    });
  }
}

@ObjectType({
  description: 'Something besides rewards that a member is entitled to by its tier.',
  simpleResolvers: true,
})
export class TierBenefit {
  @Field(() => String, { description: 'The code, by which partners know what to give.' })
  readonly code!: string;

  @Field(() => String, { description: 'The name for people.' })
  readonly name!: string;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'The last day on which it is sure as things stand; null when nothing in sight takes it away.',
  })
  readonly assuredUntil?: BusinessDate;
}

@ObjectType({ description: 'One change of a tier. Never edited.', simpleResolvers: true })
export class TierChange {
  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => BusinessDateScalar, { description: 'The first day of the new tier.' })
  readonly changedOn!: BusinessDate;

  @Field(() => DateTimeScalar, { description: 'When the gateway noted it.' })
  readonly recordedAt!: Date;

  @Field(() => String, { nullable: true, description: 'The code of the tier before; null for the first.' })
  readonly fromCode!: string | null;

  @Field(() => String, { description: 'The code of the new tier.' })
  readonly toCode!: string;

  @Field(() => DecimalScalar, { description: 'The metric that decided, as the programme counted on that day.' })
  readonly metric!: string;

  @Field(() => TierChangeReasonEnum, { description: 'Why it changed.' })
  readonly because!: TierChangeReason;

  static of({ metric, ...row }: MemberTierChangeEntity, terms: ProgrammeTerms): TierChange {
    const { id, changedOn, recordedAt, fromCode = null, toCode, because } = row;
    return Object.assign(new TierChange(), {
      id,
      changedOn,
      recordedAt,
      fromCode,
      toCode,
      because,
      metric: formatMetric(terms, metric),
    });
  }
}

export const TierChangeConnection = connectionOf('TierChange', () => TierChange);

@ObjectType({ description: 'The tier a member is in today, and what is to come.', simpleResolvers: true })
export class MemberTier {
  /** Of the member; not published. */
  readonly memberNo!: number;

  /** Of its programme; not published. */
  readonly programmeNo!: number;

  @Field(() => String, { description: 'The code of the tier.' })
  readonly code!: string;

  @Field(() => String, { description: 'The name for people.' })
  readonly name!: string;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'The first day of the tier; null for a member that has not bought anything yet.',
  })
  readonly since!: BusinessDate | null;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'The last day on which the tier is sure as things stand; null when nothing in sight takes it away.',
  })
  readonly heldUntil!: BusinessDate | null;

  @Field(() => TierMetricEnum, { description: 'What the tiers go by.' })
  readonly metric!: TierMetric;

  @Field(() => DecimalScalar, { description: 'How much of it the member has in the days that count today.' })
  readonly metricAmount!: string;

  @Field(() => TierGoal, { nullable: true, description: 'What makes the tier above; null in the highest one.' })
  readonly next!: TierGoal | null;

  @Field(() => TierGoal, {
    nullable: true,
    description: 'What keeps this tier beyond heldUntil; null when nothing is needed, or nothing helps.',
  })
  readonly keep!: TierGoal | null;

  @Field(() => String, { description: 'What is to come, as English sentences; empty when nothing is.' })
  readonly forecast!: string;

  @Field(() => [TierBenefit], { description: 'What the tier entitles to besides rewards.' })
  readonly benefits!: readonly TierBenefit[];

  static of(
    member: { readonly no: number; readonly programmeNo: number },
    terms: ProgrammeTerms,
    forecast: TierForecast,
    { isKnown, metric, today }: { readonly isKnown: boolean; readonly metric: bigint; readonly today: BusinessDate },
  ): MemberTier {
    const { tier, standing, heldUntil, next, keep } = forecast;
    const benefits = terms.tiers.levels.find(({ code }) => code === tier)?.benefits ?? [];
    return Object.assign(new MemberTier(), {
      memberNo: member.no,
      programmeNo: member.programmeNo,
      code: tier,
      name: nameOf(terms, tier),
      since: isKnown ? standing.since : null,
      heldUntil: heldUntil ?? null,
      metric: terms.tiers.metric,
      metricAmount: formatMetric(terms, metric),
      next: next ? TierGoal.of(terms, next, 'reach', today) : null,
      keep: keep ? TierGoal.of(terms, keep, 'keep', today) : null,
      forecast: forecastSentences(terms, forecast, today).join(' '),
      benefits: benefits.map((benefit) =>
        Object.assign(new TierBenefit(), { ...benefit, ...(heldUntil !== undefined && { assuredUntil: heldUntil }) }),
      ),
    });
  }
}

const nameOf = ({ tiers }: ProgrammeTerms, tier: string): string =>
  tiers.levels.find(({ code }) => code === tier)?.name ?? tier;
