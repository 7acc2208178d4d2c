/**
 * The composition root: builds everything by hand, once, and says in which order it starts and stops.
 */
import type { Logger } from 'pino';
import { createSchema } from './api/schema.js';
import { createServer, type GatewayServer } from './api/server.js';
import type { Config } from './config.js';
import { entities } from './entities.js';
import {
  Authenticator,
  createTokenVerifier,
  type DevelopmentIssuer,
  type IssuerConfig,
  openDevelopmentIssuer,
} from './infrastructure/auth/index.js';
import { statement } from './infrastructure/db/database.js';
import { type Databases, openDatabases } from './infrastructure/db/orm.js';
import { type DatabaseServer, openServer } from './infrastructure/db/server.js';
import { createLogger } from './infrastructure/log.js';
import { developmentClaims, PrincipalDirectory } from './modules/access/index.js';
import { AccountingResolver, AccountingService } from './modules/accounting/index.js';
import { AdjustmentResolver, AdjustmentService } from './modules/adjustments/index.js';
import { BacktestResolver, BacktestService } from './modules/backtests/index.js';
import { CardResolver, CardService } from './modules/cards/index.js';
import {
  CatalogueClaimResolver,
  CatalogueItemResolver,
  ClaimService,
  CodeService,
  ItemService,
  putBack,
} from './modules/catalogue/index.js';
import { ClockResolver, ClockService } from './modules/clock/index.js';
import { DisputeResolver, DisputeService } from './modules/disputes/index.js';
import { EarningResolver, EarningService } from './modules/earning/index.js';
import { FxResolver, FxService, RevaluationService } from './modules/fx/index.js';
import { openProgrammeBooks } from './modules/ledger/index.js';
import {
  ExpiryNoticeResolver,
  LotFieldsResolver,
  LotMovementResolver,
  LotResolver,
  LotService,
  MemberDebtResolver,
  MemberLotsResolver,
} from './modules/lots/index.js';
import { MemberResolver, MemberService } from './modules/members/index.js';
import {
  ChoiceService,
  MemberChoiceResolver,
  MemberOffersResolver,
  MemberViews,
  OfferService,
} from './modules/offers/index.js';
import { PartnerResolver, PartnerService } from './modules/partners/index.js';
import {
  BankAccountResolver,
  BankAccountService,
  BankMovementResolver,
  BankStatementResolver,
  PaymentFileResolver,
  PaymentService,
  ReceiptService,
  ReportService,
  StatementService,
} from './modules/payments/index.js';
import {
  ProgrammeResolver,
  ProgrammeService,
  PublicationResolver,
  TermsResolver,
  TermsService,
} from './modules/programmes/index.js';
import { ChainSealer, ProofResolver, ProofService } from './modules/proofs/index.js';
import { ReconciliationResolver, ReconciliationService } from './modules/reconciliation/index.js';
import {
  PayoutResolver,
  PayoutService,
  RedemptionResolver,
  RedemptionService,
  ResolutionService,
  ReviewResolver,
  ReviewService,
} from './modules/redemption/index.js';
import { ReferralService } from './modules/referrals/index.js';
import { RoundUpResolver, RoundUpService } from './modules/round-ups/index.js';
import { ServiceChargeResolver, ServiceChargeService } from './modules/service-charges/index.js';
import {
  EntriesOfLineResolver,
  SettlementResolver,
  SettlementService,
  SettlementStatementService,
  StatementResolver,
} from './modules/settlement/index.js';
import { MemberTierResolver, TierResolver, TierService } from './modules/tiers/index.js';
import { TimeMachineResolver, TimeMachineService } from './modules/time-machine/index.js';
import {
  AccrualResolver,
  OrphanResolver,
  ProgrammeBudgetResolver,
  QuoteResolver,
  ReferenceCache,
  TransactionFieldsResolver,
  TransactionResolver,
  TransactionService,
} from './modules/transactions/index.js';
import { CreditResolver, CreditService } from './modules/treasury/index.js';
import { resolvers } from './resolvers.js';
import { type Job, startWorker, type Worker } from './worker.js';

/** Every use case, built on one pair of connection pools: for the API, the jobs and the command line alike. */
export interface Services {
  readonly references: ReferenceCache;
  readonly programmes: ProgrammeService;
  readonly partners: PartnerService;
  readonly members: MemberService;
  readonly cards: CardService;
  readonly transactions: TransactionService;
  readonly accounting: AccountingService;
  readonly lots: LotService;
  readonly earning: EarningService;
  readonly tiers: TierService;
  readonly choices: ChoiceService;
  readonly offers: OfferService;
  readonly referrals: ReferralService;
  readonly redemptions: RedemptionService;
  readonly resolutions: ResolutionService;
  readonly reviews: ReviewService;
  readonly payouts: PayoutService;
  readonly roundUps: RoundUpService;
  readonly items: ItemService;
  readonly claims: ClaimService;
  readonly codes: CodeService;
  readonly settlement: SettlementService;
  readonly statements: SettlementStatementService;
  readonly disputes: DisputeService;
  readonly bankAccounts: BankAccountService;
  readonly payments: PaymentService;
  readonly paymentReports: ReportService;
  readonly bankStatements: StatementService;
  readonly receipts: ReceiptService;
  readonly adjustments: AdjustmentService;
  readonly credit: CreditService;
  readonly fx: FxService;
  readonly revaluation: RevaluationService;
  readonly serviceCharges: ServiceChargeService;
  readonly reconciliation: ReconciliationService;
  readonly backtests: BacktestService;
  readonly chain: ChainSealer;
  readonly proofs: ProofService;
  readonly timeMachine: TimeMachineService;
  readonly clock: ClockService;
}

export function createServices({ database, writer }: Databases): Services {
  const references = new ReferenceCache();
  return {
    references,
    programmes: new ProgrammeService(writer, database, openProgrammeBooks),
    partners: new PartnerService(writer),
    members: new MemberService(database),
    cards: new CardService(database),
    transactions: new TransactionService(database, references),
    accounting: new AccountingService(database),
    lots: new LotService(database, async () => (await references.fresh(database)).programmes),
    earning: new EarningService(database),
    tiers: new TierService(database, async () => (await references.fresh(database)).programmes),
    choices: new ChoiceService(database, references),
    offers: new OfferService(database, references),
    referrals: new ReferralService(database, references),
    redemptions: new RedemptionService(database, references),
    resolutions: new ResolutionService(database, references, putBack),
    reviews: new ReviewService(database, references),
    payouts: new PayoutService(database, references),
    roundUps: new RoundUpService(database, references),
    items: new ItemService(database, references),
    claims: new ClaimService(database, references),
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
    chain: new ChainSealer(database),
    proofs: new ProofService(database),
    timeMachine: new TimeMachineService(database),
    clock: new ClockService(database),
  };
}

/** The one instance of each resolver class; classes without dependencies are made as they are asked for. */
export function resolverInstances({ database }: Databases, services: Services): { get(resolver: unknown): object } {
  const tiers = new TierResolver(services.tiers);
  const views = new MemberViews(database, services.references);
  const made = new Map<unknown, object>([
    [ProgrammeResolver, new ProgrammeResolver(services.programmes)],
    [PublicationResolver, new PublicationResolver(services.programmes.publication)],
    [TermsResolver, new TermsResolver(new TermsService(database))],
    [PartnerResolver, new PartnerResolver(services.partners)],
    [MemberResolver, new MemberResolver(services.members)],
    [CardResolver, new CardResolver(services.cards)],
    [TransactionResolver, new TransactionResolver(services.transactions, database, services.references)],
    [TransactionFieldsResolver, new TransactionFieldsResolver(database, services.references)],
    [AccrualResolver, new AccrualResolver(database, services.references)],
    [QuoteResolver, new QuoteResolver(database, services.references)],
    [OrphanResolver, new OrphanResolver(services.transactions)],
    [ProgrammeBudgetResolver, new ProgrammeBudgetResolver(database, services.references)],
    [AccountingResolver, new AccountingResolver(services.accounting)],
    [LotResolver, new LotResolver(services.lots)],
    [LotFieldsResolver, new LotFieldsResolver(services.lots.programmes)],
    [LotMovementResolver, new LotMovementResolver(services.lots.programmes)],
    [MemberLotsResolver, new MemberLotsResolver(services.lots.programmes)],
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
    [TimeMachineResolver, new TimeMachineResolver(services.timeMachine)],
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

/** What runs beside the API. */
export const jobsOf = ({
  lots,
  earning,
  tiers,
  transactions,
  referrals,
  settlement,
  fx,
  statements,
  backtests,
  chain,
  resolutions,
  roundUps,
}: Services): readonly Job[] => [
  { name: 'confirm accruals', restMs: 60_000, run: (signal) => earning.confirmAll(signal) },
  { name: 'let lots expire', restMs: 600_000, run: (signal) => lots.expireAll(signal) },
  { name: 'review tiers', restMs: 600_000, run: (signal) => tiers.reviewAll(signal) },
  {
    name: 'tell referrals',
    restMs: 60_000,
    run: async (signal) => {
      await referrals.tellAll(signal);
    },
  },
  {
    name: 'lapse authorisations',
    restMs: 600_000,
    run: async (signal) => {
      await transactions.lapseAuthorisations(signal);
    },
  },
  {
    name: 'convert what is paid in other currencies',
    restMs: 60_000,
    run: async (signal) => {
      await fx.convertWaiting(signal);
    },
  },
  { name: 'settle what is due', restMs: 60_000, run: (signal) => settlement.runCycles(signal) },
  { name: 'print statements of settlements', restMs: 60_000, run: (signal) => statements.printWaiting(signal) },
  {
    name: 'give back what was not captured',
    restMs: 60_000,
    run: async (signal) => {
      await resolutions.expireAuthorisations(signal);
    },
  },
  {
    name: 'round purchases up',
    restMs: 600_000,
    run: async (signal) => {
      await roundUps.roundUpAll(signal);
    },
  },
  { name: 'replay back-tests', restMs: 2_000, run: (signal) => backtests.replayWaiting(signal) },
  {
    name: 'seal the journal',
    restMs: 60_000,
    run: async (signal) => {
      await chain.seal({ signal });
    },
  },
];

export interface App {
  /** Opens the database, migrates it, and serves. Throws OperatorError with the way out. */
  start(): Promise<{ readonly url: string; readonly database: string }>;
  /** Answers what was accepted, lets the jobs end, and closes everything. */
  stop(): Promise<void>;
}

export interface AppOptions {
  /** The command, as other processes will name it. */
  readonly purpose?: string;
  /** Hears one sentence for everything that is not as usual at the start. */
  readonly say?: (sentence: string) => void;
}

export function createApp(config: Config, options: AppOptions = {}): App {
  const log = createLogger(config.logLevel);
  const say = options.say ?? ((sentence: string) => log.info(sentence));
  // What was opened, to be closed in the opposite order, also when a later step of the start fails.
  const closing: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  const start = async (): Promise<{ url: string; database: string }> => {
    const server = await openServer({ ...config, purpose: options.purpose ?? 'hansa serve', exclusive: true, say });
    closing.push(() => server.leave());
    const databases = await openPools(server);
    closing.push(() => databases.close());
    const services = createServices(databases);
    const gateway = await openGateway(config, databases, services, log);
    const { url } = await gateway.start();
    closing.push(async () => {
      await gateway.stop();
      await services.transactions.drained();
    });
    const worker: Worker = startWorker(jobsOf(services), log);
    closing.push(() => worker.stop());
    return { url, database: server.description };
  };
  return {
    start: async () => {
      try {
        return await start();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
  };
}

const openPools = (server: DatabaseServer): Promise<Databases> =>
  openDatabases({ writerUrl: server.url('hansa_writer'), readerUrl: server.url('hansa_reader'), entities });

async function openGateway(
  config: Config,
  databases: Databases,
  services: Services,
  log: Logger,
): Promise<GatewayServer> {
  const directory = new PrincipalDirectory(databases.database);
  const issuer = config.environment === 'production' ? undefined : await openOwnIssuer(config);
  return createServer({
    schema: await createSchema(resolvers, resolverInstances(databases, services)),
    authenticator: new Authenticator(
      createTokenVerifier(trustedIssuers(config, issuer), config.tokenAudience),
      directory,
    ),
    reader: databases.reader,
    ready: () => problemsOf(databases),
    log,
    host: config.host,
    port: config.port,
    environment: config.environment,
    ...(issuer && { development: { issuer, claimsFor: (request) => developmentClaims(directory, request) } }),
  });
}

const openOwnIssuer = ({ dataDir, environment, tokenAudience }: Config): Promise<DevelopmentIssuer> =>
  openDevelopmentIssuer({ dataDirectory: dataDir, environment, audience: tokenAudience });

function trustedIssuers({ tokenIssuer }: Config, own: DevelopmentIssuer | undefined): IssuerConfig[] {
  const configured: IssuerConfig[] =
    tokenIssuer === undefined
      ? []
      : [
          tokenIssuer.jwksUri === undefined
            ? { issuer: tokenIssuer.issuer, discovery: true }
            : { issuer: tokenIssuer.issuer, jwksUri: tokenIssuer.jwksUri },
        ];
  return own === undefined ? configured : [...configured, own.config];
}

const PING = statement('app.ping', 'select environment from deployment');

/** The start has migrated; what can be missing later is the database itself. */
async function problemsOf({ database }: Databases): Promise<readonly string[]> {
  try {
    await database.command((tx) => tx.run(PING));
    return [];
  } catch {
    return ['The database does not answer.'];
  }
}
