/** Balances and positions of the past, as the schema shows them. */
import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import { Money } from '../../graphql/money.js';
import { BusinessDateScalar, DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { Position } from '../settlement/index.js';
import { TIME_MACHINE_ERRORS, type TimeMachineErrorCode } from './time-machine.errors.js';

@ArgsType()
class WhenArguments {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Only what was recorded at this instant or before: what anybody could have known then. What is being recorded at ' +
      'this moment may still come to it.',
  })
  asKnownAt?: Date | null;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'Only what happened on this day or before, whenever it was recorded.',
  })
  effectiveOn?: string | null;
}

@ArgsType()
export class MemberBalanceAtArguments extends WhenArguments {
  @Field(() => ID, { description: 'The member.' })
  memberId!: string;
}

@ArgsType()
export class PositionsAtArguments extends WhenArguments {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;
}

@ObjectType({ description: 'What a member had at a time, by the journal.', simpleResolvers: true })
export class MemberBalanceThen {
  @Field(() => DecimalScalar, { description: 'Earned and not yet confirmed.' })
  readonly pending!: string;

  @Field(() => DecimalScalar, { description: 'Free to be spent; below zero when more was taken back than was there.' })
  readonly available!: string;

  @Field(() => DecimalScalar, { description: 'Set aside for redemptions.' })
  readonly held!: string;

  @Field(() => String, { description: 'The unit of the programme.' })
  readonly unitCode!: string;

  @Field(() => Money, { description: 'What the member owed for units taken back after they were spent.' })
  readonly owed!: Money;
}

export const TimeMachineUserError = userErrorType<TimeMachineErrorCode>('TimeMachine', TIME_MACHINE_ERRORS);
type TimeMachineUserErrors = InstanceType<typeof TimeMachineUserError>[];

@ObjectType({ description: 'A balance of the past, or why there is none.', simpleResolvers: true })
export class MemberBalanceAtPayload {
  @Field(() => MemberBalanceThen, { nullable: true, description: 'The balance; null when it was refused.' })
  readonly balance?: MemberBalanceThen;

  @Field(() => [TimeMachineUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: TimeMachineUserErrors;
}

@ObjectType({ description: 'Positions of the past, or why there are none.', simpleResolvers: true })
export class PositionsAtPayload {
  @Field(() => [Position], {
    nullable: true,
    description: 'Partners with anything by then, by code; null when it was refused. A partner sees its own.',
  })
  readonly positions?: readonly Position[];

  @Field(() => [TimeMachineUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: TimeMachineUserErrors;
}
