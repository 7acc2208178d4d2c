/** A back-test over the API, from the question to the answer. */
import { nodeResolverOf } from '../../../src/graphql/node.js';
import { BacktestResolver, type BacktestService, backtestNodes } from '../../../src/modules/backtests/index.js';
import { type Edge, openEdge } from '../../api/edge.js';
import { type Coalition, makeCoalition, purchase } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { bankRate, programmeYaml, service, shopRate } from './replay-fixture.js';

const PLAIN = programmeYaml({ rules: `${bankRate('1%')}\n${shopRate('4%')}` });
const DEARER = programmeYaml({ rules: `${bankRate('3%')}\n${shopRate('4%')}` });

let db: TestDatabase;
let coalition: Coalition;
let edge: Edge;
let backtests: BacktestService;
let token: string;
beforeAll(async () => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db, PLAIN);
  await coalition.submit(purchase({ businessDate: '2026-03-01' }), purchase({ businessDate: '2026-03-31' }));
  backtests = service(coalition);
  const resolver = new BacktestResolver(backtests);
  edge = await openEdge({
    db,
    resolvers: [nodeResolverOf([backtestNodes]), BacktestResolver],
    container: {
      get: (wanted: new () => object) => (wanted === (BacktestResolver as never) ? resolver : new wanted()),
    },
  });
  token = await edge.token({ principal: 'ADMIN' });
});
afterAll(async () => {
  await edge?.stop();
  await db?.close();
});

const START = `mutation ($input: ProgrammeBacktestInput!) { programmeBacktest(input: $input) {
  backtest { id state from until done total requestedBy result { purchases } programme { code } }
  userErrors { code message field line path } } }`;
const CANCEL = `mutation ($input: ProgrammeBacktestCancelInput!) { programmeBacktestCancel(input: $input) {
  backtest { id state finishedAt } userErrors { code message } } }`;
const COST = '{ units value { amount currencyCode } commission { amount } tax { amount } }';
const READ = `query ($id: ID!) { backtest(id: $id) { state done total failure sourceDigest startedAt finishedAt result {
  purchases members spend { amount currencyCode } replayedFrom budgetsApproximate withheldByCandidate withheldByBaseline
  total { candidate ${COST} baseline { units } recorded { units } change { units value { amount } } drift { units } }
  byFunder { key candidate { units } change { units } } byCategory { key candidate { units } }
  byRule { key change { units } } byMonth { key change { units } }
  winners { members units } losers { members units } unchanged
  deciles { no members from to units } gainsMost { memberId candidate baseline change } losesMost { memberId } } } }`;

let keys = 0;
const start = async (input: object) => {
  keys += 1;
  const variables = {
    input: { programmeCode: 'coalition-test', source: DEARER, idempotencyKey: `key-${keys}`, ...input },
  };
  return (await edge.ask(START, { token, variables })).data.programmeBacktest;
};

test('asked for, replayed, and read with its result', async () => {
  const { backtest, userErrors } = await start({ months: 1 });
  expect(userErrors).toEqual([]);
  expect(backtest).toMatchObject({
    state: 'QUEUED',
    from: '2026-03-01',
    until: '2026-03-31',
    done: 0,
    total: null,
    result: null,
    programme: { code: 'coalition-test' },
  });
  await backtests.replayWaiting(new AbortController().signal);
  const { data } = await edge.ask(READ, { token, variables: { id: backtest.id } });
  const { rows } = await db.superuser.query<{ id: string }>(`select id from member where code = 'a'`);
  expect(data.backtest).toMatchObject({
    state: 'DONE',
    done: 2,
    total: 2,
    failure: null,
    sourceDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    result: {
      purchases: 2,
      members: 1,
      spend: { amount: '200.00', currencyCode: 'GBP' },
      replayedFrom: '2026-03-01',
      budgetsApproximate: false,
      withheldByCandidate: '0',
      withheldByBaseline: '0',
      total: {
        candidate: {
          units: '1400',
          value: { amount: '14.00', currencyCode: 'GBP' },
          commission: { amount: '1.40' },
          tax: { amount: '0.28' },
        },
        baseline: { units: '1000' },
        recorded: { units: '1000' },
        change: { units: '400', value: { amount: '4.00' } },
        drift: { units: '0' },
      },
      byFunder: [
        { key: 'bank', candidate: { units: '600' }, change: { units: '400' } },
        { key: 'shop', candidate: { units: '800' }, change: { units: '0' } },
      ],
      byCategory: [{ key: 'UNCATEGORISED', candidate: { units: '1400' } }],
      byRule: [
        { key: 'bank-cashback', change: { units: '400' } },
        { key: 'shop-rate', change: { units: '0' } },
      ],
      byMonth: [{ key: '2026-03-01', change: { units: '400' } }],
      winners: { members: 1, units: '400' },
      losers: { members: 0, units: '0' },
      unchanged: 0,
      deciles: [{ no: 1, members: 1, from: '400', to: '400', units: '400' }],
      gainsMost: [{ memberId: rows[0]?.id, candidate: '1400', baseline: '1000', change: '400' }],
      losesMost: [],
    },
  });
  const node = await edge.ask(`{ node(id: "${backtest.id}") { ... on Backtest { state } } }`, { token });
  expect(node.data).toEqual({ node: { state: 'DONE' } });
});

test('a candidate that check would refuse is refused in the same words, with line and path', async () => {
  const { backtest, userErrors } = await start({ months: 1, source: PLAIN.replace('rate: 4%', 'rate: much') });
  expect(backtest).toBeNull();
  expect(userErrors).toEqual([
    {
      code: 'INVALID_PROGRAMME',
      field: 'source',
      path: 'rules[1].rate',
      line: expect.any(Number),
      message: expect.any(String),
    },
  ]);
});

test('days that contradict each other are refused', async () => {
  const { userErrors } = await start({ months: 1, from: '2026-03-01' });
  expect(userErrors).toMatchObject([{ code: 'DAYS_MALFORMED', line: null, path: null }]);
});

test('stopped, and only once', async () => {
  const { backtest } = await start({ from: '2026-01-01' });
  const cancel = async (backtestId: string) =>
    (await edge.ask(CANCEL, { token, variables: { input: { backtestId } } })).data.programmeBacktestCancel;
  expect(await cancel(backtest.id)).toEqual({
    backtest: { id: backtest.id, state: 'CANCELLED', finishedAt: expect.any(String) },
    userErrors: [],
  });
  expect(await cancel('nonsense')).toMatchObject({ backtest: null, userErrors: [{ code: 'UNKNOWN_BACKTEST' }] });
});

test('what is not there is null', async () => {
  for (const id of ['nonsense', '00000000-0000-7000-8000-000000000000'])
    expect((await edge.ask(READ, { token, variables: { id } })).data).toEqual({ backtest: null });
});
