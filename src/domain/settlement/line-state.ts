/**
 * The life of a settlement line and of its settlement (LEDGER 3): settlement DRAFT -> ISSUED -> PAYING -> SETTLED |
 * ABORTED, line PENDING -> INSTRUCTED -> CONFIRMED | REJECTED | CARRIED | DISPUTED.
 */
export type SettlementState = 'DRAFT' | 'ISSUED' | 'PAYING' | 'SETTLED' | 'ABORTED';
export type SettlementLineState =
  | 'PENDING'
  | 'INSTRUCTED'
  | 'CONFIRMED'
  | 'REJECTED'
  | 'CARRIED'
  | 'DISPUTED'
  | 'SETTLED';

/**
 * Where a line may go. A receipt may confirm a line without an instruction; a booked payment that comes back is
 * rejected, and a rejected one is instructed again. What is paid may still be
 * disputed, and of several payments of a line one may come back while another is under way. CARRIED is an end: what is
 * carried opens the next line.
 */
const WAYS: Readonly<Record<SettlementLineState, readonly SettlementLineState[]>> = {
  PENDING: ['PENDING', 'INSTRUCTED', 'CONFIRMED', 'DISPUTED', 'SETTLED'],
  INSTRUCTED: ['INSTRUCTED', 'CONFIRMED', 'REJECTED'],
  CONFIRMED: ['REJECTED', 'DISPUTED'],
  REJECTED: ['INSTRUCTED', 'CONFIRMED', 'DISPUTED', 'PENDING', 'SETTLED'],
  CARRIED: [],
  DISPUTED: ['DISPUTED', 'PENDING', 'SETTLED', 'CONFIRMED'],
  SETTLED: ['REJECTED'],
};

export const mayGo = (from: SettlementLineState, to: SettlementLineState): boolean => WAYS[from].includes(to);

export interface LineStanding {
  readonly state: SettlementLineState;
  /** Opening + net, as issued. */
  readonly closingMinor: bigint;
  /** What is left to pay of it. */
  readonly dueMinor: bigint;
  /** What was to pay of it at first, where that is not the closing amount: it is paid in another currency. */
  readonly payableMinor?: bigint;
}

/** Whether anything of it was paid, or is on its way. */
const isUnderWay = ({ state, closingMinor, dueMinor, payableMinor = closingMinor }: LineStanding): boolean =>
  state === 'INSTRUCTED' ||
  state === 'CONFIRMED' ||
  state === 'REJECTED' ||
  (state === 'PENDING' && dueMinor !== payableMinor);

const ENDS: ReadonlySet<SettlementLineState> = new Set(['CONFIRMED', 'CARRIED', 'SETTLED']);

/** How far an issued settlement has come, by the lines of its partners. */
export function settlementStateOf(lines: readonly LineStanding[]): 'ISSUED' | 'PAYING' | 'SETTLED' {
  if (lines.every(({ state }) => ENDS.has(state))) return 'SETTLED';
  return lines.some(isUnderWay) ? 'PAYING' : 'ISSUED';
}

/** Whether it may still be given up: nothing instructed, nothing paid, nothing disputed. */
export const mayAbort = (lines: readonly LineStanding[]): boolean =>
  lines.every((line) => !isUnderWay(line) && line.state !== 'DISPUTED');
