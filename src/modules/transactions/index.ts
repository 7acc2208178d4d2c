export { explainTransaction } from './explain.js';
export { processBatch, type SubmitOutcome } from './pipeline.js';
export { QuoteResolver } from './quote.resolver.js';
export { type Reference, ReferenceCache } from './reference.js';
export { entities, TransactionEntity, TransactionSourceEntity } from './transaction.entity.js';
export { Transaction, TransactionSource } from './transaction.graphql.js';
export { TRANSACTION_BY_ID } from './transaction.loaders.js';
export { MemberTransactionsResolver, TransactionResolver, transactionNodes } from './transaction.resolver.js';
export { TransactionService } from './transaction.service.js';
