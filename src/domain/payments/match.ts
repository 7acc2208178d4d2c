/**
 * What each line of a bank statement is: one of our payments, one that came back, a partner that pays, or something
 * nobody knows yet. A fold: each line sees what the lines before it have left. Money leaves first, so that a payment
 * that was booked and returned on one statement is both.
 */
import { type Claims, type PaidLine, payClaims } from './claims.js';
import { quotedReferences } from './creditor-reference.js';

/** One booked movement, as the bank tells it. */
export interface BankMovement {
  /** + came in, - went out; never zero. */
  readonly amountMinor: bigint;
  readonly endToEndId?: string;
  /** MsgId or PmtInfId of the file whose payments are booked in one sum. */
  readonly fileReference?: string;
  readonly returnReason?: string;
  readonly counterpartyIban?: string;
  readonly remittance: readonly string[];
}

export type PaymentState = 'INSTRUCTED' | 'ACCEPTED' | 'BOOKED' | 'REJECTED' | 'RETURNED';

export interface KnownPayment {
  readonly id: string;
  readonly endToEndId: string;
  /** MsgId of the file it was sent in. */
  readonly fileReference: string;
  readonly amountMinor: bigint;
  readonly state: PaymentState;
}

/** A partner of the programme, with what it owes. */
export interface Payer extends Claims {
  readonly partnerNo: number;
  /** Its accounts, today's and earlier ones. */
  readonly ibans: readonly string[];
}

export type UnmatchedReason =
  | 'UNKNOWN_PAYER'
  | 'SEVERAL_PAYERS'
  | 'NOTHING_OWED'
  | 'AMOUNT_DIFFERS'
  | 'PAYMENT_NOT_OPEN'
  | 'UNKNOWN_DEBIT';

export type Match =
  | { readonly kind: 'BOOKED'; readonly paymentIds: readonly string[] }
  | { readonly kind: 'RETURNED'; readonly paymentId: string }
  | {
      readonly kind: 'RECEIVED';
      readonly partnerNo: number;
      readonly by: 'REFERENCE' | 'ACCOUNT';
      readonly lines: readonly PaidLine[];
      /** Lines and what it owed besides; the rest of the amount waits. */
      readonly paidMinor: bigint;
    }
  | { readonly kind: 'UNMATCHED'; readonly reason: UnmatchedReason; readonly partnerNo?: number };

/** Matches the movements of one statement; answers in their order. */
export function matchMovements(
  movements: readonly BankMovement[],
  payments: readonly KnownPayment[],
  payers: readonly Payer[],
): Match[] {
  const book = new Book(payments, payers);
  const debits = movements.map((movement) => (movement.amountMinor < 0n ? book.debit(movement) : undefined));
  return movements.map((movement, index) => debits[index] ?? book.credit(movement));
}

class Book {
  private readonly payments: Map<string, KnownPayment>;
  private readonly payers: Map<number, Payer>;

  constructor(payments: readonly KnownPayment[], payers: readonly Payer[]) {
    this.payments = new Map(payments.map((payment) => [payment.endToEndId, payment]));
    this.payers = new Map(payers.map((payer) => [payer.partnerNo, payer]));
  }

  debit(movement: BankMovement): Match {
    const payment = this.payments.get(movement.endToEndId ?? '');
    if (payment === undefined) return this.debitOfFile(movement);
    if (payment.amountMinor !== -movement.amountMinor) return unmatched('AMOUNT_DIFFERS');
    if (!isOpen(payment)) return unmatched('PAYMENT_NOT_OPEN');
    return this.booked([payment]);
  }

  /** All payments of one file, booked in one sum. */
  private debitOfFile({ fileReference, amountMinor }: BankMovement): Match {
    const sent = [...this.payments.values()].filter(
      (payment) => payment.fileReference === fileReference && isOpen(payment),
    );
    if (sent.length === 0) return unmatched('UNKNOWN_DEBIT');
    const sum = sent.reduce((total, payment) => total + payment.amountMinor, 0n);
    return sum === -amountMinor ? this.booked(sent) : unmatched('AMOUNT_DIFFERS');
  }

  private booked(payments: readonly KnownPayment[]): Match {
    for (const payment of payments) this.payments.set(payment.endToEndId, { ...payment, state: 'BOOKED' });
    return { kind: 'BOOKED', paymentIds: payments.map(({ id }) => id) };
  }

  credit(movement: BankMovement): Match {
    const payment = this.payments.get(movement.endToEndId ?? '');
    if (payment === undefined) return this.received(movement);
    // Less came back than was sent where a bank kept its fee: somebody has to look at it.
    if (payment.amountMinor !== movement.amountMinor) return unmatched('AMOUNT_DIFFERS');
    if (payment.state !== 'BOOKED') return unmatched('PAYMENT_NOT_OPEN');
    this.payments.set(payment.endToEndId, { ...payment, state: 'RETURNED' });
    return { kind: 'RETURNED', paymentId: payment.id };
  }

  private received(movement: BankMovement): Match {
    const quoted = quotedReferences([movement.endToEndId ?? '', ...movement.remittance].join('\n')).filter(
      ({ partnerNo }) => this.payers.has(partnerNo),
    );
    const named = [...new Set(quoted.map(({ partnerNo }) => partnerNo))];
    if (named.length > 1) return unmatched('SEVERAL_PAYERS');
    if (named[0] !== undefined) {
      return this.pay(
        this.payers.get(named[0]) as Payer,
        movement.amountMinor,
        'REFERENCE',
        quoted.map(({ settlementNo }) => settlementNo),
      );
    }
    const payer = this.byAccount(movement);
    return typeof payer === 'string' ? unmatched(payer) : this.pay(payer, movement.amountMinor, 'ACCOUNT', []);
  }

  /** Of several partners with one account, the only one that owes exactly this. */
  private byAccount({ counterpartyIban, amountMinor }: BankMovement): Payer | UnmatchedReason {
    const holders = [...this.payers.values()].filter(({ ibans }) => ibans.includes(counterpartyIban ?? ''));
    if (holders.length === 0) return 'UNKNOWN_PAYER';
    if (holders.length === 1) return holders[0] as Payer;
    const exact = holders.filter(
      ({ lines }) => lines.reduce((sum, { openMinor }) => sum + openMinor, 0n) === amountMinor,
    );
    return exact.length === 1 ? (exact[0] as Payer) : 'SEVERAL_PAYERS';
  }

  private pay(payer: Payer, amountMinor: bigint, by: 'REFERENCE' | 'ACCOUNT', first: readonly number[]): Match {
    const { partnerNo } = payer;
    const { paid, paidMinor, left } = payClaims(payer, amountMinor, first);
    if (paidMinor === 0n) return { ...unmatched('NOTHING_OWED'), partnerNo };
    this.payers.set(partnerNo, { ...payer, ...left });
    return { kind: 'RECEIVED', partnerNo, by, lines: paid, paidMinor };
  }
}

const isOpen = ({ state }: KnownPayment): boolean => state === 'INSTRUCTED' || state === 'ACCEPTED';

const unmatched = (reason: UnmatchedReason) => ({ kind: 'UNMATCHED', reason }) as const;
