/**
 * camt.053, the bank's statement of one or more accounts: balances and what was booked between them. Amounts are
 * signed as the account owner sees them: + came in, - went out.
 */
import type { Result } from '../../domain/kernel/result.js';
import type { BankFileErrorCode } from './bank-file.errors.js';
import { type BankEntry, entryOf } from './camt-entry.js';
import { readMessage } from './message.js';
import { names, type Reading } from './reading.js';

export interface StatementBalance {
  /** ISO's code, such as OPBD (opening, booked) and CLBD (closing, booked), or the bank's own word. */
  readonly code: string;
  readonly amountMinor: bigint;
  readonly currencyCode: string;
  readonly date: string;
}

export interface AccountStatement {
  readonly statementId: string;
  /** Of the bank, without gaps; absent where it does not count. */
  readonly sequenceNumber?: number;
  /** Absent for accounts without one. */
  readonly iban?: string;
  readonly currencyCode?: string;
  readonly balances: readonly StatementBalance[];
  readonly entries: readonly BankEntry[];
}

export interface BankStatementMessage {
  /** Such as camt.053.001.08. */
  readonly version: string;
  readonly messageId: string;
  readonly createdAt: string;
  readonly statements: readonly AccountStatement[];
}

const MESSAGE = names('GrpHdr Stmt SplmtryData');
const HEADER = names('MsgId CreDtTm MsgRcpt MsgPgntn OrgnlBizQry AddtlInf');
const STATEMENT = names(
  `Id StmtPgntn ElctrncSeqNb RptgSeq LglSeqNb CreDtTm FrToDt CpyDplctInd RptgSrc Acct RltdAcct Intrst Bal TxsSummry Ntry
   AddtlStmtInf`,
);
const ACCOUNT = names('Id Tp Ccy Nm Prxy Ownr Svcr');
const ACCOUNT_ID = names('IBAN Othr');
const BALANCE = names('Tp CdtLine Amt CdtDbtInd Dt Avlbty');
const MOST_STATEMENTS = 100;

/** Reads versions 02 to 13. */
export const readBankStatements = (content: string): Result<BankStatementMessage, BankFileErrorCode> =>
  readMessage(
    content,
    { type: 'camt.053', root: 'BkToCstmrStmt', title: 'bank statement', versions: { first: 2, last: 13 } },
    (message, { version }) => {
      const header = message.has(MESSAGE).one('GrpHdr').has(HEADER);
      const statements = message.all('Stmt');
      if (statements.length === 0) throw message.fault('Stmt is missing');
      if (statements.length > MOST_STATEMENTS) throw message.fault(`it has more than ${MOST_STATEMENTS} statements`);
      return {
        version,
        messageId: header.one('MsgId').text(35),
        createdAt: header.one('CreDtTm').instant(),
        statements: statements.map(statementOf),
      };
    },
  );

function statementOf(statement: Reading): AccountStatement {
  const account = statement.has(STATEMENT).one('Acct').has(ACCOUNT);
  const id = account.one('Id').has(ACCOUNT_ID);
  const iban = id.maybe('IBAN')?.text(34);
  if (iban === undefined) id.one('Othr');
  const currencyCode = account.maybe('Ccy')?.text(3);
  const sequence = statement.maybe('ElctrncSeqNb');
  return {
    statementId: statement.one('Id').text(35),
    ...(sequence === undefined ? {} : { sequenceNumber: wholeNumber(sequence) }),
    ...(iban === undefined ? {} : { iban: iban.replaceAll(' ', '').toUpperCase() }),
    ...(currencyCode === undefined ? {} : { currencyCode }),
    balances: statement.all('Bal').map(balanceOf),
    entries: statement.all('Ntry').map(entryOf),
  };
}

function balanceOf(balance: Reading): StatementBalance {
  const type = balance.has(BALANCE).one('Tp').one('CdOrPrtry');
  const { amountMinor, currencyCode } = balance.one('Amt').amount();
  const date = balance.one('Dt');
  return {
    code: (type.maybe('Cd') ?? type.one('Prtry')).text(35),
    amountMinor: signOf(balance) * amountMinor,
    currencyCode,
    date: (date.maybe('Dt') ?? date.one('DtTm')).date(),
  };
}

const signOf = (reading: Reading): bigint => (reading.one('CdtDbtInd').word(['CRDT', 'DBIT']) === 'CRDT' ? 1n : -1n);

function wholeNumber(reading: Reading): number {
  const text = reading.text(18);
  if (!/^\d{1,15}(?:\.0*)?$/.test(text)) throw reading.fault('it is no whole number');
  return Number.parseInt(text, 10);
}
