/**
 * A bank's statement (camt.053): the only thing that moves the bank account (1000). Each line is matched to a payment,
 * to a partner that pays, or waits in the queue. All statements of a file are taken, or none.
 */
import { createHash } from 'node:crypto';
import type { Principal } from '../../domain/access/principal.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { checkNextStatement, type StatementTotals } from '../../domain/payments/account-statement.js';
import { quotedReferences } from '../../domain/payments/creditor-reference.js';
import { matchMovements } from '../../domain/payments/match.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { type BankStatementMessage, readBankStatements } from '../bank-files/index.js';
import { openWindows } from '../ledger/index.js';
import { type BankAccountRow, findProgrammeAccounts } from './bank-account.sql.js';
import { bookedStatement, type PlacedLine } from './booked-lines.js';
import { findMessage, insertMessage } from './message.sql.js';
import { findPayersOf } from './payables.js';
import { findNamedPayments, findProgramme, lockPayments, type PayingProgramme } from './payment.sql.js';
import type { BankFileErrorCode } from './payments.errors.js';
import { findKnownStatements, findLastStatement, insertStatement, type NewStatement } from './statement.sql.js';
import { type Booking, type MatchedLines, storeMovements } from './store-movements.js';

export interface TakenStatements {
  readonly messageId: string;
  /** False when the message was taken before: nothing changed then. */
  readonly isNew: boolean;
}

type Taken = Result<TakenStatements, BankFileErrorCode>;

export class StatementService {
  constructor(private readonly database: Database) {}

  /** Takes a file of statements. The same file again changes nothing. */
  async take(principal: Principal, content: string): Promise<Taken> {
    authorize(principal, 'bankFile.upload');
    const read = readBankStatements(content);
    if (!read.ok) return read;
    const accounts = await this.accountsOf(read.value);
    if (!accounts.ok) return accounts;
    const contentSha256 = createHash('sha256').update(content).digest('hex');
    const [{ programmeNo }] = accounts.value as [BankAccountRow];
    return this.database.command(async (tx): Promise<Taken> => {
      const { now, windows } = await openWindows(tx, [programmeNo as number]);
      await lockPayments(tx, programmeNo as number);
      const window = windows.get(programmeNo as number);
      invariant(window !== undefined, 'a programme with an account has an open window');
      const by = principal.subject;
      return takeMessage(tx, read.value, accounts.value, { window, now, by, contentSha256 });
    });
  }

  /** The programme's account of each statement. */
  private async accountsOf({
    statements,
  }: BankStatementMessage): Promise<Result<readonly BankAccountRow[], BankFileErrorCode>> {
    const ibans = statements.map(({ iban }) => iban ?? '');
    const known = (await this.database.command((tx) => findProgrammeAccounts(tx, ibans))).filter(
      ({ state }) => state !== 'PROPOSED',
    );
    const accounts = ibans.map((iban) => known.find((account) => account.iban === iban));
    const unknown = accounts.indexOf(undefined);
    if (unknown >= 0) {
      return fail(
        'UNKNOWN_ACCOUNT',
        `Statement ${unknown + 1} of the file is of an account that no programme has; propose the account first, or send the file of another one.`,
        'content',
      );
    }
    if (new Set(known.map(({ programmeNo }) => programmeNo)).size > 1) {
      return fail('SEVERAL_PROGRAMMES', 'The file has statements of several programmes; send one for each.', 'content');
    }
    return ok(accounts as BankAccountRow[]);
  }
}

interface Upload extends Omit<Booking, 'programmeNo'> {
  readonly contentSha256: string;
}

async function takeMessage(
  tx: DbTransaction,
  message: BankStatementMessage,
  accounts: readonly BankAccountRow[],
  upload: Upload,
): Promise<Taken> {
  const { version, messageId } = message;
  const { no: accountNo, programmeNo } = accounts[0] as BankAccountRow & { programmeNo: number };
  const known = await findMessage(tx, { accountNo, version, messageId });
  if (known !== undefined) {
    return known.contentSha256 === upload.contentSha256
      ? ok({ messageId: known.id, isNew: false })
      : fail(
          'MESSAGE_CONFLICT',
          'Another statement of this message id was taken before; ask the bank for a file with an id of its own.',
          'content',
        );
  }
  const id = newId();
  const placed = await placeLines(tx, message, accounts, id);
  if (!placed.ok) return placed;
  const { statements, lines } = placed.value;
  const matched: MatchedLines[] = [];
  for (const [currencyCode, own] of Map.groupBy(lines, (line) => line.currencyCode)) {
    const programme = (await findProgramme(tx, programmeNo, currencyCode)) as PayingProgramme;
    matched.push(await match(tx, programme, own));
  }
  await insertMessage(tx, {
    ...{ id, programmeNo, accountNo, version, messageId, contentSha256: upload.contentSha256 },
    ...{ uploadedBy: upload.by, uploadedAt: upload.now },
  });
  for (const statement of statements) await insertStatement(tx, statement);
  await storeMovements(tx, { ...upload, programmeNo }, matched);
  return ok({ messageId: id, isNew: true });
}

/** The statements in the order of the file, each following the one before it of its account, and all their lines. */
async function placeLines(
  tx: DbTransaction,
  { statements }: BankStatementMessage,
  accounts: readonly BankAccountRow[],
  messageId: string,
): Promise<Result<{ statements: NewStatement[]; lines: PlacedLine[] }, BankFileErrorCode>> {
  const previous = new Map<number, StatementTotals | undefined>();
  const stored: NewStatement[] = [];
  const lines: PlacedLine[] = [];
  for (const [index, statement] of statements.entries()) {
    const { no: accountNo, currencyCode, programmeNo } = accounts[index] as BankAccountRow;
    const booked = bookedStatement(statement, currencyCode as string);
    if (!booked.ok) return booked;
    const { statementId, totals } = booked.value;
    const isKnown = (await findKnownStatements(tx, accountNo, [statementId])).length > 0;
    if (isKnown || stored.some((other) => other.accountNo === accountNo && other.statementId === statementId)) {
      return fail(
        'STATEMENT_KNOWN',
        `The statement ${statementId} was taken before, in another message; nothing of this file was taken.`,
        'content',
      );
    }
    if (!previous.has(accountNo)) previous.set(accountNo, totalsOf(await findLastStatement(tx, accountNo)));
    const before = previous.get(accountNo);
    const bookedMinor = booked.value.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    const checked = checkNextStatement(totals, bookedMinor, before);
    if (!checked.ok) return checked;
    previous.set(accountNo, totals);
    const id = newId();
    const sequenceNumber = totals.sequenceNumber === undefined ? null : BigInt(totals.sequenceNumber);
    stored.push({
      ...totals,
      sequenceNumber,
      id,
      messageId,
      programmeNo: programmeNo as number,
      accountNo,
      statementId,
    });
    const own = { statementId: id, accountNo, currencyCode: currencyCode as string };
    if (before === undefined && totals.openingMinor !== 0n) {
      const opening = { amountMinor: totals.openingMinor, bookedOn: totals.closedOn, remittance: [] };
      lines.push({ ...opening, ...own, line: 0, isOpening: true });
    }
    booked.value.lines.forEach((line, at) => {
      lines.push({ ...line, ...own, line: at + 1, isOpening: false });
    });
  }
  return ok({ statements: stored, lines });
}

const totalsOf = (row: Awaited<ReturnType<typeof findLastStatement>>): StatementTotals | undefined =>
  row && {
    openingMinor: row.openingMinor,
    closingMinor: row.closingMinor,
    closedOn: row.closedOn,
    ...(row.sequenceNumber === null ? {} : { sequenceNumber: Number(row.sequenceNumber) }),
  };

/** Loads what the lines of one currency name and says what each of them is; an opening balance is nobody's. */
async function match(
  tx: DbTransaction,
  programme: PayingProgramme,
  lines: readonly PlacedLine[],
): Promise<MatchedLines> {
  const payments = await findNamedPayments(
    tx,
    [...new Set(lines.map(({ accountNo }) => accountNo))],
    lines.flatMap(({ endToEndId }) => endToEndId ?? []),
    lines.flatMap(({ fileReference }) => fileReference ?? []),
  );
  const incoming = lines.filter(({ amountMinor }) => amountMinor > 0n);
  const payers = await findPayersOf(tx, programme, {
    partnerNos: incoming
      .flatMap(({ endToEndId = '', remittance }) => quotedReferences([endToEndId, ...remittance].join('\n')))
      .map(({ partnerNo }) => partnerNo)
      .filter((no) => no < 2 ** 31),
    ibans: incoming.flatMap(({ counterpartyIban }) => counterpartyIban ?? []),
  });
  return { programme, lines, matches: matchMovements(lines, payments, payers), payments };
}
