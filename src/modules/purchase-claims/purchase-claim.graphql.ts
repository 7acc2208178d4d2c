/** Claims of members as the schema shows them. */
import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { Money, MoneyInput, toMoney } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { BusinessDateScalar, DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { ClaimState, PurchaseClaimEntity } from './purchase-claim.entity.js';
import { PURCHASE_CLAIM_ERRORS, type PurchaseClaimErrorCode } from './purchase-claim.errors.js';

const VERDICTS = {
  GRANTED: 'The purchase is taken in as the member says, or joins what was told of it meanwhile.',
  REFUSED: 'There was no such purchase, or it does not count; the resolution says why.',
} as const;
export const ClaimVerdictEnum = enumType<'GRANTED' | 'REFUSED'>('PurchaseClaimVerdict', 'What was decided.', VERDICTS);
export const ClaimStateEnum = enumType<ClaimState>('PurchaseClaimState', 'How far a claim has come.', {
  OPEN: 'It waits for its merchant, or for whoever runs the programme.',
  FOUND: 'The purchase was here already.',
  ATTACHED: 'The bank had told of it without knowing the merchant; now it counts there.',
  ...VERDICTS,
});

@ObjectType({
  implements: NodeInterface,
  description: 'A purchase that a member says it made and of which nobody has told.',
  simpleResolvers: true,
})
export class PurchaseClaim extends NodeInterface {
  /** Not published. */
  readonly memberNo!: number;
  readonly partnerNo!: number;
  readonly transactionId!: string | null;

  @Field(() => ClaimStateEnum, { description: 'How far it has come.' })
  readonly state!: ClaimState;

  @Field(() => Money, { description: 'How much was paid.' })
  readonly amount!: Money;

  @Field(() => String, { nullable: true, description: 'Code of the outlet; null when none is named.' })
  readonly outletCode!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was bought.' })
  readonly boughtAt!: Date;

  @Field(() => String, { description: 'Number of the receipt.' })
  readonly receipt!: string;

  @Field(() => String, { nullable: true, description: 'What the member says besides.' })
  readonly note!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was claimed.' })
  readonly openedAt!: Date;

  @Field(() => BusinessDateScalar, { description: 'The day by which it has to be decided.' })
  readonly decideBy!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When somebody decided; null until then.' })
  readonly decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What was said to the decision.' })
  readonly resolution!: string | null;

  static of(row: PurchaseClaimEntity, currencyCode: string): PurchaseClaim {
    const { id, memberNo, partnerNo, state, amountMinor, boughtAt, receipt, openedAt, decideBy } = row;
    const { outletCode = null, note = null, decidedAt = null, resolution = null, transactionId = null } = row;
    return Object.assign(new PurchaseClaim(), {
      ...{ id, memberNo, partnerNo, transactionId, state, amount: toMoney(amountMinor, currencyCode), outletCode },
      ...{ boughtAt, receipt, note, openedAt, decideBy, decidedAt, resolution },
    });
  }
}

export const PurchaseClaimConnection = connectionOf('PurchaseClaim', () => PurchaseClaim);
export const PurchaseClaimUserError = userErrorType<PurchaseClaimErrorCode>('PurchaseClaim', PURCHASE_CLAIM_ERRORS);
export type PurchaseClaimUserError = InstanceType<typeof PurchaseClaimUserError>;

@ArgsType()
export class PurchaseClaimArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;

  @Field(() => ClaimStateEnum, { nullable: true, description: 'Only those in this state; OPEN is what waits.' })
  state?: ClaimState | null;
}

@InputType({ description: 'A purchase to claim.' })
export class PurchaseClaimOpenInput {
  @Field(() => String, { description: 'Code of the programme.' })
  programmeCode!: string;

  @Field(() => ID, { nullable: true, description: 'Who bought; a member claims for itself and leaves it out.' })
  memberId?: string | null;

  @Field(() => String, { description: 'Code of the merchant.' })
  partnerCode!: string;

  @Field(() => String, { nullable: true, description: 'Code of the outlet, when it is known.' })
  outletCode?: string | null;

  @Field(() => MoneyInput, { description: "How much was paid, in the programme's currency." })
  amount!: MoneyInput;

  @Field(() => DateTimeScalar, { description: 'When it was bought, at most 90 days ago.' })
  boughtAt!: Date;

  @Field(() => String, { description: 'Number of the receipt, 1 to 100 characters.' })
  receipt!: string;

  @Field(() => String, { nullable: true, description: 'What else shows it, at most 500 characters.' })
  note?: string | null;

  @Field(() => String, {
    description: 'A key of your choice, 1 to 200 characters: the same key has one answer for ever.',
  })
  idempotencyKey!: string;
}

@InputType({ description: 'A claim to decide on.' })
export class PurchaseClaimDecideInput {
  @Field(() => ID, { description: 'The claim.' })
  claimId!: string;

  @Field(() => ClaimVerdictEnum, { description: 'What is decided.' })
  verdict!: 'GRANTED' | 'REFUSED';

  @Field(() => String, { description: 'Why, in 1 to 500 characters; the member reads it.' })
  resolution!: string;

  @Field(() => String, {
    description: 'A key of your choice, 1 to 200 characters: the same key has one answer for ever.',
  })
  idempotencyKey!: string;
}

@ObjectType({ description: 'The claim, or why it was refused.', simpleResolvers: true })
export class PurchaseClaimPayload {
  @Field(() => PurchaseClaim, { nullable: true, description: 'The claim as it stands now.' })
  readonly claim?: PurchaseClaim | null;

  @Field(() => [PurchaseClaimUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly PurchaseClaimUserError[];
}
