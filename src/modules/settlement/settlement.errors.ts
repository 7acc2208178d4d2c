/** Everything that can be refused about windows and settlements. */
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type SettlementErrorCode = CommandKeyErrorCode | 'UNKNOWN_PROGRAMME' | 'WINDOW_BUSY' | 'NOTHING_TO_SETTLE';

export const SETTLEMENT_ERRORS: Readonly<Record<SettlementErrorCode, string>> = {
  ...COMMAND_KEY_ERRORS,
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  WINDOW_BUSY: 'Writers held the open window for too long; nothing was closed.',
  NOTHING_TO_SETTLE: 'Every closed window of the programme is settled already.',
};
