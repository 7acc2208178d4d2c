/**
 * A failure that the person at the keyboard can mend: its message is a full sentence that says what is wrong
 * and the way out. The command line prints it without a stack; everything else that is thrown is a bug.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
