/** Everything that can be refused about a programme. */
import type { Failure } from '../../domain/kernel/result.js';

export type ProgrammeErrorCode =
  | 'INVALID_PROGRAMME'
  | 'EXAMPLE_FAILED'
  | 'CURRENCY_FIXED'
  | 'UNIT_FIXED'
  | 'TIME_ZONE_FIXED';

export const PROGRAMME_ERRORS: Readonly<Record<ProgrammeErrorCode, string>> = {
  INVALID_PROGRAMME: 'The file is not a programme: a field is missing, unknown, malformed or contradicts another.',
  EXAMPLE_FAILED: 'The programme is sound, but an example in it does not come out as it says.',
  CURRENCY_FIXED: 'A published programme keeps its currency.',
  UNIT_FIXED: 'A published programme keeps its reward unit and its number of decimals.',
  TIME_ZONE_FIXED: 'A published programme keeps its time zone.',
};

/** A failure with its place in the file. */
export interface ProgrammeFailure extends Failure<ProgrammeErrorCode> {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Path in the file, such as rules[2].rate; empty for the file as a whole. */
  readonly path: string;
}
