export { BankAccountResolver, bankAccountNodes } from './bank-account.resolver.js';
export { BankAccountService } from './bank-account.service.js';
export { PaidLineResolver } from './paid-line.resolver.js';
export { PaymentFileResolver, PaymentResolver, PaymentSkippedResolver, paymentNodes } from './payment.resolver.js';
export { PaymentService } from './payment.service.js';
export { ReceiptService } from './receipt.service.js';
export { ReportService } from './report.service.js';
export { BankMovementResolver, BankStatementResolver } from './statement.resolver.js';
export { StatementService } from './statement.service.js';
