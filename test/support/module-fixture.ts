/** A programme and partners that nothing is wrong with: what tests of partners, members and cards start from. */
import { v7 } from 'uuid';
import { ONE, parseRate, type Rate } from '../../src/domain/money/rate.js';
import type { PartnerRole } from '../../src/domain/partners/partner.js';
import { nodeResolverOf } from '../../src/graphql/node.js';
import { ReaderClient } from '../../src/infrastructure/db/reader-client.js';
import { read } from '../../src/infrastructure/db/reads.js';
import { CardResolver, CardService, cardNodes, MemberCardsResolver } from '../../src/modules/cards/index.js';
import { MemberResolver, MemberService, memberNodes } from '../../src/modules/members/index.js';
import {
  type AgreeContract,
  type OnboardPartner,
  OutletResolver,
  PartnerResolver,
  PartnerService,
  partnerNodes,
} from '../../src/modules/partners/index.js';
import { loadProgrammes, type PublishedTo } from '../../src/modules/programmes/index.js';
import { type Edge, openEdge } from '../api/edge.js';
import type { TestDatabase } from './database.js';
import { admin } from './principals.js';

/** A programme in GBP whose unit PTS has two decimals. Only the row: tests that need terms publish them. */
export async function addProgramme(db: TestDatabase, code: string): Promise<number> {
  const { rows } = await db.superuser.query<{ no: number }>(
    `insert into programme (id, code, name, currency_code, unit_code, unit_scale, time_zone, created_at)
     values ($1, $2, $2, 'GBP', 'PTS', 2, 'Europe/London', now()) returning no`,
    [v7(), code],
  );
  return (rows[0] as { no: number }).no;
}

export function rateOf(text: string): Rate {
  const value = parseRate(text);
  if (value === undefined) throw new Error(`"${text}" is not a rate`);
  return value;
}

/** Terms that nothing is wrong with, changed by `but`. */
export const termsFor = (programmeCode: string, but: Partial<AgreeContract> = {}): AgreeContract => ({
  programmeCode,
  effectiveFrom: '2026-01-01',
  fundingShares: [{ party: 'SELF', share: ONE }],
  commissionRate: rateOf('10%'),
  taxCode: 'VAT-20',
  taxRate: rateOf('20%'),
  taxTreatment: 'MARKETING',
  model: 'SETTLE_AT_ISSUANCE',
  refundReturnsCommission: true,
  ...but,
});

/** A partner that nothing is wrong with, changed by `but`. */
export const partnerOf = (code: string, but: Partial<OnboardPartner> = {}): OnboardPartner => ({
  code,
  name: `Partner ${code}`,
  roles: ['MERCHANT'],
  outlets: [],
  ...but,
});

/** Onboards partners of these roles by their codes. */
export async function onboard(
  service: PartnerService,
  partners: Readonly<Record<string, readonly PartnerRole[]>>,
): Promise<void> {
  for (const [code, roles] of Object.entries(partners)) {
    const result = await service.onboard(admin(), partnerOf(code, { roles }));
    if (!result.ok) throw new Error(result.failure.message);
  }
}

/** An edge with the modules that everything else stands on, and no others. */
export async function openModuleEdge(db: TestDatabase): Promise<Edge> {
  // Beside the request's other reads, as the product asks.
  const published: PublishedTo = async ({ em }) => {
    const [[row], programmes] = await Promise.all([
      read<{ now: string }>(em, 'select hansa_now() as now'),
      db.database.command(loadProgrammes),
    ]);
    return { programmes, now: new Date(row?.now ?? Number.NaN) };
  };
  const made = new Map<unknown, object>([
    [PartnerResolver, new PartnerResolver(new PartnerService(db.writer))],
    [MemberResolver, new MemberResolver(new MemberService(db.database), published)],
    [CardResolver, new CardResolver(new CardService(db.database))],
  ]);
  const nodes = nodeResolverOf([partnerNodes, memberNodes, cardNodes]);
  return openEdge({
    db,
    resolvers: [nodes, PartnerResolver, OutletResolver, MemberResolver, CardResolver, MemberCardsResolver],
    container: { get: (resolver: new () => object) => made.get(resolver) ?? new resolver() },
  });
}

/** How many statements the reads of `work` send to the database, transaction control not counted. */
export async function countReads(db: TestDatabase, work: () => Promise<unknown>): Promise<number> {
  const connection = db.reader.em.getConnection();
  const { execute } = connection;
  const { answer } = ReaderClient.prototype;
  let count = 0;
  connection.execute = (async (query: unknown, ...rest: unknown[]) => {
    const text = typeof query === 'string' ? query : (query as { sql?: string }).sql;
    if (/^\s*(select|with)\b/i.test(text ?? '') && !/set_config/.test(text ?? '')) count += 1;
    return Reflect.apply(execute, connection, [query, ...rest]);
  }) as typeof execute;
  ReaderClient.prototype.answer = function (this: ReaderClient, ...asked) {
    count += 1;
    return Reflect.apply(answer, this, asked);
  };
  try {
    await work();
  } finally {
    connection.execute = execute;
    ReaderClient.prototype.answer = answer;
  }
  return count;
}
