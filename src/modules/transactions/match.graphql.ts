/** Purchases that may be one, as the schema shows them. */
import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { MatchState, PurchaseMatchEntity } from './match.entity.js';
import { MATCH_ERRORS, type MatchErrorCode } from './match.errors.js';
import { PurchaseLikeness } from './transaction.graphql.js';

export const MatchStateEnum = enumType<MatchState>(
  'TransactionMatchState',
  'What became of two purchases that may be one.',
  {
    PROPOSED: 'It waits for somebody to decide.',
    CONFIRMED: 'They are one: the later is a DUPLICATE of the earlier.',
    REJECTED: 'They are two, and are not proposed again.',
    SUPERSEDED: 'One of them has found its other side elsewhere.',
  },
);

@ObjectType({
  implements: NodeInterface,
  description: 'Two purchases, told by merchant and bank, that may be one.',
  simpleResolvers: true,
})
export class TransactionMatch extends NodeInterface {
  /** Not published. */
  readonly earlierId!: string;
  readonly laterId!: string;

  @Field(() => MatchStateEnum, { description: 'What became of it.' })
  readonly state!: MatchState;

  @Field(() => PurchaseLikeness, { description: 'How alike they were when the later one came in.' })
  readonly likeness!: PurchaseLikeness;

  @Field(() => DateTimeScalar, { description: 'When it was proposed.' })
  readonly proposedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When somebody decided; null until then.' })
  readonly decidedAt!: Date | null;

  static of({ id, earlierId, laterId, state, likeness, proposedAt, decidedAt }: PurchaseMatchEntity): TransactionMatch {
    const own = { id, earlierId, laterId, state, likeness, proposedAt, decidedAt: decidedAt ?? null };
    return Object.assign(new TransactionMatch(), own);
  }
}

export const TransactionMatchConnection = connectionOf('TransactionMatch', () => TransactionMatch);
export const TransactionMatchUserError = userErrorType<MatchErrorCode>('TransactionMatch', MATCH_ERRORS);
export type TransactionMatchUserError = InstanceType<typeof TransactionMatchUserError>;

@ArgsType()
export class TransactionMatchArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;

  @Field(() => MatchStateEnum, { nullable: true, description: 'Only those in this state; PROPOSED is what waits.' })
  state?: MatchState | null;
}

@InputType({ description: 'Two purchases to decide on.' })
export class TransactionMatchDecideInput {
  @Field(() => ID, { description: 'The match.' })
  matchId!: string;

  @Field(() => String, {
    description: 'A key of your choice, 1 to 200 characters: the same key has one answer for ever.',
  })
  idempotencyKey!: string;
}

@ObjectType({ description: 'The match, or why it was not decided.', simpleResolvers: true })
export class TransactionMatchPayload {
  @Field(() => TransactionMatch, { nullable: true, description: 'The match as it stands now.' })
  readonly match?: TransactionMatch | null;

  @Field(() => [TransactionMatchUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly TransactionMatchUserError[];
}
