/** Everything that can be refused about windows and settlements. */
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type SettlementErrorCode =
  | CommandKeyErrorCode
  | 'UNKNOWN_PROGRAMME'
  | 'UNKNOWN_PARTNER'
  | 'UNKNOWN_SETTLEMENT'
  | 'WINDOW_BUSY'
  | 'NOTHING_TO_SETTLE'
  | 'CHOICE_AMBIGUOUS'
  | 'REASON_MALFORMED'
  | 'SETTLEMENT_UNDER_WAY'
  | 'SETTLEMENT_NOT_LAST';

export const SETTLEMENT_ERRORS: Readonly<Record<SettlementErrorCode, string>> = {
  ...COMMAND_KEY_ERRORS,
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  WINDOW_BUSY: 'Writers held the open window for too long; nothing was closed.',
  UNKNOWN_PARTNER: 'There is no partner of that code.',
  UNKNOWN_SETTLEMENT: 'There is no settlement of that id.',
  NOTHING_TO_SETTLE: 'Every closed window is settled already with the partners asked for.',
  CHOICE_AMBIGUOUS: 'Partners are named and the due ones asked for at once, or none or too many are named.',
  REASON_MALFORMED: 'The reason is empty or too long.',
  SETTLEMENT_UNDER_WAY:
    'Something of the settlement is paid, instructed, disputed or converted, or it was given up before.',
  SETTLEMENT_NOT_LAST: 'Some of its partners were settled again since.',
};
