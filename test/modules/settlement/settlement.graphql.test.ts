/** Windows, settlements and statements through the API, as each kind of caller sees them. */
import { createHash } from 'node:crypto';
import { SettlementResolver, SettlementService } from '../../../src/modules/settlement/index.js';
import { resolvers } from '../../../src/resolvers.js';
import { type Edge, type GraphQLAnswer, openEdge } from '../../api/edge.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { confirm, earn, type LedgerFixture, openLedgerFixture } from '../../support/ledger-fixture.js';
import { countReads } from '../../support/module-fixture.js';

let db: TestDatabase;
let edge: Edge;
let demo: LedgerFixture;
const tokens = new Map<string, string>();

beforeAll(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
  const settlement = new SettlementResolver(new SettlementService(db.database));
  edge = await openEdge({
    db,
    resolvers,
    container: {
      get: (resolver: new () => object) => (resolver === (SettlementResolver as unknown) ? settlement : new resolver()),
    },
  });
  tokens.set('admin', await edge.token({ principal: 'ADMIN' }));
  for (const partner of ['demo-m1', 'demo-m2'])
    tokens.set(partner, await edge.token({ principal: 'PARTNER', partner }));
  tokens.set('member', await edge.token({ principal: 'MEMBER', member: 'member-000000' }));
  await charge();
});
afterAll(async () => {
  await edge.stop();
  await db.close();
});

const charge = async (): Promise<void> => {
  const parts = [
    { funderNo: demo.m1, units: 5_000n },
    { funderNo: demo.m2, units: 1_000n },
  ];
  await confirm(db, demo, await earn(db, demo, demo.members[0] as number, parts));
};
const askAs = (who: string, query: string, variables: object = {}): Promise<GraphQLAnswer> =>
  edge.ask(query, { token: tokens.get(who) as string, variables });

const CLOSE = `mutation ($input: SettlementWindowCloseInput!) {
  settlementWindowClose(input: $input) {
    window { id number state entryCount postingCount digest closedAt programme { code } settlement { id } }
    userErrors { code message field }
  }
}`;
const ISSUE = `mutation ($input: SettlementIssueInput!) {
  settlementIssue(input: $input) {
    settlement { id number state programme { code } programmeNet { amount currencyCode } gross { amount } netPayments { amount }
      windows { number settlement { id } }
      lines { partner { code } opening { amount } net { amount } closing { amount } state
        items { event account entryCount units reward { amount } commission { amount } tax { amount } amount { amount } } } }
    userErrors { code message field }
  }
}`;
const input = (idempotencyKey: string, programmeCode = 'demo') => ({ input: { programmeCode, idempotencyKey } });

test('refusals are user errors that say what to do', async () => {
  const { data } = await askAs('admin', CLOSE, input('k', 'nowhere'));
  expect(data.settlementWindowClose).toEqual({
    window: null,
    userErrors: [
      {
        code: 'UNKNOWN_PROGRAMME',
        message: 'There is no programme "nowhere"; apply it first.',
        field: 'programmeCode',
      },
    ],
  });
  expect((await askAs('admin', ISSUE, input('k'))).data.settlementIssue.userErrors).toMatchObject([
    { code: 'NOTHING_TO_SETTLE' },
  ]);
});

test.each(['demo-m1', 'member'])('%s may neither close nor settle', async (who) => {
  for (const [mutation, name] of [
    [CLOSE, 'settlementWindowClose'],
    [ISSUE, 'settlementIssue'],
  ] as const) {
    const { data, errors } = await askAs(who, mutation, input('k'));
    expect(data).toEqual({ [name]: null });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  }
});

describe('a window closed and settled', () => {
  let settlementId: string;
  beforeAll(async () => {
    const before = await askAs(
      'admin',
      '{ positions(programmeCode: "demo") { partner { code } open { amount } closed { amount } unpaid { amount } } }',
    );
    expect(before.data.positions).toEqual([
      {
        partner: { code: 'demo-m1' },
        open: { amount: '56.00' },
        closed: { amount: '0.00' },
        unpaid: { amount: '0.00' },
      },
      {
        partner: { code: 'demo-m2' },
        open: { amount: '11.20' },
        closed: { amount: '0.00' },
        unpaid: { amount: '0.00' },
      },
    ]);
    const closed = await askAs('admin', CLOSE, input('close-1'));
    expect(closed.data.settlementWindowClose).toEqual({
      window: {
        id: expect.any(String),
        number: expect.any(Number),
        state: 'CLOSED',
        entryCount: 2,
        postingCount: 22,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        closedAt: expect.any(String),
        programme: { code: 'demo' },
        settlement: null,
      },
      userErrors: [],
    });
    expect((await askAs('admin', CLOSE, input('close-1'))).data).toEqual(closed.data);
    const issued = await askAs('admin', ISSUE, input('settle-1'));
    expect(issued.data.settlementIssue.userErrors).toEqual([]);
    settlementId = issued.data.settlementIssue.settlement.id;
    expect(issued.data.settlementIssue.settlement).toMatchObject({
      state: 'ISSUED',
      programme: { code: 'demo' },
      programmeNet: { amount: '-67.20', currencyCode: 'GBP' },
      gross: { amount: '67.20' },
      netPayments: { amount: '67.20' },
      windows: [{ number: closed.data.settlementWindowClose.window.number, settlement: { id: settlementId } }],
    });
    expect((await askAs('admin', ISSUE, input('settle-1'))).data).toEqual(issued.data);
  });

  const LINES = `query ($id: ID!) { settlement(id: $id) { lines { partner { code } net { amount } closing { amount } state
    items { event account entryCount units reward { amount } commission { amount } tax { amount } amount { amount } } } } }`;

  test('an administrator sees every line, the last one of the programme', async () => {
    const { data } = await askAs('admin', LINES, { id: settlementId });
    expect(
      data.settlement.lines.map((line: { partner: { code: string } | null; net: { amount: string } }) => [
        line.partner?.code,
        line.net.amount,
      ]),
    ).toEqual([
      ['demo-m1', '56.00'],
      ['demo-m2', '11.20'],
      [undefined, '-67.20'],
    ]);
  });

  test('a partner sees its own line, with the items that add up to it', async () => {
    const { data } = await askAs('demo-m2', LINES, { id: settlementId });
    const money = (amount: string) => ({ amount });
    expect(data.settlement.lines).toEqual([
      {
        partner: { code: 'demo-m2' },
        net: money('11.20'),
        closing: money('11.20'),
        state: 'PENDING',
        items: [
          {
            event: 'ACCRUED',
            account: 1105,
            entryCount: 1,
            units: '1000',
            reward: money('10.00'),
            commission: money('0.00'),
            tax: money('0.00'),
            amount: money('0.00'),
          },
          {
            event: 'CONFIRMED',
            account: 1100,
            entryCount: 1,
            units: '1000',
            reward: money('10.00'),
            commission: money('1.00'),
            tax: money('0.20'),
            amount: money('11.20'),
          },
        ],
      },
    ]);
  });

  const STATEMENT = `query ($id: ID!, $code: String) { settlementStatement(settlementId: $id, partnerCode: $code) {
    csv sha256 line { net { amount } partner { code } } } }`;

  test.each([
    ['admin', 'demo-m1', '56.00'],
    ['demo-m1', 'demo-m1', '56.00'],
    ['admin', null, '-67.20'],
  ])('%s reads the statement of %s', async (who, code, net) => {
    const { settlementStatement } = (await askAs(who, STATEMENT, { id: settlementId, code })).data;
    expect(settlementStatement.line).toEqual({ net: { amount: net }, partner: code === null ? null : { code } });
    expect(settlementStatement.csv).toContain(`,NET,NET,,,,,,,${net}\r\n`);
    expect(createHash('sha256').update(settlementStatement.csv).digest('hex')).toBe(settlementStatement.sha256);
  });

  test.each([
    ['demo-m2', 'demo-m1'],
    ['demo-m2', null],
    ['admin', 'demo-bank'],
  ])('%s gets no statement of %s', async (who, code) => {
    expect((await askAs(who, STATEMENT, { id: settlementId, code })).data).toEqual({ settlementStatement: null });
  });

  test('an id that is none finds nothing', async () => {
    expect((await askAs('admin', STATEMENT, { id: 'nonsense', code: null })).data).toEqual({
      settlementStatement: null,
    });
    expect((await askAs('admin', LINES, { id: 'nonsense' })).data).toEqual({ settlement: null });
  });

  test('members see none of it', async () => {
    for (const query of [
      '{ settlements { nodes { id } } }',
      '{ settlementWindows { nodes { id } } }',
      '{ positions(programmeCode: "demo") { open { amount } } }',
    ]) {
      expect((await askAs('member', query)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });

  test('what is settled stands as unpaid, a partner sees its own alone', async () => {
    await charge();
    const { data } = await askAs(
      'demo-m1',
      '{ positions(programmeCode: "demo") { partner { code } open { amount } closed { amount } unpaid { amount } } }',
    );
    expect(data.positions).toEqual([
      {
        partner: { code: 'demo-m1' },
        open: { amount: '56.00' },
        closed: { amount: '0.00' },
        unpaid: { amount: '56.00' },
      },
    ]);
  });

  test('lists come newest first and are narrowed by programme', async () => {
    const { data } = await askAs(
      'admin',
      `{ all: settlementWindows { nodes { state settlement { id } } } none: settlementWindows(programmeCode: "other") { nodes { id } }
         settlements(programmeCode: "demo", first: 1) { nodes { id } pageInfo { hasNextPage } } }`,
    );
    expect(data).toEqual({
      all: {
        nodes: [
          { state: 'OPEN', settlement: null },
          { state: 'CLOSED', settlement: { id: settlementId } },
        ],
      },
      none: { nodes: [] },
      settlements: { nodes: [{ id: settlementId }], pageInfo: { hasNextPage: false } },
    });
  });

  test('node finds settlements and windows', async () => {
    const { data } = await askAs('admin', '{ settlementWindows(last: 1) { nodes { id } } }');
    const windowId = data.settlementWindows.nodes[0].id;
    const nodes = await askAs(
      'admin',
      `{ a: node(id: "${settlementId}") { __typename id } b: node(id: "${windowId}") { __typename id } }`,
    );
    expect(nodes.data).toEqual({
      a: { __typename: 'Settlement', id: settlementId },
      b: { __typename: 'SettlementWindow', id: windowId },
    });
  });

  test('the reads do not grow with the lines', async () => {
    const query = `{ settlements { nodes { programme { code } windows { number } lines { partner { code } items { event } statement { sha256 } } } } }`;
    expect(await countReads(db, () => askAs('admin', query))).toBeLessThanOrEqual(10);
  });
});
