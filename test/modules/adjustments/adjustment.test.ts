/** Changes by hand over HTTP: two people, named errors, and nothing posted before the second has agreed. */
import { Account } from '../../../src/domain/ledger/accounts.js';
import { EntryKind } from '../../../src/domain/ledger/entry.js';
import { type Gateway, openGateway } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import {
  BUSINESS_DATE,
  confirm,
  earn,
  type LedgerFixture,
  openLedgerFixture,
  record,
} from '../../support/ledger-fixture.js';

let gateway: Gateway;
let demo: LedgerFixture;
let operator: string;
let keys = 0;

beforeAll(async () => {
  gateway = await openGateway();
  demo = await openLedgerFixture(gateway.db);
  operator = await gateway.edge.token({ principal: 'OPERATOR' });
  // M1 owes 56.00, settled and not paid.
  const earned = await earn(gateway.db, demo, demo.members[0] as number, [{ funderNo: demo.m1, units: 5_000n }]);
  await confirm(gateway.db, demo, earned);
  for (const what of ['settlementWindowClose', 'settlementIssue']) {
    await gateway.ask(
      gateway.admin,
      `mutation { ${what}(input: { programmeCode: "demo", idempotencyKey: "${what}" }) { userErrors { message } } }`,
    );
  }
});
afterAll(() => gateway.close());

const FIELDS = 'adjustment { id state requestedBy decidedBy decisionNote entryNumber } userErrors { code field }';

async function request(kind: string, amount: string, but: object = {}): Promise<Answer> {
  keys += 1;
  const input = {
    programmeCode: 'demo',
    partner: { kind, partnerCode: 'demo-m1', amount: { amount, currencyCode: 'GBP' } },
    reason: 'The shop is insolvent.',
    evidence: [{ description: 'Decision of the court', url: 'https://example.org/17' }],
    idempotencyKey: `request-${keys}`,
    ...but,
  };
  const answer = await gateway.ask(
    gateway.admin,
    `mutation ($input: AdjustmentRequestInput!) { adjustmentRequest(input: $input) { ${FIELDS} } }`,
    { input },
  );
  return answer.adjustmentRequest;
}

async function decide(
  what: 'Approve' | 'Reject',
  token: string,
  adjustmentId: string,
  but: object = {},
): Promise<Answer> {
  keys += 1;
  const answer = await gateway.ask(
    token,
    `mutation ($input: AdjustmentDecisionInput!) { adjustment${what}(input: $input) { ${FIELDS} } }`,
    { input: { adjustmentId, idempotencyKey: `decide-${keys}`, ...but } },
  );
  return answer[`adjustment${what}`];
}

interface Answer {
  readonly adjustment: { readonly id: string; readonly state: string; readonly entryNumber: string | null };
  readonly userErrors: readonly { readonly code: string; readonly field: string | null }[];
}

/** Everything a refused command must leave alone. */
async function books(): Promise<unknown> {
  const { rows } = await gateway.db.superuser.query(
    `select (select count(*) from journal_entry) as entries, (select sum(balance * account) from account_balance) as money`,
  );
  return rows[0];
}

/** Of the partner's settlement. */
async function line(): Promise<unknown> {
  const { settlements } = await gateway.ask(
    operator,
    '{ settlements(last: 1) { nodes { lines { state due { amount } } } } }',
  );
  return settlements.nodes[0].lines[0];
}

async function balance(account: number, party: number): Promise<bigint> {
  const { rows } = await gateway.db.superuser.query<{ balance: string }>(
    'select coalesce(sum(balance), 0)::text as balance from account_balance where account = $1 and party = $2',
    [account, party],
  );
  return BigInt(rows[0]?.balance ?? 0);
}

it.each([
  ['nothing to adjust', { partner: null }, 'NOT_EXACTLY_ONE'],
  ['an unknown programme', { programmeCode: 'nowhere' }, 'UNKNOWN_PROGRAMME'],
  ['no reason', { reason: '' }, 'MALFORMED_REASON'],
  ['a script for evidence', { evidence: [{ description: 'x', url: 'data:text/html,x' }] }, 'MALFORMED_EVIDENCE'],
  ['no key', { idempotencyKey: '' }, 'IDEMPOTENCY_KEY_MALFORMED'],
])('refuses %s', async (_what, but, code) => {
  const { userErrors } = await request('BAD_DEBT', '1.00', but);
  expect(userErrors.map((error) => error.code)).toEqual([code]);
});

it.each([
  ['BAD_DEBT', 'demo-nobody', '1.00', 'GBP', 'UNKNOWN_PARTNER'],
  ['BAD_DEBT', 'demo-m1', '1.00', 'EUR', 'CURRENCY_MISMATCH'],
  ['BAD_DEBT', 'demo-m1', '1.005', 'GBP', 'TOO_MANY_DECIMALS'],
  ['BAD_DEBT', 'demo-m1', '-1.00', 'GBP', 'AMOUNT_NOT_POSITIVE'],
  ['CORRECTION', 'demo-m1', '0', 'GBP', 'AMOUNT_NOT_POSITIVE'],
])('refuses %s of %s over %s %s', async (kind, partnerCode, amount, currencyCode, code) => {
  const partner = { kind, partnerCode, amount: { amount, currencyCode } };
  expect((await request(kind, amount, { partner })).userErrors).toMatchObject([{ code }]);
});

it('posts nothing before a second person approves, and then once', async () => {
  const before = await books();
  const { adjustment } = await request('BAD_DEBT', '6.00');
  expect(adjustment).toMatchObject({ state: 'PENDING', requestedBy: 'development:admin', entryNumber: null });
  expect((await decide('Approve', gateway.admin, adjustment.id)).userErrors).toEqual([
    { code: 'SAME_PERSON', field: 'adjustmentId' },
  ]);
  expect(await books()).toEqual(before);
  const key = { idempotencyKey: 'approve-once', note: 'As the court says.' };
  const [first, again] = await Promise.all([1, 2].map(() => decide('Approve', operator, adjustment.id, key)));
  expect(first).toEqual(again);
  expect(first).toMatchObject({ adjustment: { state: 'APPROVED', decidedBy: 'development:operator' }, userErrors: [] });
  expect(await balance(1200, demo.m1)).toBe(5_000n);
  expect(await balance(5010, 0)).toBe(600n);
  const { rows } = await gateway.db.superuser.query('select no::text from journal_entry where kind = $1', [
    EntryKind.BAD_DEBT,
  ]);
  expect(rows).toEqual([{ no: first?.adjustment.entryNumber }]);
  expect(await line()).toEqual({ state: 'PENDING', due: { amount: '50.00' } });
  expect((await decide('Approve', operator, adjustment.id)).userErrors).toMatchObject([{ code: 'ADJUSTMENT_DECIDED' }]);
  expect((await decide('Reject', operator, adjustment.id, key)).userErrors).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_CONFLICT' },
  ]);
});

it('lets neither debt nor deposit be used twice by two approvals at once', async () => {
  const asked = await Promise.all(['30.00', '30.00'].map((amount) => request('BAD_DEBT', amount)));
  const decided = await Promise.all(asked.map(({ adjustment }) => decide('Approve', operator, adjustment.id)));
  expect(decided.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(['MORE_THAN_OWED']);
  expect(await balance(1200, demo.m1)).toBe(2_000n);
  const { adjustment } = await request('DEPOSIT_USE', '0.01');
  expect((await decide('Approve', operator, adjustment.id)).userErrors).toMatchObject([
    { code: 'MORE_THAN_DEPOSITED' },
  ]);
});

it('uses a deposit for what is owed, and gives the rest of it back', async () => {
  const postings = [
    { book: 'MONEY', account: Account.BANK, party: 0, amount: 2_000n },
    { book: 'MONEY', account: Account.PARTNER_DEPOSIT, party: demo.m1, amount: -2_000n },
  ] as const;
  await record(gateway.db, demo.programmeNo, [
    { kind: EntryKind.DEPOSIT, memberNo: 0, businessDate: BUSINESS_DATE, postings },
  ]);
  for (const [kind, amount] of [
    ['DEPOSIT_USE', '15.00'],
    ['DEPOSIT_RETURN', '5.00'],
  ] as const) {
    const { adjustment } = await request(kind, amount);
    expect(await decide('Approve', operator, adjustment.id)).toMatchObject({ adjustment: { state: 'APPROVED' } });
  }
  expect(await balance(2300, demo.m1)).toBe(0n);
  expect(await balance(1010, 0)).toBe(-500n);
  expect(await line()).toEqual({ state: 'PENDING', due: { amount: '5.00' } });
});

it('confirms a line of which nothing is left', async () => {
  const { adjustment } = await request('BAD_DEBT', '5.00');
  expect((await decide('Approve', operator, adjustment.id)).userErrors).toEqual([]);
  expect(await line()).toEqual({ state: 'CONFIRMED', due: { amount: '0.00' } });
  expect(await balance(1200, demo.m1)).toBe(0n);
});

it('corrects the open position in either direction, at the cost of the programme', async () => {
  for (const [amount, open] of [
    ['-2.50', -250n],
    ['3.00', 50n],
  ] as const) {
    const { adjustment } = await request('CORRECTION', amount);
    expect(await decide('Approve', operator, adjustment.id)).toMatchObject({ adjustment: { state: 'APPROVED' } });
    expect(await balance(1100, demo.m1)).toBe(open);
    expect(await balance(5020, 0)).toBe(-open);
  }
});

it('keeps what was rejected and withdrawn, and lists what waits', async () => {
  const { adjustment: mine } = await request('BAD_DEBT', '1.00');
  const { adjustment: turnedDown } = await request('BAD_DEBT', '2.00');
  const { adjustment: waiting } = await request('BAD_DEBT', '3.00');
  expect(await decide('Reject', gateway.admin, mine.id)).toMatchObject({ adjustment: { state: 'WITHDRAWN' } });
  expect(await decide('Reject', operator, turnedDown.id, { note: 'Ask the court first.' })).toMatchObject({
    adjustment: { state: 'REJECTED', decisionNote: 'Ask the court first.' },
  });
  expect((await decide('Reject', operator, 'nowhere')).userErrors).toMatchObject([{ code: 'UNKNOWN_ADJUSTMENT' }]);
  expect((await decide('Reject', operator, waiting.id, { note: ' ' })).userErrors).toMatchObject([
    { code: 'MALFORMED_NOTE' },
  ]);
  const { adjustments } = await gateway.ask(
    operator,
    `{ adjustments(programmeCode: "demo", state: PENDING, first: 1) {
        nodes { id kind reason amount { amount } partner { code } programme { code } evidence { description url sha256 } } } }`,
  );
  expect(adjustments.nodes).toEqual([
    {
      id: waiting.id,
      kind: 'BAD_DEBT',
      reason: 'The shop is insolvent.',
      amount: { amount: '3.00' },
      partner: { code: 'demo-m1' },
      programme: { code: 'demo' },
      evidence: [{ description: 'Decision of the court', url: 'https://example.org/17', sha256: null }],
    },
  ]);
});

it('is held by the database itself, whatever the application does', async () => {
  const id = `(select id from adjustment where state = 'APPROVED' limit 1)`;
  const changes = [
    `update adjustment set reason = 'other' where id = ${id}`,
    `delete from adjustment where id = ${id}`,
    `update adjustment set amount_minor = 1 where state = 'PENDING'`,
    `update adjustment set state = 'APPROVED', decided_by = requested_by, decided_at = now(), entry_no = 1 where state = 'PENDING'`,
  ];
  for (const change of changes) {
    await expect(gateway.db.superuser.query(change)).rejects.toThrow(/decided once|violates check constraint/);
  }
});

it('leaves sound books, also after the next settlement', async () => {
  for (const what of ['settlementWindowClose', 'settlementIssue']) {
    const answer = await gateway.ask(
      gateway.admin,
      `mutation { ${what}(input: { programmeCode: "demo", idempotencyKey: "again-${what}" }) { userErrors { message } } }`,
    );
    expect(answer[what].userErrors).toEqual([]);
  }
  // No bank has told of the deposit.
  await expectSoundLedger(gateway.db, ['I21']);
});
