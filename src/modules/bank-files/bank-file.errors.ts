/** Why a file of a bank is not read. */
import { fail } from '../../domain/kernel/result.js';

export type BankFileErrorCode =
  | 'FILE_TOO_LARGE'
  | 'FILE_NOT_XML'
  | 'FILE_WITH_DTD'
  | 'MESSAGE_TYPE_UNKNOWN'
  | 'MESSAGE_TYPE_UNEXPECTED'
  | 'MESSAGE_VERSION_UNKNOWN'
  | 'MESSAGE_MALFORMED';

export const BANK_FILE_ERRORS: Readonly<Record<BankFileErrorCode, string>> = {
  FILE_TOO_LARGE: 'The file is larger than any that is read.',
  FILE_NOT_XML: 'The file is not well-formed XML.',
  FILE_WITH_DTD: 'The file declares a document type or entities, which no bank message needs.',
  MESSAGE_TYPE_UNKNOWN: 'The file does not say which ISO 20022 message it is.',
  MESSAGE_TYPE_UNEXPECTED: 'The file is another ISO 20022 message than the one asked for.',
  MESSAGE_VERSION_UNKNOWN: 'The message is of a version that is not read.',
  MESSAGE_MALFORMED: 'The message breaks the rules of its type: something is missing, repeated, unknown or unreadable.',
};

/**
 * Thrown where a message stops making sense and caught at the door (`readMessage`), so that readers can be written
 * in the order of the message. Never leaves this module.
 */
export class BankFileFault extends Error {
  override readonly name = 'BankFileFault';

  constructor(
    readonly code: BankFileErrorCode,
    message: string,
  ) {
    super(message);
  }

  get failure() {
    return fail(this.code, this.message, 'content');
  }
}
