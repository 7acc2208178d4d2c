/** What a bank's report changes: each payment takes the narrowest status that is said of it. */
import { fail, ok, type Result } from '../kernel/result.js';
import type { KnownPayment } from './match.js';

export interface SaidStatus {
  /** PENDING changes nothing; PARTLY is said of groups, whose payments have their own. */
  readonly status?: 'ACCEPTED' | 'REJECTED' | 'PENDING' | 'PARTLY';
  readonly reasonCode?: string;
  readonly reasonText?: string;
}

export interface SaidOfFile extends SaidStatus {
  readonly groups: readonly (SaidStatus & {
    readonly payments: readonly (SaidStatus & { readonly endToEndId?: string; readonly instructionId?: string })[];
  })[];
}

export interface StatusChange {
  readonly paymentId: string;
  readonly state: 'ACCEPTED' | 'REJECTED';
  readonly reasonCode?: string;
  readonly reasonText?: string;
}

export type ReportErrorCode = 'UNKNOWN_PAYMENT' | 'PAYMENT_ALREADY_BOOKED';

/**
 * Decides over all payments of one file. Saying something twice changes nothing; rejecting what is booked is refused,
 * because only a statement can bring that money back.
 */
export function decideReport(
  said: SaidOfFile,
  payments: readonly KnownPayment[],
): Result<readonly StatusChange[], ReportErrorCode> {
  const known = new Map(payments.map((payment) => [payment.endToEndId, payment]));
  // A file has one group of payments here, so what is said of a group is said of all.
  const general = [said, ...said.groups].findLast(({ status }) => status === 'ACCEPTED' || status === 'REJECTED');
  const of = new Map<string, SaidStatus>(
    general === undefined ? [] : payments.map(({ endToEndId }) => [endToEndId, general]),
  );
  for (const single of said.groups.flatMap((group) => group.payments)) {
    const endToEndId = single.endToEndId ?? single.instructionId ?? '';
    if (!known.has(endToEndId)) {
      return fail(
        'UNKNOWN_PAYMENT',
        'The report names a payment that the file it reports on does not have; ask the bank for a correct report.',
        'content',
      );
    }
    if (single.status !== undefined) of.set(endToEndId, { ...reasonsOf(general), ...single });
  }
  const changes: StatusChange[] = [];
  for (const payment of payments) {
    const { status, ...rest } = of.get(payment.endToEndId) ?? {};
    if (status === 'REJECTED' && payment.state === 'BOOKED') {
      return fail(
        'PAYMENT_ALREADY_BOOKED',
        'The report rejects a payment that a statement has booked; upload the statement on which it comes back instead.',
        'content',
      );
    }
    const state = nextState(status, payment);
    if (state !== undefined)
      changes.push({ paymentId: payment.id, state, ...(state === 'REJECTED' ? reasonsOf(rest) : {}) });
  }
  return ok(changes);
}

function nextState(status: SaidStatus['status'], { state }: KnownPayment): StatusChange['state'] | undefined {
  if (status === 'ACCEPTED' && state === 'INSTRUCTED') return 'ACCEPTED';
  return status === 'REJECTED' && (state === 'INSTRUCTED' || state === 'ACCEPTED') ? 'REJECTED' : undefined;
}

const reasonsOf = ({ reasonCode, reasonText }: SaidStatus = {}): Pick<SaidStatus, 'reasonCode' | 'reasonText'> => ({
  ...(reasonCode === undefined ? {} : { reasonCode }),
  ...(reasonText === undefined ? {} : { reasonText }),
});
