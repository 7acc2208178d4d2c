/** Everything that can be refused about reference rates and conversions. */
import type { RateFileCode } from '../../domain/fx/ecb-file.js';
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type FxErrorCode =
  | CommandKeyErrorCode
  | RateFileCode
  | 'RATE_DIFFERS'
  | 'RATE_MISSING'
  | 'UNKNOWN_PROGRAMME'
  | 'UNKNOWN_SETTLEMENT'
  | 'NOTHING_TO_REVALUE';

export const FX_ERRORS: Readonly<Record<FxErrorCode, string>> = {
  ...COMMAND_KEY_ERRORS,
  MALFORMED_RATES: 'The text is not the file of reference rates as the European Central Bank publishes it.',
  RATE_DIFFERS: 'Another rate of that currency and day is stored already; what was converted by it stays explicable.',
  RATE_MISSING: 'No reference rate of the last days before is known; import them first.',
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  UNKNOWN_SETTLEMENT: 'There is no settlement of that id.',
  NOTHING_TO_REVALUE: 'FX clearing holds nothing, or it is worth what the books say.',
};
