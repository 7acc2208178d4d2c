/** Payment files and payments: the statements that find what is owed and keep what is paid. */
import { Account } from '../../domain/ledger/accounts.js';
import type { PayoutPurpose } from '../../domain/ledger/payment-entries.js';
import { currencyScale } from '../../domain/money/currency.js';
import type { KnownPayment } from '../../domain/payments/match.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { SealedText } from '../../infrastructure/sealed-text.js';
import { ensureMoneyUnit, type OpenWindow } from '../ledger/index.js';
import { NUMBER_COLUMNS, openedAccount, type StoredNumber } from './bank-account.sql.js';

const CONTENT = new SealedText('payment_file', 'content');

export interface PayingProgramme {
  readonly no: number;
  readonly code: string;
  readonly name: string;
  /** Of the money that moves; the programme's own unless another one was asked for. */
  readonly currencyCode: string;
  readonly isOwnCurrency: boolean;
  /** The programme's own day. */
  readonly today: string;
}

const FIND_PROGRAMME = statement(
  'payments.find-programme',
  `select no, code, name, coalesce($3, currency_code) as "currencyCode", coalesce($3, currency_code) = currency_code as "isOwnCurrency",
          (hansa_now() at time zone time_zone)::date as today
   from programme where code = $1 or no = $2`,
);

export async function findProgramme(
  tx: DbTransaction,
  codeOrNo: string | number,
  currencyCode: string | null = null,
): Promise<PayingProgramme | undefined> {
  const [row] = await tx.run<PayingProgramme>(
    FIND_PROGRAMME,
    typeof codeOrNo === 'string' ? [codeOrNo, null, currencyCode] : [null, codeOrNo, currencyCode],
  );
  return row;
}

/** The window with the unit of the money that moves. */
export async function windowFor(
  tx: DbTransaction,
  window: OpenWindow,
  programme: PayingProgramme,
): Promise<OpenWindow> {
  const { no, currencyCode, isOwnCurrency } = programme;
  if (isOwnCurrency) return window;
  return { ...window, moneyUnit: await ensureMoneyUnit(tx, no, currencyCode, currencyScale(currencyCode)) };
}

/** First key of the two-key advisory lock ("PAYS"); the second is the programme's number. */
const PAYMENTS_LOCK = 0x50_41_59_53;
const LOCK_PAYMENTS = statement('payments.lock-payments', `select pg_advisory_xact_lock(${PAYMENTS_LOCK}, $1)`);

/** Payments of a programme are instructed, reported and booked one command after the other. */
export async function lockPayments(tx: DbTransaction, programmeNo: number): Promise<void> {
  await tx.run(LOCK_PAYMENTS, [programmeNo]);
}

type Stored<Account> = Omit<Account, keyof StoredNumber> & StoredNumber;

export interface PayingAccount {
  readonly no: number;
  readonly holderName: string;
  readonly iban: string;
  readonly bic: string | null;
}

const FIND_PAYING_ACCOUNT = statement(
  'payments.find-paying-account',
  `select id, no, ${NUMBER_COLUMNS}, bic from bank_account
   where programme_no = $1 and currency_code = $2 and state = 'ACTIVE'`,
);

/** What the programme pays from. */
export async function findPayingAccount(
  tx: DbTransaction,
  { no, currencyCode }: PayingProgramme,
): Promise<PayingAccount | undefined> {
  const [row] = await tx.run<Stored<PayingAccount>>(FIND_PAYING_ACCOUNT, [no, currencyCode]);
  return row && openedAccount(tx, row);
}

export interface PayeeAccount {
  readonly id: string;
  readonly partnerNo: number;
  readonly holderName: string;
  readonly iban: string;
  readonly bic: string | null;
}

const FIND_PAYEE_ACCOUNTS = statement(
  'payments.find-payee-accounts',
  `select id, partner_no as "partnerNo", ${NUMBER_COLUMNS}, bic from bank_account
   where partner_no = any ($1::integer[]) and state = 'ACTIVE'`,
);

export async function findPayeeAccounts(tx: DbTransaction, partnerNos: readonly number[]): Promise<PayeeAccount[]> {
  const found = await tx.run<Stored<PayeeAccount>>(FIND_PAYEE_ACCOUNTS, [partnerNos]);
  return found.map((row) => openedAccount(tx, row));
}

export interface PartnerBalance {
  readonly partnerNo: number;
  readonly balanceMinor: bigint;
}

const FIND_BALANCES = statement(
  'payments.find-balances',
  `select b.party as "partnerNo", b.balance as "balanceMinor"
   from account_balance b join unit u on u.no = b.unit and u.kind = 'MONEY' and u.programme_no = $1 and u.code = $2
   where b.account = $3 and b.balance <> 0 and ($4::integer[] is null or b.party = any ($4::integer[]))
   order by b.party`,
);

/** Settled and not yet paid (1200): + owes, - is owed; all partners when none are named. */
export const findUnpaid = (
  tx: DbTransaction,
  { no, currencyCode }: PayingProgramme,
  partnerNos: readonly number[] | null = null,
): Promise<PartnerBalance[]> =>
  tx.run<PartnerBalance>(FIND_BALANCES, [no, currencyCode, Account.SETTLED_UNPAID, partnerNos]);

/** Donations not yet handed on (2110), in the programme's own currency: - is owed to the charity. */
export const findDonations = (tx: DbTransaction, { no, currencyCode }: PayingProgramme): Promise<PartnerBalance[]> =>
  tx.run<PartnerBalance>(FIND_BALANCES, [no, currencyCode, Account.DONATIONS_PAYABLE, null]);

export interface DepositReturn {
  readonly id: string;
  readonly partnerNo: number;
  readonly amountMinor: bigint;
  /** The entry that put it in transit. */
  readonly entryNo: bigint;
}

const FIND_DEPOSIT_RETURNS = statement(
  'payments.find-deposit-returns',
  `select a.id, a.partner_no as "partnerNo", a.amount_minor as "amountMinor", a.entry_no as "entryNo"
   from adjustment a
   where a.programme_no = $1 and a.kind = 'DEPOSIT_RETURN' and a.state = 'APPROVED'
     and not exists (
       select from payment p where p.adjustment_id = a.id and p.state in ('INSTRUCTED', 'ACCEPTED', 'BOOKED')
     )
   order by a.id`,
);

/** Deposits that two people decided to give back and that are not paid yet. */
export const findDepositReturns = (tx: DbTransaction, programmeNo: number): Promise<DepositReturn[]> =>
  tx.run<DepositReturn>(FIND_DEPOSIT_RETURNS, [programmeNo]);

export interface EarlierPayment {
  /** The line or the return of a deposit; absent for donations. */
  readonly ofId: string | null;
  readonly partnerNo: number;
  readonly bankAccountId: string;
  readonly attempt: number;
  readonly failed: boolean;
}

const FIND_LAST = statement(
  'payments.find-last-payments',
  `select distinct on (coalesce(line_id, adjustment_id), partner_no)
          coalesce(line_id, adjustment_id) as "ofId", partner_no as "partnerNo", bank_account_id as "bankAccountId", attempt,
          state in ('REJECTED', 'RETURNED') as failed
   from payment
   where line_id = any ($1::uuid[]) or adjustment_id = any ($1::uuid[])
     or (purpose = 'CHARITY' and programme_no = $2 and partner_no = any ($3::integer[]))
   order by coalesce(line_id, adjustment_id), partner_no, id desc`,
);

/** The last payments of these lines and deposits, and of donations to these charities. */
export const findLastPayments = (
  tx: DbTransaction,
  programmeNo: number,
  ofIds: readonly string[],
  charityNos: readonly number[],
): Promise<EarlierPayment[]> => tx.run<EarlierPayment>(FIND_LAST, [ofIds, programmeNo, charityNos]);

export interface NewPaymentFile {
  readonly id: string;
  readonly programmeNo: number;
  readonly accountNo: number;
  readonly messageId: string;
  readonly currencyCode: string;
  readonly executionDate: string;
  readonly paymentCount: number;
  readonly amountMinor: bigint;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly content: string;
  readonly sha256: string;
}

const INSERT_FILE = statement(
  'payments.insert-file',
  `insert into payment_file (id, programme_no, account_no, message_id, currency_code, execution_date, payment_count,
     amount_minor, created_by, created_at, content_sealed, sha256)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
);

export async function insertFile(tx: DbTransaction, file: NewPaymentFile): Promise<void> {
  const { id, programmeNo, accountNo, messageId, currencyCode, executionDate } = file;
  const { paymentCount, amountMinor, createdBy, createdAt, content, sha256 } = file;
  await tx.run(INSERT_FILE, [
    ...[id, programmeNo, accountNo, messageId, currencyCode, executionDate],
    ...[paymentCount, amountMinor, createdBy, createdAt, CONTENT.seal(tx.secrets, id, content), sha256],
  ]);
}

export interface NewPayment {
  readonly id: string;
  readonly partnerNo: number;
  readonly purpose: PayoutPurpose;
  readonly lineId: string | null;
  readonly adjustmentId: string | null;
  readonly bankAccountId: string;
  readonly amountMinor: bigint;
  readonly endToEndId: string;
  readonly attempt: number;
  readonly entryNo: bigint;
}

const INSERT_PAYMENTS = statement(
  'payments.insert-payments',
  `insert into payment (file_id, programme_no, instructed_at, changed_at, currency_code, id, partner_no, purpose, line_id,
     adjustment_id, bank_account_id, amount_minor, end_to_end_id, attempt, entry_no)
   select $1, $2, $3, $3, $4, p.* from unnest($5::uuid[], $6::integer[], $7::text[], $8::uuid[], $9::uuid[], $10::uuid[],
     $11::bigint[], $12::text[], $13::smallint[], $14::bigint[]) as p`,
);

export async function insertPayments(
  tx: DbTransaction,
  { id, programmeNo, createdAt, currencyCode }: NewPaymentFile,
  payments: readonly NewPayment[],
): Promise<void> {
  const column = <Key extends keyof NewPayment>(key: Key) => payments.map((payment) => payment[key]);
  await tx.run(INSERT_PAYMENTS, [
    ...[id, programmeNo, createdAt, currencyCode, column('id'), column('partnerNo'), column('purpose')],
    ...[column('lineId'), column('adjustmentId'), column('bankAccountId'), column('amountMinor')],
    ...[column('endToEndId'), column('attempt'), column('entryNo')],
  ]);
}

/** A payment with what its entries and its line need. */
export interface StoredPayment extends KnownPayment {
  readonly partnerNo: number;
  readonly purpose: PayoutPurpose;
  readonly lineId: string | null;
}

const PAYMENT_COLUMNS = `p.id, p.end_to_end_id as "endToEndId", f.message_id as "fileReference", p.amount_minor as "amountMinor",
  p.state, p.partner_no as "partnerNo", p.purpose, p.line_id as "lineId"`;

const FIND_OF_FILE = statement(
  'payments.find-payments-of-file',
  `select ${PAYMENT_COLUMNS} from payment p join payment_file f on f.id = p.file_id where f.id = $1 order by p.id`,
);

export const findPaymentsOfFile = (tx: DbTransaction, fileId: string): Promise<StoredPayment[]> =>
  tx.run<StoredPayment>(FIND_OF_FILE, [fileId]);

const FIND_NAMED = statement(
  'payments.find-named-payments',
  `select ${PAYMENT_COLUMNS} from payment p join payment_file f on f.id = p.file_id
   where f.account_no = any ($1::integer[]) and (p.end_to_end_id = any ($2::text[]) or f.message_id = any ($3::text[]))
   order by p.id`,
);

/** Payments from these accounts that a statement names, by themselves or by their file. */
export const findNamedPayments = (
  tx: DbTransaction,
  accountNos: readonly number[],
  endToEndIds: readonly string[],
  fileReferences: readonly string[],
): Promise<StoredPayment[]> => tx.run<StoredPayment>(FIND_NAMED, [accountNos, endToEndIds, fileReferences]);

export interface ReportedFile {
  readonly id: string;
  readonly programmeNo: number;
  readonly accountNo: number;
  readonly currencyCode: string;
}

const FIND_FILE = statement(
  'payments.find-file',
  `select id, programme_no as "programmeNo", account_no as "accountNo", currency_code as "currencyCode"
   from payment_file where message_id = $1`,
);

export async function findFile(tx: DbTransaction, messageId: string): Promise<ReportedFile | undefined> {
  const [row] = await tx.run<ReportedFile>(FIND_FILE, [messageId]);
  return row;
}
