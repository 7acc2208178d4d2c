/** The whole gateway over HTTP on the worker's database, composed as app.ts composes it. */
import { createOutbound } from '../../src/infrastructure/outbound/index.js';
import { TokenService } from '../../src/modules/tokens/index.js';
import { resolverInstances } from '../../src/resolver-instances.js';
import { nodes, resolvers } from '../../src/resolvers.js';
import { createServices, type Services, type Surroundings } from '../../src/services.js';
import { AUDIENCE, type Edge, type EdgeOptions, openEdge } from '../api/edge.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

export interface Gateway {
  readonly db: TestDatabase;
  readonly edge: Edge;
  readonly services: Services;
  readonly admin: string;
  /** Asks as the bearer and returns the data; throws when the API answers with errors. */
  // biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
  ask(token: string, query: string, variables?: object): Promise<any>;
  close(): Promise<void>;
}

/** The gateway's own name as an issuer. */
export const GATEWAY_ISSUER = 'https://gateway.test';

export async function openGateway(
  folders?: Surroundings['folders'],
  options: Pick<EdgeOptions, 'admission'> = {},
): Promise<Gateway> {
  const db = await openTestDatabase();
  const outbound = createOutbound({ allowLoopback: true });
  const services = createServices(db, { outbound, ...(folders && { folders }) });
  const settings = { issuer: GATEWAY_ISSUER, audience: AUDIENCE };
  const edge = await openEdge({
    ...options,
    db,
    resolvers,
    nodes,
    news: services.news,
    container: resolverInstances(db, services),
    issuers: [{ issuer: GATEWAY_ISSUER, keys: services.signingKeys.find, own: 'AUTHORIZATION_SERVER' }],
    authorization: new TokenService(db.database, services.signingKeys, outbound, settings),
  });
  return {
    db,
    edge,
    services,
    admin: await edge.token({ principal: 'ADMIN' }),
    async ask(token, query, variables = {}) {
      const answer = await edge.ask(query, { token, variables });
      if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
      return answer.data;
    },
    async close() {
      await edge.stop();
      await outbound.close();
      await db.close();
    },
  };
}

export interface NewPartner {
  readonly code: string;
  readonly role: 'MERCHANT' | 'BANK' | 'CHARITY';
  readonly merchantIds?: readonly string[];
  readonly minimumPayout?: string;
  readonly model?: 'SETTLE_AT_ISSUANCE' | 'SETTLE_AT_REDEMPTION';
  /** 10 % when absent. */
  readonly commissionRate?: string;
  readonly refundReturnsCommission?: boolean;
  /** SettlementTermsInput: redeeming, settling and risk. */
  readonly settlement?: object;
}

/** Applies a programme in EUR and onboards partners on the terms of LEDGER 4: commission 10 %, tax 20 % of it. */
export async function setUp(
  gateway: Gateway,
  yaml: string,
  programmeCode: string,
  partners: readonly NewPartner[],
): Promise<void> {
  const applied = await gateway.ask(
    gateway.admin,
    'mutation ($input: ProgrammeApplyInput!) { programmeApply(input: $input) { outcome userErrors { code message line } } }',
    { input: { source: yaml } },
  );
  expect(applied.programmeApply).toEqual({ outcome: 'PUBLISHED', userErrors: [] });
  for (const {
    code,
    role,
    merchantIds = [],
    minimumPayout,
    model = 'SETTLE_AT_ISSUANCE',
    settlement,
    ...terms
  } of partners) {
    const input = {
      code,
      name: code,
      roles: [role],
      outlets: merchantIds.length === 0 ? [] : [{ code: 'main', name: 'Main', channel: 'IN_STORE', merchantIds }],
      contract: {
        programmeCode,
        effectiveFrom: '2020-01-01',
        fundingShares: [{ party: 'SELF', share: '100%' }],
        commissionRate: '10%',
        taxCode: 'VAT-20',
        taxRate: '20%',
        taxTreatment: 'MARKETING',
        model,
        ...terms,
        ...(settlement !== undefined && { settlement }),
        ...(minimumPayout !== undefined && { minimumPayout: { amount: minimumPayout, currencyCode: 'EUR' } }),
      },
    };
    const onboarded = await gateway.ask(
      gateway.admin,
      'mutation ($input: PartnerOnboardInput!) { partnerOnboard(input: $input) { partner { code } userErrors { code message } } }',
      { input },
    );
    expect(onboarded.partnerOnboard).toEqual({ partner: { code }, userErrors: [] });
  }
}

/** Enrols a member and links a card of the bank when a token is given. */
export async function takeIn(
  gateway: Gateway,
  programmeCode: string,
  code: string,
  card?: { token: string; issuerCode: string },
): Promise<void> {
  const enrolled = await gateway.ask(
    gateway.admin,
    'mutation ($input: MemberEnrolInput!) { memberEnrol(input: $input) { member { code } userErrors { code message } } }',
    { input: { programmeCode, code } },
  );
  expect(enrolled.memberEnrol).toEqual({ member: { code }, userErrors: [] });
  if (card === undefined) return;
  const linked = await gateway.ask(
    gateway.admin,
    'mutation ($input: CardLinkInput!) { cardLink(input: $input) { card { lastFour } userErrors { code message } } }',
    {
      input: {
        programmeCode,
        member: { memberCode: code },
        token: card.token,
        lastFour: '4321',
        issuerCode: card.issuerCode,
      },
    },
  );
  expect(linked.cardLink).toEqual({ card: { lastFour: '4321' }, userErrors: [] });
}
