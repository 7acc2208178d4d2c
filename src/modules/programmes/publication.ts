/**
 * How a checked programme becomes a version: at once, by a second person, or not at all. Pure; what it decides
 * on was read under the programme's lock.
 */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { ProposalState } from './programme.entity.js';
import type { ProposalErrorCode, PublicationErrorCode } from './programme.errors.js';

/** What makes two publications the same. */
export interface Publishable {
  readonly digest: string;
  readonly effectiveFrom: BusinessDate;
}

export interface PublicationFacts {
  readonly wanted: Publishable;
  /** The newest version there is. */
  readonly newest?: Publishable | undefined;
  /** The proposal that waits, by whom. */
  readonly pending?: (Publishable & { readonly proposedBy: string }) | undefined;
  /** The database's day in the programme's zone. */
  readonly today: BusinessDate;
  /** People it takes: by the version in force, or by the text itself when the programme has none. */
  readonly approvals: 1 | 2;
}

/** UNCHANGED: it is the newest version. WAITING: it is the pending proposal. */
export type PublicationStep = 'UNCHANGED' | 'WAITING' | 'PROPOSE' | 'PUBLISH';

export function decidePublication({
  wanted,
  newest,
  pending,
  today,
  approvals,
}: PublicationFacts): Result<PublicationStep, PublicationErrorCode> {
  if (newest !== undefined && isSame(wanted, newest)) return ok('UNCHANGED');
  if (pending !== undefined && isSame(wanted, pending)) return ok('WAITING');
  if (newest !== undefined && wanted.effectiveFrom < today) {
    return fail(
      'VERSION_IN_THE_PAST',
      `${wanted.effectiveFrom} has passed; a version after the first begins on ${today} at the earliest.`,
      'effectiveFrom',
    );
  }
  if (pending !== undefined) {
    return fail(
      'PROPOSAL_PENDING',
      `A version from ${pending.effectiveFrom}, proposed by ${pending.proposedBy}, waits for approval; approve or reject it first.`,
    );
  }
  return ok(approvals === 2 ? 'PROPOSE' : 'PUBLISH');
}

const isSame = (a: Publishable, b: Publishable): boolean =>
  a.digest === b.digest && a.effectiveFrom === b.effectiveFrom;

/**
 * People it takes to publish the next version: what the version in force says; before any counts, the newest
 * one; for a programme without versions, the text itself.
 *
 * @param versions latest first day first, then highest version
 */
export function approvalsNeeded(
  versions: readonly { readonly effectiveFrom: BusinessDate; readonly approvals: 1 | 2 }[],
  today: BusinessDate,
  own: 1 | 2,
): 1 | 2 {
  const inForce = versions.find(({ effectiveFrom }) => effectiveFrom <= today) ?? versions[0];
  return inForce?.approvals ?? own;
}

export interface ApprovalFacts {
  readonly state: ProposalState;
  readonly proposedBy: string;
  readonly effectiveFrom: BusinessDate;
  /** Who approves. */
  readonly subject: string;
  readonly today: BusinessDate;
  readonly hasVersions: boolean;
}

/** Whether this person may make a version of the proposal now. */
export function decideApproval(facts: ApprovalFacts): Result<'APPROVED', ProposalErrorCode> {
  const { state, proposedBy, effectiveFrom, subject, today, hasVersions } = facts;
  if (state !== 'PENDING') return alreadyDecided(state);
  if (proposedBy === subject) {
    return fail('SAME_PERSON', `${subject} proposed this version; somebody else has to approve it.`, 'proposalId');
  }
  if (hasVersions && effectiveFrom < today) {
    return fail(
      'VERSION_IN_THE_PAST',
      `${effectiveFrom} passed while the proposal waited; reject it and propose it again from ${today} or later.`,
      'proposalId',
    );
  }
  return ok('APPROVED');
}

/** What rejecting makes of it: the proposer takes it back, anybody else turns it down. */
export function decideRejection({
  state,
  proposedBy,
  subject,
}: Pick<ApprovalFacts, 'state' | 'proposedBy' | 'subject'>): Result<'REJECTED' | 'WITHDRAWN', ProposalErrorCode> {
  if (state !== 'PENDING') return alreadyDecided(state);
  return ok(proposedBy === subject ? 'WITHDRAWN' : 'REJECTED');
}

const alreadyDecided = (state: ProposalState) =>
  fail('PROPOSAL_DECIDED', `This proposal is ${state} already; propose the version again.`, 'proposalId');
