/** A payout by a bank: what its answer means, and when it is asked again while nobody knows. */
import { placeIn, textOf } from './fields.js';

/** PENDING until the bank itself says one of the others. */
export type PayoutState = 'PENDING' | 'CONFIRMED' | 'FAILED';

export interface PayoutAnswer {
  readonly state: PayoutState;
  readonly reference: string | undefined;
  readonly reason: string | undefined;
}

const STATES: readonly PayoutState[] = ['PENDING', 'CONFIRMED', 'FAILED'];
const LONGEST = 200;

/** What the bank says of the payout of this key; undefined when it says nothing that can be relied on. */
export function readPayout(answer: unknown, key: string): PayoutAnswer | undefined {
  const status = textOf(placeIn(answer, 'status'));
  const state = STATES.find((each) => each === status);
  // An answer about another payout, or about none, settles nothing.
  if (state === undefined || textOf(placeIn(answer, 'key')) !== key) return undefined;
  const said = (place: string): string | undefined =>
    textOf(placeIn(answer, place))?.toWellFormed().replaceAll('\0', '').slice(0, LONGEST) || undefined;
  return { state, reference: said('reference'), reason: said('reason') };
}

const RESTS_SECONDS = [5, 30, 60, 300, 900, 1_800] as const;
const LONGEST_REST_SECONDS = 3_600;

/** Seconds until a payout is asked about again that was asked about so often; it is never given up. */
export const restAfter = (asked: number): number => RESTS_SECONDS[asked - 1] ?? LONGEST_REST_SECONDS;
