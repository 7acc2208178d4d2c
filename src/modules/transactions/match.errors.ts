/** Everything that can be refused about two purchases that may be one. */
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type MatchErrorCode = CommandKeyErrorCode | 'UNKNOWN_MATCH' | 'MATCH_DECIDED' | 'NOT_MATCHABLE';

export const MATCH_ERRORS: Readonly<Record<MatchErrorCode, string>> = {
  UNKNOWN_MATCH: 'There is no match of that id.',
  MATCH_DECIDED: 'The match was decided already, or one of the two has found its other side since.',
  NOT_MATCHABLE: 'The two cannot be one purchase as they stand now.',
  ...COMMAND_KEY_ERRORS,
};
