/**
 * Disputes of settlement lines (LEDGER 2, entries 22 and 23). A dispute says that a partner owes so much less, or is
 * owed so much more, than a line says. Pure; what is decided on was read under the settlement's lock.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import { fail, ok, type Result } from '../kernel/result.js';
import { mayGo, type SettlementLineState, type SettlementState } from './line-state.js';

export type DisputeState = 'OPEN' | 'UPHELD' | 'REJECTED';
export type Verdict = Exclude<DisputeState, 'OPEN'>;

export interface DisputedLine {
  readonly state: SettlementLineState;
  readonly settlementState: SettlementState;
  /** Opening + net, as issued. */
  readonly closingMinor: bigint;
  /** What is left to pay of it. */
  readonly dueMinor: bigint;
  /** Last day on which it may be disputed. */
  readonly disputeUntil: BusinessDate;
  /** What is disputed of it already, or was with success. */
  readonly disputedMinor: bigint;
}

export type DisputeFaultCode = 'AMOUNT_NOT_POSITIVE' | 'AMOUNT_ABOVE_LINE' | 'DEADLINE_PASSED' | 'LINE_NOT_DISPUTABLE';

/** Why the line is not open to a dispute of this amount today, or nothing. */
export function checkDispute(
  line: DisputedLine,
  amountMinor: bigint,
  today: BusinessDate,
): Result<undefined, DisputeFaultCode> {
  if (amountMinor <= 0n) return fail('AMOUNT_NOT_POSITIVE', 'Give an amount above zero.', 'amount.amount');
  if (today > line.disputeUntil) {
    return fail(
      'DEADLINE_PASSED',
      `The line could be disputed until ${line.disputeUntil}, and it is ${today}; ask the programme for a correction.`,
      'lineId',
    );
  }
  if (line.settlementState === 'ABORTED' || !mayGo(line.state, 'DISPUTED')) {
    return fail('LINE_NOT_DISPUTABLE', whyNot(line), 'lineId');
  }
  const room = (line.closingMinor < 0n ? -line.closingMinor : line.closingMinor) - line.disputedMinor;
  if (amountMinor > room) {
    return fail(
      'AMOUNT_ABOVE_LINE',
      'The amount is more than the line says, less what is disputed of it already; dispute at most that.',
      'amount.amount',
    );
  }
  return ok(undefined);
}

function whyNot({ state, settlementState }: DisputedLine): string {
  if (settlementState === 'ABORTED') return 'The settlement was given up; nothing of it is due.';
  switch (state) {
    case 'INSTRUCTED':
      return 'The payment of the line is under way; dispute it when it is booked or has come back.';
    case 'CARRIED':
      return 'The line is carried to the next statement; dispute it there.';
    default:
      return 'Nothing of the line is or was to be paid.';
  }
}

/** What a verdict makes of the line. `othersOpen`: other disputes of it wait still. */
export function resolveLine(
  line: DisputedLine,
  amountMinor: bigint,
  verdict: Verdict,
  othersOpen: boolean,
): { readonly to: SettlementLineState; readonly dueMinor: bigint } {
  const dueMinor = verdict === 'UPHELD' ? line.dueMinor - amountMinor : line.dueMinor;
  if (othersOpen) return { to: 'DISPUTED', dueMinor };
  if (dueMinor !== 0n) return { to: 'PENDING', dueMinor };
  return { to: verdict === 'UPHELD' ? 'SETTLED' : 'CONFIRMED', dueMinor };
}

/** Who opened a dispute does not resolve it, and it is resolved once. */
export function checkVerdict(
  { state, openedBy }: { readonly state: DisputeState; readonly openedBy: string },
  subject: string,
): Result<undefined, 'DISPUTE_RESOLVED' | 'SAME_PERSON'> {
  if (state !== 'OPEN') {
    return fail('DISPUTE_RESOLVED', `This dispute is ${state} already; open another one.`, 'disputeId');
  }
  if (openedBy === subject) {
    return fail('SAME_PERSON', `${subject} opened it; somebody else has to resolve it.`, 'disputeId');
  }
  return ok(undefined);
}
