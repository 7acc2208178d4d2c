/** Merchant ids that no outlet has: what they look like, and the decisions on it. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import type { GatewayContext } from '../../graphql/context.js';
import { type PartnerErrorCode, PartnerUserError } from '../partners/index.js';
import { MerchantIdInput, MerchantIdPayload, MerchantIdProposal } from './merchant-id.graphql.js';
import type { MerchantIdService, NamedMerchantId } from './merchant-id.service.js';

@Resolver()
export class MerchantIdResolver {
  constructor(private readonly merchantIds: MerchantIdService) {}

  @Query(() => [MerchantIdProposal], {
    nullable: true,
    description:
      'Merchant ids that no outlet has and that look like one, at most 100, those with most purchases first.',
  })
  async merchantIdProposals(@Ctx() context: GatewayContext): Promise<MerchantIdProposal[]> {
    const proposals = await this.merchantIds.proposals(context.principal);
    return proposals.map(({ outlet, ...proposal }) => ({
      ...proposal,
      partnerCode: outlet.partnerCode,
      outletCode: outlet.code,
    }));
  }

  @Mutation(() => MerchantIdPayload, {
    nullable: true,
    description:
      'The merchant id is that outlet: purchases told from now on are. Those decided before stay as they were decided.',
  })
  async merchantIdApprove(
    @Arg('input', () => MerchantIdInput, { description: 'The merchant id and its outlet.' }) input: MerchantIdInput,
    @Ctx() context: GatewayContext,
  ): Promise<MerchantIdPayload> {
    return payload(await this.merchantIds.approve(context.principal, { ...input }));
  }

  @Mutation(() => MerchantIdPayload, {
    nullable: true,
    description: 'The merchant id is not that outlet, and is not proposed for it again.',
  })
  async merchantIdReject(
    @Arg('input', () => MerchantIdInput, { description: 'The merchant id and what it is not.' }) input: MerchantIdInput,
    @Ctx() context: GatewayContext,
  ): Promise<MerchantIdPayload> {
    return payload(await this.merchantIds.reject(context.principal, { ...input }));
  }
}

const payload = (result: Result<NamedMerchantId, PartnerErrorCode>): MerchantIdPayload =>
  result.ok
    ? { merchantId: result.value.merchantId, userErrors: [] }
    : { userErrors: PartnerUserError.from(result.failure) };
