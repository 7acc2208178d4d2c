/** What subscribers are told: what has changed, as it is now. */
import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { Member } from '../members/index.js';
import { Redemption } from '../redemption/index.js';
import { SettlementWindow } from '../settlement/index.js';

const CURSOR = 'Give it as `after` when you subscribe again: you then miss nothing that happened in between.';

@ObjectType({ description: 'The balance of a member is another one.', simpleResolvers: true })
export class BalanceChange {
  @Field(() => String, { description: CURSOR })
  readonly cursor!: string;

  @Field(() => DateTimeScalar, { description: 'When it changed; of the first one, when the subscription began.' })
  readonly at!: Date;

  @Field(() => Member, { nullable: true, description: 'The member, as it is now.' })
  readonly member!: Member | null;
}

@ObjectType({ description: 'Rewards of a member became available.', simpleResolvers: true })
export class AccrualConfirmation {
  @Field(() => String, { description: CURSOR })
  readonly cursor!: string;

  @Field(() => DateTimeScalar, { description: 'When they did.' })
  readonly at!: Date;

  @Field(() => Member, { nullable: true, description: 'The member, as it is now.' })
  readonly member!: Member | null;
}

@ObjectType({ description: 'Units of a member are held for a purchase.', simpleResolvers: true })
export class RedemptionAuthorisation {
  @Field(() => String, { description: CURSOR })
  readonly cursor!: string;

  @Field(() => DateTimeScalar, { description: 'When they were.' })
  readonly at!: Date;

  @Field(() => Redemption, { nullable: true, description: 'The redemption, as it is now.' })
  readonly redemption!: Redemption | null;
}

@ObjectType({ description: 'A settlement window was closed.', simpleResolvers: true })
export class WindowClosing {
  @Field(() => String, { description: CURSOR })
  readonly cursor!: string;

  @Field(() => DateTimeScalar, { description: 'When it was.' })
  readonly at!: Date;

  @Field(() => SettlementWindow, { nullable: true, description: 'The window, as it is now.' })
  readonly window!: SettlementWindow | null;
}

@ArgsType()
export class SubscriptionArguments {
  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last one that you were told, some weeks old at most; from now on when absent.',
  })
  after?: string | null;
}

@ArgsType()
export class BalanceChangedArguments extends SubscriptionArguments {
  @Field(() => ID, { description: 'The id of the member.' })
  memberId!: string;
}

@ArgsType()
export class AccrualConfirmedArguments extends SubscriptionArguments {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of a member; all members that you may see when absent: a bank those who linked its cards.',
  })
  memberId?: string | null;
}

@ArgsType()
export class RedemptionAuthorisedArguments extends SubscriptionArguments {
  @Field(() => String, { description: 'The partner at whose till, or for whose account, the units are held.' })
  partnerCode!: string;
}

@ArgsType()
export class WindowClosedArguments extends SubscriptionArguments {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;
}
