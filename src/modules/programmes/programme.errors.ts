/** Everything that can be refused about a programme. */
import type { Failure } from '../../domain/kernel/result.js';

export type ProgrammeErrorCode =
  | 'INVALID_PROGRAMME'
  | 'EXAMPLE_FAILED'
  | 'CURRENCY_FIXED'
  | 'UNIT_FIXED'
  | 'TIME_ZONE_FIXED'
  | PublicationErrorCode;

/** What the programme's versions and proposals refuse. */
export type PublicationErrorCode = 'VERSION_IN_THE_PAST' | 'PROPOSAL_PENDING';

export const PROGRAMME_ERRORS: Readonly<Record<ProgrammeErrorCode, string>> = {
  INVALID_PROGRAMME: 'The file is not a programme: a field is missing, unknown, malformed or contradicts another.',
  EXAMPLE_FAILED: 'The programme is sound, but an example in it does not come out as it says.',
  CURRENCY_FIXED: 'A published programme keeps its currency.',
  UNIT_FIXED: 'A published programme keeps its reward unit and its number of decimals.',
  TIME_ZONE_FIXED: 'A published programme keeps its time zone.',
  VERSION_IN_THE_PAST:
    'Only the first version of a programme may begin in the past: later ones would change what members were told.',
  PROPOSAL_PENDING: 'Another proposal for this programme waits for its approval; one is decided at a time.',
};

/** Everything that can be refused about deciding on a proposal. */
export type ProposalErrorCode = 'UNKNOWN_PROPOSAL' | 'PROPOSAL_DECIDED' | 'SAME_PERSON' | 'VERSION_IN_THE_PAST';

export const PROPOSAL_ERRORS: Readonly<Record<ProposalErrorCode, string>> = {
  UNKNOWN_PROPOSAL: 'There is no proposal of that id.',
  PROPOSAL_DECIDED: 'The proposal was approved, rejected or withdrawn already.',
  SAME_PERSON: 'Whoever proposed a version may not approve it: it takes two people.',
  VERSION_IN_THE_PAST: 'The first day of the proposed version has passed while it waited.',
};

/** Everything that can be refused about putting terms into words. */
export type TermsErrorCode = 'LANGUAGE_NOT_OFFERED' | 'UNKNOWN_PROGRAMME' | 'NOT_IN_FORCE';

export const TERMS_ERRORS: Readonly<Record<TermsErrorCode, string>> = {
  LANGUAGE_NOT_OFFERED: 'There is no complete catalogue of messages in that language.',
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  NOT_IN_FORCE: 'No version of the programme counts on that day.',
};

/** A failure with its place in the file. */
export interface ProgrammeFailure extends Failure<ProgrammeErrorCode> {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Path in the file, such as rules[2].rate; empty for the file as a whole. */
  readonly path: string;
}
