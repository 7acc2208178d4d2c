/**
 * Paying what settled partners are owed, what members gave to charities and deposits that go back: one payment file,
 * entries 17 and 34.
 * All of it or nothing; what is under way is never paid again.
 */
import { createHash } from 'node:crypto';
import type { Principal } from '../../domain/access/principal.js';
import { addDays, type BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { payoutInstructed } from '../../domain/ledger/payment-entries.js';
import {
  endToEndId,
  type Payable,
  type PayoutPlan,
  planPayouts,
  type SkipReason,
} from '../../domain/payments/payouts.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { writeCreditTransfers } from '../bank-files/index.js';
import { openWindows, recordEntries, takeEntryNumbers } from '../ledger/index.js';
import { moveLines } from '../settlement/index.js';
import { findPayables } from './payables.js';
import {
  findPayeeAccounts,
  findPayingAccount,
  findProgramme,
  insertFile,
  insertPayments,
  lockPayments,
  type NewPayment,
  type NewPaymentFile,
  type PayeeAccount,
  type PayingAccount,
  type PayingProgramme,
  windowFor,
} from './payment.sql.js';
import type { PaymentErrorCode } from './payments.errors.js';

export interface InstructPayments {
  readonly programmeCode: string;
  /** What is paid in this currency; in the programme's own when absent. */
  readonly currencyCode?: string | undefined;
  /** When the bank is to pay; today when absent. */
  readonly executionDate?: BusinessDate | undefined;
  /** Send what was rejected to the same account again. */
  readonly retryRejected: boolean;
  readonly idempotencyKey: string;
}

/** Kept under the command's key, so amounts are text. */
export interface Instructed {
  readonly fileId: string;
  readonly skipped: readonly SkippedPayout[];
}

export interface SkippedPayout {
  readonly partnerNo: number;
  readonly amountMinor: string;
  readonly currencyCode: string;
  readonly reason: SkipReason;
}

/** What one transaction under the fence may hold; the next file takes the rest. */
const MOST_PAYMENTS = 2_000;
const LONGEST_AHEAD_DAYS = 366;

export class PaymentService {
  constructor(private readonly database: Database) {}

  /** Writes one payment file of all that can be paid now. */
  async instruct(principal: Principal, command: InstructPayments): Promise<Result<Instructed, PaymentErrorCode>> {
    authorize(principal, 'payment.instruct');
    const { programmeCode, executionDate, retryRejected, idempotencyKey } = command;
    const wanted = command.currencyCode ?? null;
    const known = await this.database.command((tx) => findProgramme(tx, programmeCode));
    if (known === undefined) {
      return fail('UNKNOWN_PROGRAMME', `There is no programme "${programmeCode}"; apply it first.`, 'programmeCode');
    }
    const key = {
      client: principal.subject,
      key: idempotencyKey,
      operation: 'INSTRUCT_PAYMENTS',
      body: { programmeCode, currencyCode: wanted, executionDate: executionDate ?? null, retryRejected },
    };
    return this.database.command(async (tx) => {
      const { now, windows } = await openWindows(tx, [known.no]);
      return answerOnce(tx, key, async (): Promise<Result<Instructed, PaymentErrorCode>> => {
        await lockPayments(tx, known.no);
        const programme = (await findProgramme(tx, known.no, wanted)) as PayingProgramme;
        const { today, currencyCode } = programme;
        const day = executionDate ?? today;
        if (day < today || day > addDays(today, LONGEST_AHEAD_DAYS)) {
          return fail(
            'EXECUTION_DATE_OUT_OF_RANGE',
            `Give a day from ${today} on and at most a year ahead.`,
            'executionDate',
          );
        }
        const account = await findPayingAccount(tx, programme);
        if (account === undefined) {
          return fail(
            'NO_SETTLEMENT_ACCOUNT',
            `The programme has no ${currencyCode} account in use; propose one and have it approved.`,
            'programmeCode',
          );
        }
        const payables = await findPayables(tx, programme);
        const accounts = await findPayeeAccounts(tx, [...new Set(payables.map(({ partnerNo }) => partnerNo))]);
        const plan = planPayouts(payables, accounts, retryRejected);
        if (plan.payouts.length === 0) return nothingToPay(plan);
        const payouts = plan.payouts.slice(0, MOST_PAYMENTS);
        const entries = payouts.map(({ payable }) => payoutInstructed(payable, today));
        const entryNos = await takeEntryNumbers(tx, entries.flat().length);
        const payments = paymentsOf(payouts, entryNos);
        const file = fileOf(programme, account, accounts, payouts, payments, { now, day, by: principal.subject });
        await insertFile(tx, file);
        await insertPayments(tx, file, payments);
        await moveLines(
          tx,
          payments.flatMap(({ lineId }) => (lineId === null ? [] : [{ lineId, to: 'INSTRUCTED' as const }])),
        );
        const window = windows.get(known.no);
        invariant(window !== undefined, 'a programme that was found has an open window');
        await recordEntries(tx, await windowFor(tx, window, programme), now, entries.flat(), entryNos);
        return ok({ fileId: file.id, skipped: skippedOf(plan, currencyCode) });
      });
    });
  }
}

/** Each with the number of its own entry; a deposit is in transit by an earlier one. */
function paymentsOf(payouts: PayoutPlan['payouts'], entryNos: readonly bigint[]): NewPayment[] {
  const next = entryNos.values();
  return payouts.map(({ payable, accountId, attempt }) => {
    const id = newId();
    const { purpose, partnerNo, ofId, entryNo, amountMinor } = payable;
    return {
      id,
      partnerNo,
      purpose,
      lineId: purpose === 'SETTLEMENT' ? (ofId ?? null) : null,
      adjustmentId: purpose === 'DEPOSIT' ? (ofId ?? null) : null,
      bankAccountId: accountId,
      amountMinor,
      endToEndId: ofId === undefined ? endToEndId(id, 1) : endToEndId(ofId, attempt),
      attempt,
      entryNo: entryNo ?? (next.next().value as bigint),
    };
  });
}

function nothingToPay({ skipped }: PayoutPlan): Result<never, PaymentErrorCode> {
  const without = skipped.filter(({ reason }) => reason === 'NO_ACCOUNT').length;
  const rejected = skipped.length - without;
  const why = [
    ...(without > 0 ? [`${without} wait for a bank account in use`] : []),
    ...(rejected > 0 ? [`${rejected} were rejected and wait for another account or for retryRejected`] : []),
  ];
  return fail(
    'NOTHING_TO_PAY',
    why.length === 0
      ? 'Nobody is owed anything; settle first.'
      : `Nothing can be paid now: of the amounts owed ${why.join(', and ')}.`,
  );
}

const skippedOf = ({ skipped }: PayoutPlan, currencyCode: string): SkippedPayout[] =>
  skipped.map(({ payable: { partnerNo, amountMinor }, reason }) => ({
    partnerNo,
    amountMinor: String(amountMinor),
    currencyCode,
    reason,
  }));

function fileOf(
  programme: PayingProgramme,
  account: PayingAccount,
  accounts: readonly PayeeAccount[],
  payouts: PayoutPlan['payouts'],
  payments: readonly { readonly endToEndId: string; readonly amountMinor: bigint }[],
  { now, day, by }: { readonly now: Date; readonly day: BusinessDate; readonly by: string },
): NewPaymentFile {
  const id = newId();
  const messageId = id.replaceAll('-', '');
  const byId = new Map(accounts.map((payee) => [payee.id, payee]));
  const written = writeCreditTransfers({
    messageId,
    createdAt: now,
    executionDate: day,
    currencyCode: programme.currencyCode,
    debtor: holderOf(account),
    transfers: payouts.map(({ payable, accountId }, index) => ({
      endToEndId: payments[index]?.endToEndId as string,
      amountMinor: payable.amountMinor,
      creditor: holderOf(byId.get(accountId) as PayeeAccount),
      remittance: remittanceOf(payable, programme.code),
    })),
  });
  invariant(written.ok, 'names were checked when the accounts were proposed');
  return {
    id,
    programmeNo: programme.no,
    accountNo: account.no,
    messageId,
    currencyCode: programme.currencyCode,
    executionDate: day,
    paymentCount: payments.length,
    amountMinor: payments.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    createdBy: by,
    createdAt: now,
    content: written.value,
    sha256: createHash('sha256').update(written.value).digest('hex'),
  };
}

const holderOf = ({ holderName, iban, bic }: Pick<PayeeAccount, 'holderName' | 'iban' | 'bic'>) => ({
  name: holderName,
  iban,
  ...(bic === null ? {} : { bic }),
});

function remittanceOf({ purpose, settlementNo }: Payable, programmeCode: string): string {
  switch (purpose) {
    case 'SETTLEMENT':
      return `Settlement ${settlementNo}, ${programmeCode}`;
    case 'CHARITY':
      return `Donations of members, ${programmeCode}`;
    case 'DEPOSIT':
      return `Deposit returned, ${programmeCode}`;
  }
}
