/** A bank's report on a payment file (pain.002): accepted payments wait for a statement, rejected ones are owed again. */
import { createHash } from 'node:crypto';
import type { Principal } from '../../domain/access/principal.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { payoutRejected } from '../../domain/ledger/payment-entries.js';
import { decideReport } from '../../domain/payments/status-report.js';
import type { Database } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { type PaymentStatusReport, readPaymentStatusReport } from '../bank-files/index.js';
import { openWindows, recordEntries } from '../ledger/index.js';
import { lockLines, moveLines } from '../settlement/index.js';
import { findMessage, insertMessage } from './message.sql.js';
import {
  findFile,
  findPaymentsOfFile,
  findProgramme,
  lockPayments,
  type PayingProgramme,
  type ReportedFile,
  type StoredPayment,
  windowFor,
} from './payment.sql.js';
import { movePayments } from './payment-change.sql.js';
import type { BankFileErrorCode } from './payments.errors.js';

export interface TakenReport {
  readonly fileId: string;
  /** False when the report was taken before: nothing changed then. */
  readonly isNew: boolean;
}

export class ReportService {
  constructor(private readonly database: Database) {}

  /** Takes a report. The same file again changes nothing. */
  async take(principal: Principal, content: string): Promise<Result<TakenReport, BankFileErrorCode>> {
    authorize(principal, 'bankFile.upload');
    const read = readPaymentStatusReport(content);
    if (!read.ok) return read;
    const report = read.value;
    const messageId = report.originalMessageId ?? report.groups[0]?.paymentInformationId ?? '';
    const file = await this.database.command((tx) => findFile(tx, messageId));
    if (file === undefined) {
      return fail(
        'UNKNOWN_FILE',
        'The report is about a payment file that the gateway has not written; send it to whoever wrote that file.',
        'content',
      );
    }
    return this.store(principal, report, file, createHash('sha256').update(content).digest('hex'));
  }

  private store(
    principal: Principal,
    report: PaymentStatusReport,
    file: ReportedFile,
    contentSha256: string,
  ): Promise<Result<TakenReport, BankFileErrorCode>> {
    const { programmeNo, accountNo } = file;
    return this.database.command(async (tx): Promise<Result<TakenReport, BankFileErrorCode>> => {
      const { now, windows } = await openWindows(tx, [programmeNo]);
      await lockPayments(tx, programmeNo);
      const { version, messageId } = report;
      const known = await findMessage(tx, { accountNo, version, messageId });
      if (known !== undefined) {
        return known.contentSha256 === contentSha256
          ? ok({ fileId: file.id, isNew: false })
          : fail(
              'MESSAGE_CONFLICT',
              'Another report of this message id was taken before; ask the bank for a report with an id of its own.',
              'content',
            );
      }
      const payments = await findPaymentsOfFile(tx, file.id);
      const decided = decideReport(report, payments);
      if (!decided.ok) return decided;
      const programme = (await findProgramme(tx, programmeNo, file.currencyCode)) as PayingProgramme;
      await insertMessage(tx, {
        ...{ id: newId(), programmeNo, accountNo, version, messageId, contentSha256 },
        ...{ uploadedBy: principal.subject, uploadedAt: now },
      });
      await movePayments(tx, now, decided.value);
      const byId = new Map(payments.map((payment) => [payment.id, payment]));
      const rejected = decided.value
        .filter(({ state }) => state === 'REJECTED')
        .map(({ paymentId }) => byId.get(paymentId) as StoredPayment);
      const lines = await lockLines(
        tx,
        rejected.flatMap(({ lineId }) => lineId ?? []),
      );
      await moveLines(
        tx,
        lines.map(({ id }) => ({ lineId: id, to: 'REJECTED' })),
      );
      const window = windows.get(programmeNo);
      invariant(window !== undefined, 'a programme that pays has an open window');
      await recordEntries(
        tx,
        await windowFor(tx, window, programme),
        now,
        rejected.flatMap((payment) => payoutRejected(payment, programme.today)),
      );
      return ok({ fileId: file.id, isNew: true });
    });
  }
}
