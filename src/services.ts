/** Every use case, built by hand on one pair of connection pools: for the API, the jobs and the command line alike. */
import type { Databases } from './infrastructure/db/orm.js';
import { createOutbound, type Outbound } from './infrastructure/outbound/index.js';
import { PartnerPort } from './infrastructure/partner-port/index.js';
import { AccountingService } from './modules/accounting/index.js';
import { AdjustmentService } from './modules/adjustments/index.js';
import { BacktestService } from './modules/backtests/index.js';
import { CardService } from './modules/cards/index.js';
import { ClaimService, CodeService, ItemService, putBack } from './modules/catalogue/index.js';
import { ClientService } from './modules/clients/index.js';
import { ClockService } from './modules/clock/index.js';
import {
  BankPayouts,
  ConnectorService,
  FeedService,
  insertPayout,
  LiveQuestions,
  PartnerClient,
} from './modules/connectors/index.js';
import { ConsentService } from './modules/consents/index.js';
import { DisputeService } from './modules/disputes/index.js';
import { EarningService } from './modules/earning/index.js';
import { EventFeed, EventRelay } from './modules/events/index.js';
import { FxService, RevaluationService } from './modules/fx/index.js';
import { openProgrammeBooks, WindowParts } from './modules/ledger/index.js';
import { LotService } from './modules/lots/index.js';
import { MemberService } from './modules/members/index.js';
import { MerchantIdService } from './modules/merchant-ids/index.js';
import { ChoiceService, OfferService } from './modules/offers/index.js';
import { PartnerService } from './modules/partners/index.js';
import {
  BankAccountService,
  PaymentService,
  ReceiptService,
  ReportService,
  StatementService,
} from './modules/payments/index.js';
import { ErasureService, ExportService, resealAll } from './modules/privacy/index.js';
import { ProgrammeService } from './modules/programmes/index.js';
import { ChainSealer, ProofService } from './modules/proofs/index.js';
import { PurchaseClaimService } from './modules/purchase-claims/index.js';
import { ReconciliationService } from './modules/reconciliation/index.js';
import {
  PayoutService,
  RedemptionService,
  ResolutionService,
  ReviewService,
  TillQueue,
} from './modules/redemption/index.js';
import { ReferralService } from './modules/referrals/index.js';
import { RoundUpService } from './modules/round-ups/index.js';
import { ServiceChargeService } from './modules/service-charges/index.js';
import { SettlementService, SettlementStatementService } from './modules/settlement/index.js';
import { TierService } from './modules/tiers/index.js';
import { TimeMachineService } from './modules/time-machine/index.js';
import { SigningKeys } from './modules/tokens/index.js';
import { MatchService, ReferenceCache, TransactionService } from './modules/transactions/index.js';
import { CreditService } from './modules/treasury/index.js';
import { forgetOld, WebhookDispatcher, WebhookService } from './modules/webhooks/index.js';

/** What use cases need of their surroundings besides the database. */
export interface Surroundings {
  /** To webhook receivers and partners; to public addresses only when absent. */
  readonly outbound?: Outbound;
  /** The folder opened to connectors, and for how long a file has to rest to count as written. */
  readonly folders?: { readonly root: string | undefined; readonly settleMs: number };
  /** For how many days events are kept at least. */
  readonly eventDays?: number;
}

const NO_FOLDERS = { root: undefined, settleMs: 0 };

export function createServices(
  { database, writer }: Databases,
  { outbound = createOutbound({ allowLoopback: false }), folders = NO_FOLDERS, eventDays = 30 }: Surroundings = {},
) {
  const references = new ReferenceCache();
  const partners = new PartnerService(writer);
  const partnerPort = new PartnerPort();
  const partnerClient = new PartnerClient(outbound, partnerPort);
  const tills = new TillQueue(database, references, putBack);
  const live = new LiveQuestions(database, partnerClient);
  return {
    references,
    programmes: new ProgrammeService(writer, database, openProgrammeBooks),
    partners,
    clients: new ClientService(database),
    signingKeys: new SigningKeys(database),
    members: new MemberService(database),
    consents: new ConsentService(database),
    cards: new CardService(database),
    transactions: new TransactionService(database, references),
    matches: new MatchService(database, references),
    purchaseClaims: new PurchaseClaimService(database, references),
    merchantIds: new MerchantIdService(database, references, partners),
    accounting: new AccountingService(database),
    lots: new LotService(database, async () => (await references.fresh(database)).programmes),
    earning: new EarningService(database),
    tiers: new TierService(database, async () => (await references.fresh(database)).programmes),
    choices: new ChoiceService(database, references),
    offers: new OfferService(database, references),
    referrals: new ReferralService(database, references),
    tills,
    redemptions: new RedemptionService(database, references, tills),
    resolutions: new ResolutionService(database, references, tills),
    reviews: new ReviewService(database, references, insertPayout),
    payouts: new PayoutService(database, references, insertPayout),
    bankPayouts: new BankPayouts(database, partnerClient, references),
    erasures: new ErasureService(database, references),
    memberData: new ExportService(database),
    sealed: { resealAll: (signal: AbortSignal) => resealAll(database, undefined, signal) },
    roundUps: new RoundUpService(database, references),
    items: new ItemService(database, references),
    claims: new ClaimService(database, references, live.stockForClaim),
    codes: new CodeService(database, references),
    settlement: new SettlementService(database),
    statements: new SettlementStatementService(database),
    disputes: new DisputeService(database),
    bankAccounts: new BankAccountService(database),
    payments: new PaymentService(database),
    paymentReports: new ReportService(database),
    bankStatements: new StatementService(database),
    receipts: new ReceiptService(database),
    adjustments: new AdjustmentService(database, references),
    fx: new FxService(database, async () => (await references.fresh(database)).programmes),
    revaluation: new RevaluationService(database, async () => (await references.fresh(database)).programmes),
    credit: new CreditService(database, () => references.fresh(database)),
    serviceCharges: new ServiceChargeService(database, () => references.fresh(database)),
    reconciliation: new ReconciliationService(database, references),
    backtests: new BacktestService(database, references),
    relay: new EventRelay(database),
    webhooks: new WebhookService(database, outbound),
    webhookDispatcher: new WebhookDispatcher(database, outbound),
    forgetOldEvents: (signal?: AbortSignal) => forgetOld(database, eventDays, signal),
    news: new EventFeed(database),
    chain: new ChainSealer(database),
    windowParts: new WindowParts(database),
    proofs: new ProofService(database),
    timeMachine: new TimeMachineService(database),
    clock: new ClockService(database),
    outbound,
    partnerPort,
    connectors: new ConnectorService(database, references, outbound),
    live,
    feeds: new FeedService(database, references, partnerClient, folders),
  };
}

export type Services = ReturnType<typeof createServices>;
