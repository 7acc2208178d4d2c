/** Quotes as the API shows them, and what is asked. */
import { Field, InputType, ObjectType } from 'type-graphql';
import type { Cap } from '../../domain/earning/model.js';
import { enumType } from '../../graphql/enums.js';
import { Money } from '../../graphql/money.js';
import { BusinessDateScalar, DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { Explanation, PurchaseFactsInput, TransactionUserError } from './transaction.graphql.js';

@InputType({ description: 'A purchase that has not taken place yet.' })
export class AccrualQuoteInput extends PurchaseFactsInput {
  @Field(() => String, { description: 'Code of the programme.' })
  readonly programmeCode!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it would take place; now when absent.' })
  readonly occurredAt?: Date | null;
}

@ObjectType({ description: 'One part of a quoted reward.', simpleResolvers: true })
export class QuotedAccrual {
  @Field(() => String, { description: 'Code of the rule.' })
  readonly rule!: string;

  @Field(() => String, { description: 'Code of the partner who would pay; PROGRAMME when the programme would.' })
  readonly funder!: string;

  @Field(() => DecimalScalar, { description: 'Reward units.' })
  readonly units!: string;
}

export const CapMeasureEnum = enumType('CapMeasure', 'What a cap counts.', {
  REWARD: 'Reward units.',
  SPEND: "Spend that was rewarded, in the programme's currency.",
  COUNT: 'Purchases that were rewarded.',
});

@ObjectType({ description: 'Room under a cap or a budget that the purchase comes under.', simpleResolvers: true })
export class QuotedHeadroom {
  @Field(() => String, { description: 'Code of the cap or budget.' })
  readonly cap!: string;

  @Field(() => Boolean, { description: 'Whether everyone shares it: a budget.' })
  readonly shared!: boolean;

  @Field(() => CapMeasureEnum, { description: 'What it counts.' })
  readonly measure!: Cap['measure'];

  @Field(() => DecimalScalar, {
    description: 'Its maximum, by its measure: units, money of the programme, or a number.',
  })
  readonly max!: string;

  @Field(() => DecimalScalar, { description: 'What is left of it now.' })
  readonly left!: string;

  @Field(() => DecimalScalar, { description: 'What this purchase would leave of it.' })
  readonly leftAfter!: string;

  @Field(() => BusinessDateScalar, { description: 'Last day of its period.' })
  readonly until!: string;
}

@ObjectType({
  description: 'The next larger amount at which the reward jumps: "12.00 EUR more and you earn 20.00 PTS".',
  simpleResolvers: true,
})
export class QuotedThreshold {
  @Field(() => Money, { description: 'How much more it takes.' })
  readonly missing!: Money;

  @Field(() => String, { description: 'Code of the rule that gives more then.' })
  readonly rule!: string;

  @Field(() => DecimalScalar, { description: 'Reward units of the whole purchase then.' })
  readonly units!: string;

  @Field(() => String, { description: 'The same as a sentence.' })
  readonly text!: string;
}

@ObjectType({
  description: 'What a purchase would earn, by the very code that decides real ones. Nothing is stored.',
  simpleResolvers: true,
})
export class AccrualQuote {
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Reward units in all; null when the purchase would be refused.',
  })
  readonly units!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Units that caps would withhold.' })
  readonly shortfallUnits!: string | null;

  @Field(() => String, { nullable: true, description: "The member's tier before the purchase." })
  readonly tier!: string | null;

  @Field(() => String, { nullable: true, description: 'Category of the purchase.' })
  readonly category!: string | null;

  @Field(() => [QuotedAccrual], { description: 'The parts, by rule and funder.' })
  readonly accruals!: QuotedAccrual[];

  @Field(() => [QuotedHeadroom], {
    description: 'Room under the caps and budgets it comes under, the narrowest first.',
  })
  readonly headroom!: QuotedHeadroom[];

  @Field(() => QuotedThreshold, {
    nullable: true,
    description: 'What a little more would bring; null when nothing is near, for baskets and for events.',
  })
  readonly nextThreshold!: QuotedThreshold | null;

  @Field(() => Explanation, { nullable: true, description: 'Why.' })
  readonly explanation!: Explanation | null;

  @Field(() => [TransactionUserError], { description: 'Why the purchase would be refused.' })
  readonly userErrors!: TransactionUserError[];
}
