export { ProgrammeBudgetResolver } from './budget.resolver.js';
export { type DecidedRow, decodePurchase } from './decision-facts.js';
export { explainTransaction } from './explain.js';
export { LotTransactionResolver } from './lot-transaction.resolver.js';
export { MatchResolver, matchNodes } from './match.resolver.js';
export { MatchService } from './match.service.js';
export { storedMessage } from './message.js';
export { OrphanResolver } from './orphan.resolver.js';
export { processBatch, type SubmitOutcome } from './pipeline.js';
export { withTimes } from './purchase-of.js';
export { QuoteResolver } from './quote.resolver.js';
export { type Reference, ReferenceCache } from './reference.js';
export { standingOf } from './standing.js';
export { loadStanding } from './standing.sql.js';
export { entities, TransactionEntity, TransactionSourceEntity } from './transaction.entity.js';
export {
  PayerInput,
  SourceKindEnum,
  Transaction,
  type TransactionInput,
  TransactionSource,
} from './transaction.graphql.js';
export { TRANSACTION_BY_ID } from './transaction.loaders.js';
export {
  MemberTransactionsResolver,
  TransactionAnswerResolver,
  TransactionResolver,
  transactionNodes,
} from './transaction.resolver.js';
export { TransactionService } from './transaction.service.js';
export { AccrualResolver, TransactionFieldsResolver } from './transaction-fields.resolver.js';
export { commandOf } from './translate.js';
