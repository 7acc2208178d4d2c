/** What banks send and take: ISO 20022 messages and account numbers. Text in, facts out; nothing is stored here. */
export {
  ACCOUNT_NUMBER_ERRORS,
  type AccountNumber,
  type AccountNumberErrorCode,
  checkAccountNumber,
  maskIban,
} from './account-number.js';
export { BANK_FILE_ERRORS, type BankFileErrorCode } from './bank-file.errors.js';
export type { BankEntry, EntryDetail } from './camt-entry.js';
export {
  type AccountStatement,
  type BankStatementMessage,
  readBankStatements,
  type StatementBalance,
} from './camt053.js';
export {
  type AccountHolder,
  type CreditTransfer,
  PAYMENT_FILE_ERRORS,
  type PaymentFileErrorCode,
  writableName,
  writeCreditTransfers,
} from './pain001.js';
export { type BankStatus, type PaymentStatusReport, type ReportedStatus, readPaymentStatusReport } from './pain002.js';
