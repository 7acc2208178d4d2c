/** The resolvers of the schema, each with the use cases that it asks. */
import type { GatewayContext, LoaderDefinition } from './graphql/context.js';
import type { Databases } from './infrastructure/db/orm.js';
import { AccountingResolver } from './modules/accounting/index.js';
import { AdjustmentResolver } from './modules/adjustments/index.js';
import { BacktestResolver } from './modules/backtests/index.js';
import { CardResolver } from './modules/cards/index.js';
import { CatalogueClaimResolver, CatalogueItemResolver } from './modules/catalogue/index.js';
import { ClientResolver } from './modules/clients/index.js';
import { ClockResolver } from './modules/clock/index.js';
import { ConnectorResolver, LiveStockResolver, PartnerOffersResolver } from './modules/connectors/index.js';
import { ConsentResolver } from './modules/consents/index.js';
import { DisputeResolver } from './modules/disputes/index.js';
import { EarningResolver } from './modules/earning/index.js';
import { FxResolver } from './modules/fx/index.js';
import {
  ExpiryNoticeResolver,
  LotMovementResolver,
  LotResolver,
  MemberDebtResolver,
  MemberLotsResolver,
} from './modules/lots/index.js';
import { MemberResolver } from './modules/members/index.js';
import { MerchantIdResolver } from './modules/merchant-ids/index.js';
import { MemberChoiceResolver, MemberOffersResolver, MemberViews, type Present } from './modules/offers/index.js';
import { PartnerResolver } from './modules/partners/index.js';
import {
  BankAccountResolver,
  BankMovementResolver,
  BankStatementResolver,
  PaymentFileResolver,
} from './modules/payments/index.js';
import { PrivacyResolver } from './modules/privacy/index.js';
import {
  ProgrammeResolver,
  PublicationResolver,
  type PublishedTo,
  TermsResolver,
  TermsService,
} from './modules/programmes/index.js';
import { ProofResolver } from './modules/proofs/index.js';
import { PurchaseClaimResolver } from './modules/purchase-claims/index.js';
import { ReconciliationResolver } from './modules/reconciliation/index.js';
import { PayoutResolver, RedemptionResolver, ReviewResolver } from './modules/redemption/index.js';
import { RoundUpResolver } from './modules/round-ups/index.js';
import { ServiceChargeResolver } from './modules/service-charges/index.js';
import { EntriesOfLineResolver, SettlementResolver, StatementResolver } from './modules/settlement/index.js';
import { MemberTierResolver, TierResolver } from './modules/tiers/index.js';
import { TimeMachineResolver } from './modules/time-machine/index.js';
import {
  AccrualResolver,
  MatchResolver,
  OrphanResolver,
  ProgrammeBudgetResolver,
  QuoteResolver,
  TransactionFieldsResolver,
  TransactionResolver,
} from './modules/transactions/index.js';
import { CreditResolver } from './modules/treasury/index.js';
import { WebhookResolver } from './modules/webhooks/index.js';
import type { Services } from './services.js';

/** The one instance of each resolver class; classes without dependencies are made as they are asked for. */
export function resolverInstances({ database }: Databases, services: Services): { get(resolver: unknown): object } {
  const atPresent: LoaderDefinition<'present', Present> = {
    name: 'references.present',
    async load(keys, { em }) {
      const present = await services.references.present(em, database);
      return keys.map(() => present);
    },
  };
  const present = ({ loader }: GatewayContext): Promise<Present> => loader(atPresent).load('present');
  const published: PublishedTo = async (context) => {
    const { reference, now } = await present(context);
    return { programmes: reference.programmes, now };
  };
  const tiers = new TierResolver(published);
  const views = new MemberViews(present);
  const made = new Map<unknown, object>([
    [ProgrammeResolver, new ProgrammeResolver(services.programmes)],
    [PublicationResolver, new PublicationResolver(services.programmes.publication)],
    [TermsResolver, new TermsResolver(new TermsService(database))],
    [PartnerResolver, new PartnerResolver(services.partners)],
    [ClientResolver, new ClientResolver(services.clients)],
    [MemberResolver, new MemberResolver(services.members, published)],
    [ConsentResolver, new ConsentResolver(services.consents)],
    [PrivacyResolver, new PrivacyResolver(services.erasures, services.memberData)],
    [CardResolver, new CardResolver(services.cards)],
    [TransactionResolver, new TransactionResolver(services.transactions, database, services.references)],
    [TransactionFieldsResolver, new TransactionFieldsResolver(database, services.references)],
    [AccrualResolver, new AccrualResolver(database, services.references)],
    [QuoteResolver, new QuoteResolver(database, services.references)],
    [OrphanResolver, new OrphanResolver(services.transactions)],
    [MatchResolver, new MatchResolver(services.matches)],
    [MerchantIdResolver, new MerchantIdResolver(services.merchantIds)],
    [PurchaseClaimResolver, new PurchaseClaimResolver(services.purchaseClaims)],
    [ProgrammeBudgetResolver, new ProgrammeBudgetResolver(database, services.references)],
    [AccountingResolver, new AccountingResolver(services.accounting)],
    [LotResolver, new LotResolver(services.lots)],
    [LotMovementResolver, new LotMovementResolver(published)],
    [MemberLotsResolver, new MemberLotsResolver(published)],
    [MemberDebtResolver, new MemberDebtResolver(services.lots.programmes)],
    [ExpiryNoticeResolver, new ExpiryNoticeResolver(services.lots.programmes)],
    [EarningResolver, new EarningResolver(services.earning)],
    [TierResolver, tiers],
    [MemberTierResolver, new MemberTierResolver(tiers)],
    [MemberOffersResolver, new MemberOffersResolver(views, tiers, services.choices, services.offers)],
    [MemberChoiceResolver, new MemberChoiceResolver(views)],
    [ReviewResolver, new ReviewResolver(services.reviews)],
    [RedemptionResolver, new RedemptionResolver(services.redemptions, services.resolutions)],
    [PayoutResolver, new PayoutResolver(services.payouts)],
    [RoundUpResolver, new RoundUpResolver(services.roundUps)],
    [CatalogueItemResolver, new CatalogueItemResolver(services.items)],
    [CatalogueClaimResolver, new CatalogueClaimResolver(services.claims, services.codes)],
    [SettlementResolver, new SettlementResolver(services.settlement)],
    [StatementResolver, new StatementResolver(services.statements)],
    [EntriesOfLineResolver, new EntriesOfLineResolver(database)],
    [DisputeResolver, new DisputeResolver(services.disputes)],
    [BankAccountResolver, new BankAccountResolver(services.bankAccounts)],
    [PaymentFileResolver, new PaymentFileResolver(services.payments)],
    [BankStatementResolver, new BankStatementResolver(services.paymentReports, services.bankStatements)],
    [BankMovementResolver, new BankMovementResolver(services.receipts)],
    [ServiceChargeResolver, new ServiceChargeResolver(services.serviceCharges)],
    [AdjustmentResolver, new AdjustmentResolver(services.adjustments)],
    [FxResolver, new FxResolver(services.fx, services.revaluation)],
    [CreditResolver, new CreditResolver(services.credit)],
    [ReconciliationResolver, new ReconciliationResolver(services.reconciliation)],
    [ProofResolver, new ProofResolver(services.proofs)],
    [WebhookResolver, new WebhookResolver(services.webhooks)],
    [TimeMachineResolver, new TimeMachineResolver(services.timeMachine)],
    [PartnerOffersResolver, new PartnerOffersResolver(services.live)],
    [LiveStockResolver, new LiveStockResolver(services.live)],
    [ConnectorResolver, new ConnectorResolver(services.connectors)],
    [BacktestResolver, new BacktestResolver(services.backtests)],
    [ClockResolver, new ClockResolver(services.clock)],
  ]);
  return {
    get(resolver) {
      let instance = made.get(resolver);
      if (instance === undefined) {
        instance = new (resolver as new () => object)();
        made.set(resolver, instance);
      }
      return instance;
    },
  };
}
