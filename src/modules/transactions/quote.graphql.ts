/** Quotes as the API shows them, and what is asked. */
import { Field, InputType, ObjectType } from 'type-graphql';
import { DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
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

  @Field(() => Explanation, { nullable: true, description: 'Why.' })
  readonly explanation!: Explanation | null;

  @Field(() => [TransactionUserError], { description: 'Why the purchase would be refused.' })
  readonly userErrors!: TransactionUserError[];
}
