/** Cards: input -> command, result -> payload, and the fields that need a read of their own. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import { type Connection, ConnectionArguments, connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, itself, may } from '../access/index.js';
import { MEMBER_BY_NO, Member } from '../members/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import type { CardErrorCode } from './card.errors.js';
import {
  Card,
  CardConnection,
  CardLinkInput,
  CardPayload,
  CardUnlinkInput,
  CardUpdateInput,
  CardUserError,
} from './card.graphql.js';
import { CARD_BY_ID, CARDS, CARDS_OF_MEMBER } from './card.loaders.js';
import type { CardService, LinkCard } from './card.service.js';
import type { CardRecord } from './card.sql.js';

export const cardNodes: NodeSource = {
  type: Card,
  async find(id, { loader, principal }) {
    authorize(principal, 'member.read', itself(principal));
    return loader(CARD_BY_ID).load(id);
  },
};

@Resolver(() => Card)
export class CardResolver {
  constructor(private readonly cards: CardService) {}

  @FieldResolver(() => String, {
    nullable: true,
    description: "The issuer's token of the card; null for everyone but the issuer itself and administrators.",
  })
  token(@Root() card: Card, @Ctx() { principal }: GatewayContext): string | null {
    return may(principal, 'card.token', { partnerNos: [card.issuerNo] }) ? card.secretToken : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "The issuer's name of the account; null for everyone but the issuer itself and administrators.",
  })
  account(@Root() card: Card, @Ctx() { principal }: GatewayContext): string | null {
    return may(principal, 'card.token', { partnerNos: [card.issuerNo] }) ? card.secretAccount : null;
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The bank that issued the card.' })
  async issuer(@Root() card: Card, @Ctx() context: GatewayContext): Promise<Partner | undefined> {
    return context.loader(PARTNER_BY_NO).load(card.issuerNo);
  }

  @FieldResolver(() => Member, { nullable: true, description: 'The member who holds the card.' })
  async member(@Root() card: Card, @Ctx() context: GatewayContext): Promise<Member | undefined> {
    return context.loader(MEMBER_BY_NO).load(card.memberNo);
  }

  @Mutation(() => CardPayload, {
    nullable: true,
    description:
      'Links a card to a member. The same token for the same member gives the same card, also after it was unlinked; a ' +
      'token never moves to another member. A bank links the cards that it has issued.',
  })
  async cardLink(
    @Arg('input', () => CardLinkInput, { description: 'The card and its member.' }) input: CardLinkInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<CardPayload> {
    return cardPayload(await this.cards.link(principal, linkCommand(input)));
  }

  @Mutation(() => CardPayload, {
    nullable: true,
    description:
      'Ends the link of a card: its purchases are refused from now on, refunds of earlier ones still come in.',
  })
  async cardUnlink(
    @Arg('input', () => CardUnlinkInput, { description: 'The card.' }) { cardId }: CardUnlinkInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<CardPayload> {
    return cardPayload(await this.cards.unlink(principal, cardId));
  }

  @Mutation(() => CardPayload, {
    nullable: true,
    description:
      'Changes what the issuer says about a card. Purchases taken in from now on go by it; earlier ones stay as decided.',
  })
  async cardUpdate(
    @Arg('input', () => CardUpdateInput, { description: 'The card, and what changes.' }) input: CardUpdateInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<CardPayload> {
    const { cardId, product, account, statementDay } = input;
    return cardPayload(await this.cards.update(principal, { cardId, product, account, statementDay }));
  }
}

/** What cards add to a member. */
@Resolver(() => Member)
export class MemberCardsResolver {
  @FieldResolver(() => CardConnection, {
    description:
      'The cards of the member that the caller may see, in the order of their linking, unlinked ones included.',
  })
  async cards(
    @Root() member: Member,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Card>> {
    const cards = context.loader(CARDS_OF_MEMBER);
    return connection(args, CARDS, (slice) => cards.load({ parent: member.no, slice }), Card.of);
  }
}

function linkCommand(input: CardLinkInput): LinkCard {
  const { programmeCode, member, token, lastFour, issuerCode, product, account, statementDay } = input;
  const { memberId, memberCode } = member;
  return {
    programmeCode,
    member: { ...(memberId ? { memberId } : {}), ...(memberCode ? { memberCode } : {}) },
    token,
    lastFour,
    issuerCode,
    product: product ?? undefined,
    account: account ?? undefined,
    statementDay: statementDay ?? undefined,
  };
}

const cardPayload = (result: Result<CardRecord, CardErrorCode>): CardPayload =>
  result.ok ? { card: Card.of(result.value), userErrors: [] } : { userErrors: CardUserError.from(result.failure) };
