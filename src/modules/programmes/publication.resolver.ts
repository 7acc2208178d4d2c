/** Proposed versions: input -> command, result -> payload, and the proposals of each programme. */
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import type { GatewayContext } from '../../graphql/context.js';
import { may } from '../access/index.js';
import type { ProposalErrorCode } from './programme.errors.js';
import { Programme, ProgrammeProposalPayload, ProgrammeVersion } from './programme.graphql.js';
import { PROPOSALS_OF_PROGRAMME } from './programme.loaders.js';
import {
  ProgrammeApproveInput,
  ProgrammeProposal,
  ProgrammeProposalUserError,
  ProgrammeRejectInput,
} from './publication.graphql.js';
import type { Decided, PublicationService } from './publication.service.js';

@Resolver(() => Programme)
export class PublicationResolver {
  constructor(private readonly publication: PublicationService) {}

  @FieldResolver(() => [ProgrammeProposal], {
    nullable: true,
    description:
      'Everything that was proposed where publishing takes two people, the latest first, the decided ones included; ' +
      'null for those who may not publish.',
  })
  async proposals(
    @Root() programme: Programme,
    @Ctx() context: GatewayContext,
  ): Promise<readonly ProgrammeProposal[] | null> {
    if (!may(context.principal, 'programme.publish')) return null;
    return (await context.loader(PROPOSALS_OF_PROGRAMME).load(programme.id)).map(ProgrammeProposal.of);
  }

  @Mutation(() => ProgrammeProposalPayload, {
    nullable: true,
    description: 'Makes a proposal the next version of its programme. Somebody else than who proposed it has to.',
  })
  async programmeApprove(
    @Arg('input', () => ProgrammeApproveInput, { description: 'The proposal.' }) { proposalId }: ProgrammeApproveInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<ProgrammeProposalPayload> {
    return payload(await this.publication.approve(principal, proposalId));
  }

  @Mutation(() => ProgrammeProposalPayload, {
    nullable: true,
    description: 'Turns a proposal down, or withdraws it when it is your own.',
  })
  async programmeReject(
    @Arg('input', () => ProgrammeRejectInput, { description: 'The proposal.' }) { proposalId }: ProgrammeRejectInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<ProgrammeProposalPayload> {
    return payload(await this.publication.reject(principal, proposalId));
  }
}

function payload(result: Result<Decided, ProposalErrorCode>): ProgrammeProposalPayload {
  if (!result.ok) return { userErrors: ProgrammeProposalUserError.from(result.failure) };
  const { programme, proposal, version } = result.value;
  return {
    programme: Programme.of(programme),
    proposal: ProgrammeProposal.of(proposal),
    version: version && ProgrammeVersion.of(version),
    userErrors: [],
  };
}
