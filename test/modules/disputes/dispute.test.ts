/** Disputes over HTTP: opened by the partner in time, resolved by somebody else, every refusal by its name. */
import { ClockService } from '../../../src/modules/clock/index.js';
import { lockLines, moveLines } from '../../../src/modules/settlement/index.js';
import { type Gateway, openGateway } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { confirm, earn, type LedgerFixture, openLedgerFixture } from '../../support/ledger-fixture.js';
import { admin } from '../../support/principals.js';

let gateway: Gateway;
let demo: LedgerFixture;
const tokens = new Map<string, string>();
let keys = 0;

beforeAll(async () => {
  gateway = await openGateway();
  demo = await openLedgerFixture(gateway.db);
  tokens.set('admin', gateway.admin);
  tokens.set('operator', await gateway.edge.token({ principal: 'OPERATOR' }));
  for (const partner of ['demo-m1', 'demo-m2']) {
    tokens.set(partner, await gateway.edge.token({ principal: 'PARTNER', partner }));
  }
});
afterEach(() => expectSoundLedger(gateway.db));
afterAll(() => gateway.close());

const ask = (who: string, query: string, variables: object = {}) =>
  gateway.edge.ask(query, { token: tokens.get(who) as string, variables });

/** Settles 56.00 that M1 owes, and returns the id of its line. */
async function owed(): Promise<string> {
  const earned = await earn(gateway.db, demo, demo.members[0] as number, [{ funderNo: demo.m1, units: 5_000n }]);
  await confirm(gateway.db, demo, earned);
  for (const what of ['settlementWindowClose', 'settlementIssue']) {
    keys += 1;
    await gateway.ask(
      gateway.admin,
      `mutation { ${what}(input: { programmeCode: "demo", idempotencyKey: "${what}-${keys}" }) { userErrors { message } } }`,
    );
  }
  const { rows } = await gateway.db.superuser.query(
    'select id from settlement_line where party_no = $1 order by id desc limit 1',
    [demo.m1],
  );
  return rows[0].id;
}

async function open(lineId: string, amount: string, but: object = {}, who = 'demo-m1') {
  keys += 1;
  const input = {
    lineId,
    amount: { amount, currencyCode: 'GBP' },
    reason: 'These purchases were not ours.',
    evidence: [{ description: 'Till roll', sha256: 'a'.repeat(64) }],
    idempotencyKey: `open-${keys}`,
    ...but,
  };
  const { data, errors } = await ask(
    who,
    `mutation ($input: DisputeOpenInput!) { disputeOpen(input: $input) {
       dispute { id state amount { amount } ageDays partner { code } line { state due { amount } disputes { id } } evidence { description url sha256 } }
       userErrors { code field } } }`,
    { input },
  );
  return { ...data.disputeOpen, errors };
}

async function resolve(disputeId: string, verdict: string, but: object = {}, who = 'operator') {
  keys += 1;
  const { data, errors } = await ask(
    who,
    `mutation ($input: DisputeResolveInput!) { disputeResolve(input: $input) {
       dispute { state resolution line { state due { amount } settlement: disputes { state } } } userErrors { code field } } }`,
    { input: { disputeId, verdict, resolution: 'We looked at it.', idempotencyKey: `resolve-${keys}`, ...but } },
  );
  return { ...data.disputeResolve, errors };
}

const balances = async (): Promise<Record<string, number>> => {
  const { rows } = await gateway.db.superuser.query(
    `select b.account, sum(b.balance)::integer as balance from account_balance b join unit u on u.no = b.unit
     where u.programme_no = $1 and b.account in (1200, 1250, 5020) group by 1 having sum(b.balance) <> 0`,
    [demo.programmeNo],
  );
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
};

test('a dispute upheld in part: what is contested stands aside, then the programme bears it', async () => {
  const lineId = await owed();
  const { dispute, userErrors } = await open(lineId, '12.00');
  expect(userErrors).toEqual([]);
  expect(dispute).toEqual({
    id: expect.any(String),
    state: 'OPEN',
    amount: { amount: '12.00' },
    ageDays: 0,
    partner: { code: 'demo-m1' },
    line: { state: 'DISPUTED', due: { amount: '56.00' }, disputes: [{ id: dispute.id }] },
    evidence: [{ description: 'Till roll', url: null, sha256: 'a'.repeat(64) }],
  });
  expect(await balances()).toEqual({ 1200: 4_400, 1250: 1_200 });
  const second = await open(lineId, '6.00');
  expect((await open(lineId, '38.01')).userErrors).toEqual([{ code: 'AMOUNT_ABOVE_LINE', field: 'amount.amount' }]);

  expect((await resolve(dispute.id, 'UPHELD')).dispute).toMatchObject({
    state: 'UPHELD',
    line: { state: 'DISPUTED', due: { amount: '44.00' } },
  });
  expect((await resolve(second.dispute.id, 'REJECTED')).dispute).toMatchObject({
    state: 'REJECTED',
    resolution: 'We looked at it.',
    line: { state: 'PENDING', due: { amount: '44.00' } },
  });
  expect(await balances()).toEqual({ 1200: 4_400, 5020: 1_200 });
  expect((await resolve(dispute.id, 'REJECTED')).userErrors).toEqual([
    { code: 'DISPUTE_RESOLVED', field: 'disputeId' },
  ]);
});

test('what is paid may be disputed, and is paid back when the partner is right', async () => {
  const lineId = await owed();
  await gateway.db.database.command(async (tx) => {
    await lockLines(tx, [lineId]);
    await moveLines(tx, [{ lineId, to: 'CONFIRMED', dueMinor: 0n }]);
  });
  const { dispute } = await open(lineId, '56.00');
  expect((await resolve(dispute.id, 'UPHELD')).dispute.line).toMatchObject({
    state: 'PENDING',
    due: { amount: '-56.00' },
  });
});

test('of many that dispute all of a line at once, one does', async () => {
  const lineId = await owed();
  const answers = await Promise.all(Array.from({ length: 8 }, () => open(lineId, '56.00')));
  expect(answers.filter(({ dispute }) => dispute !== null)).toHaveLength(1);
  expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code }: { code: string }) => code))).toEqual(
    Array.from({ length: 7 }, () => 'AMOUNT_ABOVE_LINE'),
  );
});

test('one key opens once', async () => {
  const lineId = await owed();
  const one = await open(lineId, '1.00', { idempotencyKey: 'same' });
  expect((await open(lineId, '1.00', { idempotencyKey: 'same' })).dispute.id).toBe(one.dispute.id);
  expect((await open(lineId, '2.00', { idempotencyKey: 'same' })).userErrors).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_CONFLICT' },
  ]);
});

describe('refused, and nothing changed', () => {
  let lineId: string;
  let before: string;
  const everything = async (): Promise<string> =>
    JSON.stringify([
      await balances(),
      (await gateway.db.superuser.query('select state, due_minor from settlement_line order by id')).rows,
      (await gateway.db.superuser.query('select id, state from dispute order by id')).rows,
    ]);
  beforeAll(async () => {
    lineId = await owed();
  });
  beforeEach(async () => {
    before = await everything();
  });
  afterEach(async () => {
    expect(await everything()).toBe(before);
  });

  test.each([
    ['more than the line', '56.01', {}, 'AMOUNT_ABOVE_LINE', 'amount.amount'],
    ['nothing', '0.00', {}, 'AMOUNT_NOT_POSITIVE', 'amount.amount'],
    [
      'another currency',
      '1',
      { amount: { amount: '1', currencyCode: 'EUR' } },
      'CURRENCY_MISMATCH',
      'amount.currencyCode',
    ],
    ['no reason', '1.00', { reason: ' ' }, 'MALFORMED_REASON', 'reason'],
    [
      'evidence that is none',
      '1.00',
      { evidence: [{ description: 'x', url: 'javascript:1' }] },
      'MALFORMED_EVIDENCE',
      'evidence[0].url',
    ],
    ['a line that there is none of', '1.00', { lineId: 'nowhere' }, 'UNKNOWN_LINE', 'lineId'],
  ])('%s', async (_, amount, but, code, field) => {
    expect(await open(lineId, amount, but)).toMatchObject({ dispute: null, userErrors: [{ code, field }] });
  });

  test("another partner's line, and a verdict by the partner itself", async () => {
    expect((await open(lineId, '1.00', {}, 'demo-m2')).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await resolve('nowhere', 'UPHELD', {}, 'demo-m1')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    expect((await resolve('nowhere', 'UPHELD')).userErrors).toEqual([{ code: 'UNKNOWN_DISPUTE', field: 'disputeId' }]);
    expect((await resolve('nowhere', 'UPHELD', { resolution: '' })).userErrors).toEqual([
      { code: 'MALFORMED_RESOLUTION', field: 'resolution' },
    ]);
  });

  test('after the deadline', async () => {
    const clock = new ClockService(gateway.db.database);
    const { rows } = await gateway.db.superuser.query(
      `select (dispute_until + 1)::text as late from settlement_line where id = $1`,
      [lineId],
    );
    await clock.shift(admin(), new Date(`${rows[0].late}T12:00:00Z`));
    try {
      expect((await open(lineId, '1.00')).userErrors).toEqual([{ code: 'DEADLINE_PASSED', field: 'lineId' }]);
    } finally {
      await clock.shift(admin(), undefined);
    }
  });
});

test('a list of what waits, with its age; a partner sees its own', async () => {
  const lineId = await owed();
  const { dispute } = await open(lineId, '3.00', {}, 'operator');
  expect((await resolve(dispute.id, 'UPHELD')).userErrors).toEqual([{ code: 'SAME_PERSON', field: 'disputeId' }]);
  const LIST =
    '{ disputes(programmeCode: "demo", state: OPEN) { nodes { id ageDays } } none: disputes(programmeCode: "other") { nodes { id } } }';
  for (const [who, sees] of [
    ['admin', true],
    ['demo-m1', true],
    ['demo-m2', false],
  ] as const) {
    const { data } = await ask(who, LIST);
    expect(data.disputes.nodes.some(({ id }: { id: string }) => id === dispute.id)).toBe(sees);
    expect(data.none.nodes).toEqual([]);
  }
  expect((await resolve(dispute.id, 'REJECTED', {}, 'admin')).dispute.line.state).toBe('PENDING');
});
