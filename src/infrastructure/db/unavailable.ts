/**
 * Whether an error says that the database could not do its part just now: not reached, no connection free, too many
 * of them, going away, or out of time. Nothing is wrong with what was asked; after a while it is worth asking again.
 */

/** connection exceptions, insufficient resources, and the operator's interventions (time-out, shutdown, not yet up). */
const CLASSES: ReadonlySet<string> = new Set(['08', '53', '57']);

/** What still fails after its retries (serialization, deadlock, lock time-out), and transactions that idled too long. */
const STATES: ReadonlySet<string> = new Set(['40001', '40P01', '55P03', '25P03', '25P04']);

const SOCKET: ReadonlySet<unknown> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

const SQL_STATE = /^[0-9][0-9A-Z]{4}$/;

/** The driver has no codes for its own complaints. */
const WORDS =
  /timeout exceeded when trying to connect|connection terminated|client has encountered a connection error/i;

interface Complaint {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

export function isDatabaseUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { message, code, syscall, cause, errors }: Complaint = error;
  if (typeof code === 'string' && SQL_STATE.test(code)) return CLASSES.has(code.slice(0, 2)) || STATES.has(code);
  if (SOCKET.has(code) || (code === 'ENOENT' && syscall === 'connect') || WORDS.test(String(message))) return true;
  return isDatabaseUnavailable(cause) || (Array.isArray(errors) && errors.some(isDatabaseUnavailable));
}
