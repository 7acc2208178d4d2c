export { BankAccountResolver, bankAccountNodes } from './bank-account.resolver.js';
export { BankAccountService } from './bank-account.service.js';
export { PaidLineResolver } from './paid-line.resolver.js';
export { payOff } from './pay-off.js';
export {
  PaymentFileResolver,
  PaymentResolver,
  PaymentSkippedResolver,
  paymentFileNodes,
  paymentNodes,
} from './payment.resolver.js';
export { PaymentService } from './payment.service.js';
export { lockPayments } from './payment.sql.js';
export { ReceiptService } from './receipt.service.js';
export { ReportService } from './report.service.js';
export { BankMovementResolver, BankStatementResolver } from './statement.resolver.js';
export { StatementService } from './statement.service.js';
