/** Consents: input -> command, result -> payload, and what they add to a member. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { receiptDocument } from '../../domain/consents/receipt-document.js';
import type { Result } from '../../domain/kernel/result.js';
import { type Connection, ConnectionArguments } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { authorize, itself } from '../access/index.js';
import { MEMBER_BY_NO, Member } from '../members/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { programmeOf } from '../programmes/index.js';
import { ConsentReceiptEntity } from './consent.entity.js';
import type { ConsentErrorCode } from './consent.errors.js';
import {
  ConsentGiveInput,
  ConsentPayload,
  ConsentReceipt,
  ConsentReceiptConnection,
  ConsentUserError,
  ConsentWithdrawInput,
} from './consent.graphql.js';
import { CONSENTS_OF_MEMBER } from './consent.loaders.js';
import type { ConsentService, SaidConsent } from './consent.service.js';
import { PROGRAMME_ITSELF } from './consent.sql.js';

const NEWEST_FIRST = byId('consent-receipts', 'DESC');

@Resolver(() => ConsentReceipt)
export class ConsentResolver {
  constructor(private readonly consents: ConsentService) {}

  @Mutation(() => ConsentPayload, {
    nullable: true,
    description:
      'Records that a member consents: the member itself, the bank of a card it has linked, or those who run the ' +
      'programme, who name what proves it. The same again changes nothing.',
  })
  async consentGive(
    @Arg('input', () => ConsentGiveInput, { description: 'The member, and what it consents to.' })
    input: ConsentGiveInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<ConsentPayload> {
    const { memberId, purpose, partnerCode, channel, notice, evidence } = input;
    return payload(
      await this.consents.say(principal, {
        memberId,
        purpose,
        state: 'GIVEN',
        partnerCode: partnerCode ?? undefined,
        channel,
        notice: { ...notice },
        evidence: evidence ?? undefined,
      }),
    );
  }

  @Mutation(() => ConsentPayload, {
    nullable: true,
    description:
      'Records that a member does not consent, or no more; it takes effect at once, and needs no proof. The same again ' +
      'changes nothing.',
  })
  async consentWithdraw(
    @Arg('input', () => ConsentWithdrawInput, { description: 'The member, and what it does not want.' })
    { memberId, purpose, partnerCode, channel, evidence }: ConsentWithdrawInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<ConsentPayload> {
    return payload(
      await this.consents.say(principal, {
        memberId,
        purpose,
        state: 'WITHDRAWN',
        partnerCode: partnerCode ?? undefined,
        channel,
        evidence: evidence ?? undefined,
      }),
    );
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The partner that it is about; null for none.' })
  async partner(@Root() { partnerNo }: ConsentReceipt, @Ctx() { loader }: GatewayContext): Promise<Partner | null> {
    return partnerNo === PROGRAMME_ITSELF ? null : ((await loader(PARTNER_BY_NO).load(partnerNo)) ?? null);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The receipt for programs and archives: JSON with the fields of a consent record of ISO/IEC TS 27560. Null for who ' +
      'may not see the member any more.',
  })
  async document(@Root() receipt: ConsentReceipt, @Ctx() context: GatewayContext): Promise<string | null> {
    const member = await context.loader(MEMBER_BY_NO).load(receipt.memberNo);
    if (member === undefined) return null;
    const programme = await programmeOf(member.programmeNo, context);
    const partner =
      receipt.partnerNo === PROGRAMME_ITSELF ? undefined : await context.loader(PARTNER_BY_NO).load(receipt.partnerNo);
    return receiptDocument({
      ...receipt,
      memberId: member.id,
      programmeCode: programme.code,
      partnerCode: partner?.code,
    });
  }
}

/** What consents add to a member. */
@Resolver(() => Member)
export class MemberConsentsResolver {
  @FieldResolver(() => [ConsentReceipt], {
    nullable: true,
    description: 'What the member said last of each purpose and partner, as far as the caller may see it.',
  })
  async consents(@Root() { no }: Member, @Ctx() { loader, principal }: GatewayContext): Promise<ConsentReceipt[]> {
    authorize(principal, 'consent.read', itself(principal));
    return (await loader(CONSENTS_OF_MEMBER).load(no)).map(ConsentReceipt.of);
  }

  @FieldResolver(() => ConsentReceiptConnection, {
    nullable: true,
    description: 'Everything the member said about consents that the caller may see, newest first.',
  })
  consentReceipts(
    @Root() { no }: Member,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<ConsentReceipt>> {
    authorize(principal, 'consent.read', itself(principal));
    return entityConnection(args, NEWEST_FIRST, { em, entity: ConsentReceiptEntity, where: { memberNo: no } }, (rows) =>
      rows.map(ConsentReceipt.of),
    );
  }
}

function payload(result: Result<SaidConsent, ConsentErrorCode>): ConsentPayload {
  if (!result.ok) return { userErrors: ConsentUserError.from(result.failure) };
  return { receipt: ConsentReceipt.of(result.value.receipt), userErrors: [] };
}
