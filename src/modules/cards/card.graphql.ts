/** Cards as the schema shows them. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
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

  @Field(() => String, {
    nullable: true,
    description: 'Code of the card product, such as "credit", which rules go by; null when the issuer gave none.',
  })
  readonly product!: string | null;

  /** Published to the issuer and administrators only. */
  readonly secretAccount!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Day of the month on which a statement cycle begins, 1 to 28; null for the first.',
  })
  readonly statementDay!: number | null;

  static of(row: CardRow): Card {
    const { id, memberNo, issuerNo, token, lastFour, linkedAt, unlinkedAt, product, account, statementDay } = row;
    return Object.assign(new Card(), {
      id,
      memberNo,
      issuerNo,
      secretToken: token,
      lastFour,
      linkedAt,
      unlinkedAt: unlinkedAt ?? null,
      product: product ?? null,
      secretAccount: account ?? null,
      statementDay: statementDay ?? null,
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
  readonly product?: string | null | undefined;
  readonly account?: string | null | undefined;
  readonly statementDay?: number | null | undefined;
}

export const CardConnection = connectionOf('Card', () => Card);

@InputType({ description: 'Names a member: by its id or by its code, exactly one of them.' })
export class CardMemberInput {
  @Field(() => ID, { nullable: true, description: 'The id of the member.' })
  memberId?: string | null;

  @Field(() => String, { nullable: true, description: 'The code of the member in the programme.' })
  memberCode?: string | null;
}

@InputType({ description: 'What the issuer says about a card besides its token.' })
abstract class CardDetailsInput {
  @Field(() => String, {
    nullable: true,
    description: 'Code of the card product in small letters, digits and dashes, such as "credit".',
  })
  product?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The issuer's own name of the account, 1 to 64 characters of ASCII without spaces: cards of one account share " +
      'caps per account. Never an account or card number that people pay with.',
  })
  account?: string | null;

  @Field(() => Int, { nullable: true, description: 'Day of the month on which a statement cycle begins, 1 to 28.' })
  statementDay?: number | null;
}

@InputType({ description: 'A card to link.' })
export class CardLinkInput extends CardDetailsInput {
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

@InputType({ description: 'What changes about a card. What is left out stays as it is, null takes it away.' })
export class CardUpdateInput extends CardDetailsInput {
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
