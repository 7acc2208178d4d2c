/** Cards as the schema shows them. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { CARD_ERRORS, type CardErrorCode } from './card.errors.js';

@ObjectType({
  implements: NodeInterface,
  description: "A payment card linked to a member, known by its issuer's token. The gateway never holds card numbers.",
  simpleResolvers: true,
})
export class Card extends NodeInterface {
  /** Of the member; not published. */
  readonly memberNo!: number;

  /** Of the issuer; not published. */
  readonly issuerNo!: number;

  /** Published to the issuer and administrators only. */
  readonly secretToken!: string;

  @Field(() => String, { description: 'The last four digits, for people.' })
  readonly lastFour!: string;

  @Field(() => DateTimeScalar, { description: 'When it was first linked.' })
  readonly linkedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the link ended; null while it counts.' })
  readonly unlinkedAt!: Date | null;

  static of({ id, memberNo, issuerNo, token, lastFour, linkedAt, unlinkedAt }: CardRow): Card {
    const ended = unlinkedAt ?? null;
    return Object.assign(new Card(), {
      id,
      memberNo,
      issuerNo,
      secretToken: token,
      lastFour,
      linkedAt,
      unlinkedAt: ended,
    });
  }
}

interface CardRow {
  readonly id: string;
  readonly memberNo: number;
  readonly issuerNo: number;
  readonly token: string;
  readonly lastFour: string;
  readonly linkedAt: Date;
  readonly unlinkedAt?: Date | null | undefined;
}

export const CardConnection = connectionOf('Card', () => Card);

@InputType({ description: 'Names a member: by its id or by its code, exactly one of them.' })
export class CardMemberInput {
  @Field(() => ID, { nullable: true, description: 'The id of the member.' })
  memberId?: string | null;

  @Field(() => String, { nullable: true, description: 'The code of the member in the programme.' })
  memberCode?: string | null;
}

@InputType({ description: 'A card to link.' })
export class CardLinkInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => CardMemberInput, { description: 'The member who holds the card.' })
  member!: CardMemberInput;

  @Field(() => String, {
    description:
      "The issuer's token of the card, 8 to 128 characters of ASCII without spaces. A card number is refused.",
  })
  token!: string;

  @Field(() => String, { description: 'The last four digits of the card.' })
  lastFour!: string;

  @Field(() => String, { description: 'The partner that issued the card; it must have the role BANK.' })
  issuerCode!: string;
}

@InputType({ description: 'A card to unlink.' })
export class CardUnlinkInput {
  @Field(() => ID, { description: 'The id of the card.' })
  cardId!: string;
}

export const CardUserError = userErrorType<CardErrorCode>('Card', CARD_ERRORS);

@ObjectType({ description: 'What became of a command on a card.', simpleResolvers: true })
export class CardPayload {
  @Field(() => Card, { nullable: true, description: 'The card as it is now; null when the command was refused.' })
  readonly card?: Card;

  @Field(() => [CardUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: InstanceType<typeof CardUserError>[];
}
