/** Everything that can be refused about a back-test. */
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type BacktestErrorCode =
  | 'INVALID_PROGRAMME'
  | 'EXAMPLE_FAILED'
  | 'UNKNOWN_PROGRAMME'
  | 'OTHER_PROGRAMME'
  | 'CURRENCY_FIXED'
  | 'UNIT_FIXED'
  | 'TIME_ZONE_FIXED'
  | 'DAYS_MALFORMED'
  | 'NO_HISTORY'
  | 'BACKTEST_UNFINISHED'
  | 'UNKNOWN_BACKTEST'
  | 'BACKTEST_FINISHED'
  | CommandKeyErrorCode;

export const BACKTEST_ERRORS: Readonly<Record<BacktestErrorCode, string>> = {
  INVALID_PROGRAMME: 'The file is not a programme: a field is missing, unknown, malformed or contradicts another.',
  EXAMPLE_FAILED: 'The programme is sound, but an example in it does not come out as it says.',
  UNKNOWN_PROGRAMME: 'The programme does not exist.',
  OTHER_PROGRAMME: 'The file is of another programme than the one whose history is to be replayed.',
  CURRENCY_FIXED: 'The stored history is in another currency.',
  UNIT_FIXED: 'The stored history is in another reward unit, or in one of other decimals.',
  TIME_ZONE_FIXED: 'The stored history counts its days in another time zone.',
  DAYS_MALFORMED: 'It is not said which days to replay, or said twice, or they end before they begin.',
  NO_HISTORY: 'Nothing is stored of those days.',
  BACKTEST_UNFINISHED: 'Another back-test of the programme waits or runs.',
  UNKNOWN_BACKTEST: 'The back-test does not exist.',
  BACKTEST_FINISHED: 'The back-test has ended already.',
  ...COMMAND_KEY_ERRORS,
};
