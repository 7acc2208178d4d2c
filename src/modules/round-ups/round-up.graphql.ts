/** Rounding up as the schema shows it. */
import { Field, InputType, ObjectType } from 'type-graphql';
import { Money, MoneyInput } from '../../graphql/money.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { PayerInput } from '../transactions/index.js';
import { ROUND_UP_ERRORS, type RoundUpErrorCode } from './round-up.errors.js';

@ObjectType({
  description: 'A rule by which a member gives the spare change of its purchases to a charity, in units.',
  simpleResolvers: true,
})
export class RoundUp {
  /** Not published. */
  readonly charityNo!: number;

  @Field(() => Money, { description: 'Purchases are rounded up to multiples of it.' })
  readonly step!: Money;

  @Field(() => DateTimeScalar, { description: 'When the rule was made or last changed.' })
  readonly setAt!: Date;
}

@InputType({ description: 'A rule of rounding up.' })
export class RoundUpSetInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => PayerInput, { nullable: true, description: 'Whose purchases; a member itself may leave it out.' })
  payer?: PayerInput | null;

  @Field(() => String, { description: 'The charity: a partner with that role.' })
  charityCode!: string;

  @Field(() => MoneyInput, { description: 'Purchases are rounded up to multiples of it, such as 1.00.' })
  step!: MoneyInput;
}

@InputType({ description: 'Names the member whose rule of rounding up ends.' })
export class RoundUpEndInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => PayerInput, { nullable: true, description: 'The member; a member itself may leave it out.' })
  payer?: PayerInput | null;
}

export const RoundUpUserError = userErrorType<RoundUpErrorCode>('RoundUp', ROUND_UP_ERRORS);

@ObjectType({ description: 'The rule as it is now, or why it was refused.', simpleResolvers: true })
export class RoundUpPayload {
  @Field(() => RoundUp, { nullable: true, description: 'The rule; null when there is none, or it was refused.' })
  readonly roundUp?: RoundUp | undefined;

  @Field(() => [RoundUpUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: InstanceType<typeof RoundUpUserError>[];
}
