/**
 * When a delivery is tried again, and when it is not any more (Standard Webhooks, "Deliverability and reliability").
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits after the first, second … failed attempt; a bit more than three days in all. */
export const RETRY_WAITS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** A receiver that has taken nothing for so long is left alone until somebody resumes it; before anything is given up. */
export const PAUSE_AFTER_MS = 72 * HOUR;

/** Waits are spread over a tenth of them, so that what failed together is not tried together. */
const SPREAD = 10;
/** A receiver cannot ask for more patience than this. */
const LONGEST_RETRY_AFTER_MS = 24 * HOUR;

/**
 * How long to wait after the attempt of that number failed; undefined when it was the last.
 *
 * @param attempt from 1
 * @param chance from 0 to 999
 * @param retryAfterMs what the receiver has asked for
 */
export function waitAfter(attempt: number, chance: number, retryAfterMs = 0): number | undefined {
  const wait = RETRY_WAITS_MS[attempt - 1];
  if (wait === undefined) return undefined;
  const spread = Math.floor((wait * chance) / (1_000 * SPREAD));
  return Math.max(wait + spread, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
}

/** What a Retry-After header asks for, in milliseconds from `now`: seconds or a date (RFC 9110, 10.2.3). */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}

const FIRST_REST_MS = 5 * SECOND;
const LONGEST_REST_MS = 5 * MINUTE;
const MOST_DOUBLINGS = 6;

/** How long a receiver rests after so many rounds in a row of which it took nothing. */
export const restAfter = (failedRounds: number): number =>
  Math.min(FIRST_REST_MS * 2 ** Math.min(failedRounds - 1, MOST_DOUBLINGS), LONGEST_REST_MS);

export type AttemptVerdict = 'DELIVERED' | 'FAILED' | 'GONE';

/** What a receiver's answer means; anything but 2xx is a failure, redirects too, and 410 means never again. */
export function verdictOf(status: number | undefined): AttemptVerdict {
  if (status === 410) return 'GONE';
  return status !== undefined && status >= 200 && status < 300 ? 'DELIVERED' : 'FAILED';
}
