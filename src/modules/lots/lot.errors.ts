/** What can be wrong with a command on lots. */
import { userErrorType } from '../../graphql/user-error.js';

export type LotErrorCode = 'UNKNOWN_PROGRAMME' | 'AS_OF_IN_FUTURE' | 'NOT_RUNNING';

export const LotUserError = userErrorType<LotErrorCode>('Lot', {
  UNKNOWN_PROGRAMME: 'The programme does not exist.',
  AS_OF_IN_FUTURE: 'The day lies in the future.',
  NOT_RUNNING: 'No terms of the programme are in force on the day.',
});
export type LotUserError = InstanceType<typeof LotUserError>;
