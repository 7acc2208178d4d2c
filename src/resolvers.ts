/** Every resolver of the schema and every kind of Node: one list for the server, the schema file and its tests. */
import 'reflect-metadata';
import { type NodeSource, nodeResolverOf } from './graphql/node.js';
import { AccountingResolver } from './modules/accounting/index.js';
import { AdjustmentResolver, adjustmentNodes } from './modules/adjustments/index.js';
import { AuditResolver } from './modules/audit/index.js';
import { BacktestResolver, backtestNodes } from './modules/backtests/index.js';
import { CardResolver, cardNodes, MemberCardsResolver } from './modules/cards/index.js';
import {
  CatalogueClaimResolver,
  CatalogueItemResolver,
  catalogueNodes,
  MemberClaimsResolver,
} from './modules/catalogue/index.js';
import { ClientResolver, clientNodes } from './modules/clients/index.js';
import { ClockResolver } from './modules/clock/index.js';
import {
  ConnectorResolver,
  connectorNodes,
  LiveStockResolver,
  PartnerOffersResolver,
  PartnerPayoutResolver,
} from './modules/connectors/index.js';
import { ConsentResolver, MemberConsentsResolver } from './modules/consents/index.js';
import { DisputedLineResolver, DisputeResolver, disputeNodes } from './modules/disputes/index.js';
import { EarningResolver } from './modules/earning/index.js';
import { EventResolver } from './modules/events/index.js';
import { FxResolver } from './modules/fx/index.js';
import {
  ExpiryNoticeResolver,
  LotFieldsResolver,
  LotMovementResolver,
  LotResolver,
  MemberDebtResolver,
  MemberLotsResolver,
} from './modules/lots/index.js';
import { MemberResolver, memberNodes } from './modules/members/index.js';
import { MerchantIdResolver } from './modules/merchant-ids/index.js';
import { MemberChoiceResolver, MemberOffersResolver } from './modules/offers/index.js';
import { OutletResolver, PartnerResolver, partnerNodes } from './modules/partners/index.js';
import {
  BankAccountResolver,
  BankMovementResolver,
  BankStatementResolver,
  bankAccountNodes,
  PaidLineResolver,
  PaymentFileResolver,
  PaymentResolver,
  PaymentSkippedResolver,
  paymentFileNodes,
  paymentNodes,
} from './modules/payments/index.js';
import { PrivacyResolver } from './modules/privacy/index.js';
import {
  ProgrammeResolver,
  ProgrammeVersionResolver,
  PublicationResolver,
  programmeNodes,
  TermsResolver,
} from './modules/programmes/index.js';
import { ProofResolver, SettlementSealResolver } from './modules/proofs/index.js';
import { PurchaseClaimResolver, purchaseClaimNodes } from './modules/purchase-claims/index.js';
import {
  ReconciliationDifferenceResolver,
  ReconciliationResolver,
  reconciliationNodes,
} from './modules/reconciliation/index.js';
import {
  MemberRedemptionsResolver,
  PayoutResolver,
  RedemptionFieldsResolver,
  RedemptionListsResolver,
  RedemptionLotResolver,
  RedemptionResolver,
  RedemptionReviewResolver,
  ReviewResolver,
  redemptionNodes,
} from './modules/redemption/index.js';
import { MemberRoundUpResolver, RoundUpResolver } from './modules/round-ups/index.js';
import { ServiceChargeResolver, serviceChargeNodes } from './modules/service-charges/index.js';
import {
  EntriesOfLineResolver,
  PositionResolver,
  SettlementLineResolver,
  SettlementMatrixCellResolver,
  SettlementMatrixResolver,
  SettlementResolver,
  SettlementWindowResolver,
  StatementOfLineResolver,
  StatementResolver,
  settlementNodes,
  windowNodes,
} from './modules/settlement/index.js';
import { SubscriptionResolver } from './modules/subscriptions/index.js';
import { MemberTierResolver, TierResolver } from './modules/tiers/index.js';
import { TimeMachineResolver } from './modules/time-machine/index.js';
import {
  AccrualResolver,
  LotTransactionResolver,
  MatchResolver,
  MemberTransactionsResolver,
  matchNodes,
  OrphanResolver,
  ProgrammeBudgetResolver,
  QuoteResolver,
  TransactionAnswerResolver,
  TransactionFieldsResolver,
  TransactionResolver,
  transactionNodes,
} from './modules/transactions/index.js';
import { CreditResolver } from './modules/treasury/index.js';
import { WebhookResolver, webhookNodes } from './modules/webhooks/index.js';

/** Every kind of Node. Asked in turn by `node(id:)`: the most often refetched first. */
export const nodes: readonly NodeSource[] = [
  transactionNodes,
  matchNodes,
  purchaseClaimNodes,
  memberNodes,
  cardNodes,
  partnerNodes,
  redemptionNodes,
  catalogueNodes,
  programmeNodes,
  settlementNodes,
  windowNodes,
  paymentNodes,
  paymentFileNodes,
  bankAccountNodes,
  backtestNodes,
  adjustmentNodes,
  serviceChargeNodes,
  disputeNodes,
  reconciliationNodes,
  clientNodes,
  connectorNodes,
  webhookNodes,
];

export const resolvers = [
  nodeResolverOf(nodes),
  ProgrammeResolver,
  ProgrammeVersionResolver,
  PublicationResolver,
  TermsResolver,
  PartnerResolver,
  OutletResolver,
  ClientResolver,
  MemberResolver,
  ConsentResolver,
  MemberConsentsResolver,
  PrivacyResolver,
  CardResolver,
  MemberCardsResolver,
  TransactionResolver,
  TransactionAnswerResolver,
  TransactionFieldsResolver,
  AccrualResolver,
  MemberTransactionsResolver,
  OrphanResolver,
  MatchResolver,
  PurchaseClaimResolver,
  MerchantIdResolver,
  ProgrammeBudgetResolver,
  QuoteResolver,
  RedemptionResolver,
  RedemptionReviewResolver,
  ReviewResolver,
  RedemptionFieldsResolver,
  RedemptionLotResolver,
  RedemptionListsResolver,
  MemberRedemptionsResolver,
  PayoutResolver,
  CatalogueItemResolver,
  CatalogueClaimResolver,
  MemberClaimsResolver,
  RoundUpResolver,
  MemberRoundUpResolver,
  LotResolver,
  LotFieldsResolver,
  LotMovementResolver,
  LotTransactionResolver,
  MemberLotsResolver,
  MemberDebtResolver,
  ExpiryNoticeResolver,
  EarningResolver,
  TierResolver,
  MemberTierResolver,
  MemberOffersResolver,
  MemberChoiceResolver,
  SettlementResolver,
  StatementResolver,
  EntriesOfLineResolver,
  SettlementMatrixCellResolver,
  SettlementMatrixResolver,
  StatementOfLineResolver,
  SettlementWindowResolver,
  SettlementLineResolver,
  PositionResolver,
  ProofResolver,
  SettlementSealResolver,
  BankAccountResolver,
  PaidLineResolver,
  PaymentFileResolver,
  PaymentResolver,
  PaymentSkippedResolver,
  BankStatementResolver,
  BankMovementResolver,
  TimeMachineResolver,
  EventResolver,
  WebhookResolver,
  AccountingResolver,
  AdjustmentResolver,
  ServiceChargeResolver,
  DisputeResolver,
  DisputedLineResolver,
  FxResolver,
  CreditResolver,
  ReconciliationResolver,
  ReconciliationDifferenceResolver,
  ConnectorResolver,
  PartnerOffersResolver,
  LiveStockResolver,
  PartnerPayoutResolver,
  BacktestResolver,
  AuditResolver,
  ClockResolver,
  SubscriptionResolver,
] as const;
