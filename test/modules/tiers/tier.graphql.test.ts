/** A member's tier through the API: what it is, how long, what comes next, and who may see it. */
import { databaseTime } from '../../../src/infrastructure/db/clock.js';
import { CardService } from '../../../src/modules/cards/index.js';
import { MemberResolver, MemberService } from '../../../src/modules/members/index.js';
import { PartnerService } from '../../../src/modules/partners/index.js';
import type { PublishedTo } from '../../../src/modules/programmes/index.js';
import { MemberTierResolver, storeStandings, TierResolver } from '../../../src/modules/tiers/index.js';
import { type Edge, type GraphQLAnswer, openEdge } from '../../api/edge.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { countReads, onboard } from '../../support/module-fixture.js';
import { admin } from '../../support/principals.js';
import { change, enrol, programmesOf, publish, setToday, spend } from './tier-fixture.js';

let db: TestDatabase;
let edge: Edge;
const tokens = new Map<string, string>();

/** anna: gold of last quarter, 680 of this one. bert: an immediate tier. carl: nothing yet. dora: held for ever. */
beforeAll(async () => {
  db = await openTestDatabase();
  const held = await publish(db, 'held', 'calendar: quarter\n  downgrade: { to: EARNED }');
  const immediate = await publish(db, 'immediate', 'metric: PURCHASES\n  rollingDays: 30');
  const never = await publish(db, 'never', 'metric: REWARDS_ACCRUED\n  rollingDays: 30\n  downgrade: { to: NEVER }');
  const [anna = 0] = await enrol(db, held.no, ['anna', 'carl']);
  const [bert = 0] = await enrol(db, immediate.no, ['bert']);
  const [dora = 0] = await enrol(db, never.no, ['dora']);
  await onboard(new PartnerService(db.writer), { bank: ['BANK'], 'other-bank': ['BANK'], shop: ['MERCHANT'] });
  await new CardService(db.database).link(admin(), {
    programmeCode: 'held',
    member: { memberCode: 'anna' },
    token: 'token-anna',
    lastFour: '0042',
    issuerCode: 'bank',
  });
  const first = (to: string, on: string, metric: bigint) => ({ on, to, metric, because: 'FIRST' as const });
  await db.database.command(async (tx) => {
    storeStandings(tx, held.no, [
      {
        memberNo: anna,
        moves: [
          { standing: { tier: 'silver', since: '2025-10-10' }, change: first('silver', '2025-10-10', 40_000n) },
          {
            standing: { tier: 'gold', since: '2025-11-01', reviewOn: '2026-04-01' },
            change: { on: '2025-11-01', from: 'silver', to: 'gold', metric: 100_000n, because: 'UP' },
          },
        ],
      },
    ]);
    storeStandings(tx, immediate.no, [
      {
        memberNo: bert,
        moves: [{ standing: { tier: 'silver', since: '2026-03-05' }, change: first('silver', '2026-03-05', 300n) }],
      },
    ]);
    storeStandings(tx, never.no, [
      {
        memberNo: dora,
        moves: [{ standing: { tier: 'gold', since: '2024-03-05' }, change: first('gold', '2024-03-05', 100_000n) }],
      },
    ]);
  });
  await change(
    db,
    spend(anna, '2026-02-01', 680),
    { ...spend(bert, '2026-03-01', 0), purchases: 200 },
    { ...spend(bert, '2026-03-05', 0), purchases: 100 },
    { ...spend(dora, '2026-03-01', 0), accruedUnits: 1_234n },
  );
  await setToday(db, '2026-03-10');
  const published: PublishedTo = async ({ em }) => ({
    programmes: await programmesOf(db),
    now: await databaseTime(em),
  });
  const tiers = new TierResolver(published);
  const made = new Map<unknown, object>([
    [MemberResolver, new MemberResolver(new MemberService(db.database), published)],
    [TierResolver, tiers],
    [MemberTierResolver, new MemberTierResolver(tiers)],
  ]);
  edge = await openEdge({
    db,
    resolvers: [MemberResolver, TierResolver, MemberTierResolver],
    container: { get: (resolver: new () => object) => made.get(resolver) ?? new resolver() },
  });
  tokens.set('admin', await edge.token({ principal: 'ADMIN' }));
  for (const partner of ['bank', 'other-bank', 'shop'])
    tokens.set(partner, await edge.token({ principal: 'PARTNER', partner }));
  for (const member of ['anna', 'bert']) tokens.set(member, await edge.token({ principal: 'MEMBER', member }));
});
afterAll(async () => {
  await edge.stop();
  await db.close();
});

const TIER = `code name since heldUntil metric metricAmount forecast
  next { code name missing from by text } keep { code missing from by text }
  benefits { code name assuredUntil }
  history { nodes { changedOn fromCode toCode metric because } }`;

const tierOf = async (who: string, code: string, programmeCode: string): Promise<GraphQLAnswer> =>
  edge.ask(
    `query ($code: String!, $programmeCode: String!) { member(code: $code, programmeCode: $programmeCode) { tier { ${TIER} } } }`,
    {
      token: tokens.get(who) as string,
      variables: { code, programmeCode },
    },
  );

test('a held tier: 320 more keeps it, nothing is above it, its benefits are sure to the end of the quarter', async () => {
  const answer = await tierOf('admin', 'anna', 'held');
  expect(answer.errors).toBeUndefined();
  expect(answer.data.member.tier).toEqual({
    code: 'gold',
    name: 'Gold',
    since: '2025-11-01',
    heldUntil: '2026-03-31',
    metric: 'KEPT_SPEND',
    metricAmount: '680.00',
    forecast: 'Gold is yours until 31 March 2026. 320.00 GBP more by 31 March 2026 keeps Gold.',
    next: null,
    keep: {
      code: 'gold',
      missing: '320.00',
      from: '2026-03-10',
      by: '2026-03-31',
      text: '320.00 GBP more by 31 March 2026 keeps Gold.',
    },
    benefits: [
      { code: 'free-delivery', name: 'Free delivery', assuredUntil: '2026-03-31' },
      { code: 'lounge', name: 'Lounge', assuredUntil: '2026-03-31' },
    ],
    history: {
      nodes: [
        { changedOn: '2025-11-01', fromCode: 'silver', toCode: 'gold', metric: '1000.00', because: 'UP' },
        { changedOn: '2025-10-10', fromCode: null, toCode: 'silver', metric: '400.00', because: 'FIRST' },
      ],
    },
  });
});

test('an immediate tier by purchases: sure while its window earns it', async () => {
  expect((await tierOf('bert', 'bert', 'immediate')).data.member.tier).toEqual({
    code: 'silver',
    name: 'Silver',
    since: '2026-03-05',
    heldUntil: '2026-03-30',
    metric: 'PURCHASES',
    metricAmount: '300',
    forecast:
      'Silver is yours until 30 March 2026. 200 more purchases by 30 March 2026 keep Silver. ' +
      '700 more purchases by 30 March 2026 reach Gold.',
    next: {
      code: 'gold',
      name: 'Gold',
      missing: '700',
      from: '2026-03-10',
      by: '2026-03-30',
      text: '700 more purchases by 30 March 2026 reach Gold.',
    },
    keep: {
      code: 'silver',
      missing: '200',
      from: '2026-03-10',
      by: '2026-03-30',
      text: '200 more purchases by 30 March 2026 keep Silver.',
    },
    benefits: [{ code: 'free-delivery', name: 'Free delivery', assuredUntil: '2026-03-30' }],
    history: {
      nodes: [{ changedOn: '2026-03-05', fromCode: null, toCode: 'silver', metric: '300', because: 'FIRST' }],
    },
  });
});

test('a tier for ever, by rewards', async () => {
  expect((await tierOf('admin', 'dora', 'never')).data.member.tier).toMatchObject({
    code: 'gold',
    heldUntil: null,
    metric: 'REWARDS_ACCRUED',
    metricAmount: '12.34',
    forecast: '',
    next: null,
    keep: null,
    benefits: [
      { code: 'free-delivery', assuredUntil: null },
      { code: 'lounge', assuredUntil: null },
    ],
  });
});

test('a member that has bought nothing has the lowest tier since no day', async () => {
  expect((await tierOf('admin', 'carl', 'held')).data.member.tier).toEqual({
    code: 'basic',
    name: 'Basic',
    since: null,
    heldUntil: null,
    metric: 'KEPT_SPEND',
    metricAmount: '0.00',
    forecast: '300.00 GBP more by 31 March 2026 reaches Silver.',
    next: {
      code: 'silver',
      name: 'Silver',
      missing: '300.00',
      from: '2026-03-10',
      by: '2026-03-31',
      text: '300.00 GBP more by 31 March 2026 reaches Silver.',
    },
    keep: null,
    benefits: [],
    history: { nodes: [] },
  });
});

test('on the day of its review the tier is what the review will find, whether the job has run or not', async () => {
  await setToday(db, '2026-04-01');
  try {
    expect((await tierOf('anna', 'anna', 'held')).data.member.tier).toMatchObject({
      code: 'silver',
      since: '2026-04-01',
      metricAmount: '0.00',
    });
  } finally {
    await setToday(db, '2026-03-10');
  }
});

test.each([
  ['admin', 'gold'],
  ['bank', 'gold'],
  ['anna', 'gold'],
  ['bert', undefined],
  ['other-bank', undefined],
  ['shop', undefined],
])('%s sees of the tier of anna: %s', async (who, code) => {
  const answer = await tierOf(who, 'anna', 'held');
  expect(answer.errors).toBeUndefined();
  expect(answer.data.member?.tier.code).toBe(code);
});

test('history is paged, the latest first', async () => {
  const page = (args: string): Promise<GraphQLAnswer> =>
    edge.ask(
      `{ member(code: "anna", programmeCode: "held") { tier { history(${args}) { nodes { toCode } pageInfo { endCursor hasNextPage } } } } }`,
      { token: tokens.get('bank') as string },
    );
  const { nodes, pageInfo } = (await page('first: 1')).data.member.tier.history;
  expect([nodes, pageInfo.hasNextPage]).toEqual([[{ toCode: 'gold' }], true]);
  const rest = (await page(`first: 1, after: "${pageInfo.endCursor}"`)).data.member.tier.history;
  expect([rest.nodes, rest.pageInfo.hasNextPage]).toEqual([[{ toCode: 'silver' }], false]);
});

test('the tiers of many members cost as many reads as the tier of one', async () => {
  const list = (first: number): Promise<number> =>
    countReads(db, async () => {
      const answer = await edge.ask(
        `{ members(first: ${first}, programmeCode: "held") { nodes { tier { ${TIER} } } } }`,
        {
          token: tokens.get('admin') as string,
        },
      );
      expect(answer.errors).toBeUndefined();
      expect(answer.data.members.nodes).toHaveLength(first);
    });
  expect(await list(2)).toBe(await list(1));
});
