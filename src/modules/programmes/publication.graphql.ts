/** Proposed versions as the schema shows them. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { enumType } from '../../graphql/enums.js';
import { BusinessDateScalar, DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { ProgrammeProposalEntity, ProposalState } from './programme.entity.js';
import { PROPOSAL_ERRORS, type ProposalErrorCode } from './programme.errors.js';

const ProposalStateEnum = enumType<ProposalState>('ProposalState', 'What became of a proposed version.', {
  PENDING: 'It waits for a second person.',
  APPROVED: 'A second person approved it: it is a version.',
  REJECTED: 'A second person turned it down.',
  WITHDRAWN: 'The one who proposed it took it back.',
});

@ObjectType({
  description: 'A version that one person proposed and another has to approve before it counts.',
  simpleResolvers: true,
})
export class ProgrammeProposal {
  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => ProposalStateEnum, { description: 'What became of it.' })
  readonly state!: ProposalState;

  @Field(() => BusinessDateScalar, { description: 'The first day whose purchases it would decide.' })
  readonly effectiveFrom!: BusinessDate;

  @Field(() => String, { description: 'The YAML file as proposed.' })
  readonly source!: string;

  @Field(() => String, { description: 'SHA-256 of the file, in hexadecimal.' })
  readonly digest!: string;

  @Field(() => String, { description: 'Who proposed it: the subject of the token.' })
  readonly proposedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was proposed.' })
  readonly proposedAt!: Date;

  @Field(() => String, { nullable: true, description: 'Who decided on it; null while it waits.' })
  readonly decidedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided; null while it waits.' })
  readonly decidedAt!: Date | null;

  static of(row: ProgrammeProposalEntity): ProgrammeProposal {
    const { id, state, effectiveFrom, source, digest, proposedBy, proposedAt, decidedBy, decidedAt } = row;
    return Object.assign(new ProgrammeProposal(), {
      id,
      state,
      effectiveFrom,
      source,
      digest,
      proposedBy,
      proposedAt,
      decidedBy: decidedBy ?? null,
      decidedAt: decidedAt ?? null,
    });
  }
}

export const ProgrammeProposalUserError = userErrorType<ProposalErrorCode>('ProgrammeProposal', PROPOSAL_ERRORS);
export type ProgrammeProposalUserError = InstanceType<typeof ProgrammeProposalUserError>;

@InputType({ description: 'A proposed version to approve.' })
export class ProgrammeApproveInput {
  @Field(() => ID, { description: 'The proposal.' })
  proposalId!: string;
}

@InputType({ description: 'A proposed version to reject, or to withdraw when it is your own.' })
export class ProgrammeRejectInput {
  @Field(() => ID, { description: 'The proposal.' })
  proposalId!: string;
}
