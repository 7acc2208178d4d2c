/**
 * Every entity of every module: what the ORM knows and what the schema guard compares with the migrations.
 *
 * It takes the entity files themselves, not the modules' doors: a command that needs rows need not load resolvers.
 */
import { EntitySchema } from '@mikro-orm/postgresql';
import type { Entities } from './infrastructure/db/orm.js';
import * as adjustments from './modules/adjustments/adjustment.entity.js';
import * as audit from './modules/audit/audit.entity.js';
import * as backtests from './modules/backtests/backtest.entity.js';
import * as cards from './modules/cards/card.entity.js';
import * as catalogue from './modules/catalogue/catalogue.entity.js';
import * as clients from './modules/clients/client.entity.js';
import * as connectors from './modules/connectors/connector.entity.js';
import * as partnerPayouts from './modules/connectors/payout.entity.js';
import * as consents from './modules/consents/consent.entity.js';
import * as disputes from './modules/disputes/dispute.entity.js';
import * as earning from './modules/earning/earning.entity.js';
import * as events from './modules/events/event.entity.js';
import * as fx from './modules/fx/fx.entity.js';
import * as ledger from './modules/ledger/ledger.entity.js';
import * as lots from './modules/lots/lot.entity.js';
import * as members from './modules/members/member.entity.js';
import * as merchantIds from './modules/merchant-ids/merchant-id.entity.js';
import * as offers from './modules/offers/offer.entity.js';
import * as contracts from './modules/partners/contract.entity.js';
import * as partners from './modules/partners/partner.entity.js';
import * as bankAccounts from './modules/payments/bank-account.entity.js';
import * as payments from './modules/payments/payment.entity.js';
import * as statements from './modules/payments/statement.entity.js';
import * as erasures from './modules/privacy/erasure.entity.js';
import * as programmes from './modules/programmes/programme.entity.js';
import * as chain from './modules/proofs/chain.entity.js';
import * as purchaseClaims from './modules/purchase-claims/purchase-claim.entity.js';
import * as reconciliation from './modules/reconciliation/reconciliation.entity.js';
import * as redemption from './modules/redemption/redemption.entity.js';
import * as reviews from './modules/redemption/review.entity.js';
import * as roundUps from './modules/round-ups/round-up.entity.js';
import * as serviceCharges from './modules/service-charges/service-charge.entity.js';
import * as commission from './modules/settlement/commission.entity.js';
import * as settlement from './modules/settlement/settlement.entity.js';
import * as tiers from './modules/tiers/tier.entity.js';
import * as matches from './modules/transactions/match.entity.js';
import * as transactions from './modules/transactions/transaction.entity.js';
import * as webhooks from './modules/webhooks/endpoint.entity.js';

const files = [
  programmes,
  partners,
  contracts,
  clients,
  audit,
  members,
  consents,
  erasures,
  cards,
  ledger,
  events,
  matches,
  purchaseClaims,
  merchantIds,
  transactions,
  lots,
  earning,
  tiers,
  offers,
  redemption,
  catalogue,
  roundUps,
  commission,
  serviceCharges,
  settlement,
  bankAccounts,
  payments,
  statements,
  backtests,
  adjustments,
  disputes,
  chain,
  webhooks,
  reconciliation,
  connectors,
  partnerPayouts,
  reviews,
  fx,
];

export const entities: Entities = files
  .flatMap((file) => Object.values<unknown>({ ...file }))
  .filter((value) => value instanceof EntitySchema);
