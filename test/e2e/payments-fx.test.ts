/** A partner that is settled in another currency pays, and is paid, from and to an account of that currency. */
import { TestBank } from '../support/bank.js';
import { confirm, earn, type LedgerFixture, openLedgerFixture, takeBack } from '../support/ledger-fixture.js';
import { type Gateway, openGateway } from './gateway.js';
import { expectSoundLedger } from './sound-ledger.js';

const POUNDS = new TestBank('GB29NWBK60161331926819', 'GBP');
const EUROS = new TestBank('DE89370400440532013000', 'EUR');
const OF_M1 = 'FR1420041010050500013M02606';

let gateway: Gateway;
let demo: LedgerFixture;
let operator: string;
let keys = 0;
const key = (): { idempotencyKey: string } => {
  keys += 1;
  return { idempotencyKey: `key-${keys}` };
};

beforeAll(async () => {
  gateway = await openGateway();
  await gateway.db.superuser.query(`select hansa_set_clock('2026-11-23T09:00:00Z'::timestamptz - now())`);
  operator = await gateway.edge.token({ principal: 'OPERATOR' });
  demo = await openLedgerFixture(gateway.db);
  await gateway.db.superuser.query(
    `update contract set settlement_currency_code = 'EUR' where partner_id = (select id from partner where code = 'demo-m1')`,
  );
  await change('fxRatesImport', { text: 'Date,USD,GBP,\n2026-11-20,1.1,0.8441,' }, 'imported');
});
afterAll(() => gateway.close());

// biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
async function change(name: string, input: object, selection: string, token = gateway.admin): Promise<any> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code message } } }`;
  const payload = (await gateway.ask(token, document, { input }))[name];
  expect(payload.userErrors).toEqual([]);
  return payload;
}

async function useAccount(account: object): Promise<void> {
  const { bankAccount } = await change(
    'bankAccountPropose',
    { holderName: 'Example', ...account },
    'bankAccount { id }',
  );
  await change('bankAccountApprove', { bankAccountId: bankAccount.id }, 'bankAccount { state }', operator);
}

async function settle() {
  await change('settlementWindowClose', { programmeCode: 'demo', ...key() }, 'window { id }');
  const lines = 'settlement { id lines { partner { code } state due { amount currencyCode } paymentReference } }';
  const { settlement } = await change('settlementIssue', { programmeCode: 'demo', ...key() }, lines);
  await change('settlementConvert', { settlementId: settlement.id }, 'converted');
  return (
    await gateway.ask(
      gateway.admin,
      `{ settlement(id: "${settlement.id}") { id lines { partner { code } state due { amount currencyCode } paymentReference } } }`,
    )
  ).settlement;
}

const MATCHES =
  'statements { closing { amount currencyCode } movements { match unallocated { amount currencyCode } } }';
const balances = async (...accounts: number[]) =>
  (
    await gateway.db.superuser.query(
      `select u.code, b.account, sum(b.balance)::int as balance from account_balance b join unit u on u.no = b.unit
       where b.account = any ($1) group by 1, 2 having sum(b.balance) <> 0 order by 1, 2`,
      [accounts],
    )
  ).rows;

test('each pays into the account of its currency', async () => {
  await useAccount({ programmeCode: 'demo', iban: POUNDS.iban });
  await useAccount({ programmeCode: 'demo', iban: EUROS.iban, currencyCode: 'EUR' });
  await useAccount({ partnerCode: 'demo-m1', iban: OF_M1 });
  const parts = (units: bigint) => [
    { funderNo: demo.m1, units },
    { funderNo: demo.m2, units: 1_000n },
  ];
  const earned = await earn(gateway.db, demo, demo.members[0] as number, parts(5_000n));
  await confirm(gateway.db, demo, earned);

  // Before it is converted it is due in no currency: what m1 sends by mistake in pounds waits.
  await change('settlementWindowClose', { programmeCode: 'demo', ...key() }, 'window { id }');
  const issued = await change('settlementIssue', { programmeCode: 'demo', ...key() }, 'settlement { id }');
  const early = await change(
    'bankStatementUpload',
    { content: POUNDS.statement([{ amount: '1.00', iban: OF_M1 }]) },
    MATCHES,
  );
  expect(early.statements[0].movements).toEqual([
    { match: 'UNMATCHED', unallocated: { amount: '1.00', currencyCode: 'GBP' } },
  ]);
  await change('settlementConvert', { settlementId: issued.settlement.id }, 'converted');
  const { settlement } = await gateway.ask(
    gateway.admin,
    `{ settlement(id: "${issued.settlement.id}") { lines { due { amount currencyCode } paymentReference } } }`,
  );
  const [m1, m2] = settlement.lines;
  expect([m1.due, m2.due]).toEqual([
    { amount: '66.34', currencyCode: 'EUR' },
    { amount: '11.20', currencyCode: 'GBP' },
  ]);

  // One file of the bank has the statements of both accounts.
  const both = EUROS.statement([{ amount: '66.34', remittance: m1.paymentReference }]).replace(
    '</BkToCstmrStmt>',
    `${/<Stmt>.*<\/Stmt>/s.exec(POUNDS.statement([{ amount: '11.20', remittance: m2.paymentReference }]))?.[0]}</BkToCstmrStmt>`,
  );
  const taken = await change('bankStatementUpload', { content: both }, MATCHES);
  expect(taken.statements).toEqual([
    {
      closing: { amount: '66.34', currencyCode: 'EUR' },
      movements: [{ match: 'RECEIVED', unallocated: { amount: '0.00', currencyCode: 'EUR' } }],
    },
    {
      closing: { amount: '12.20', currencyCode: 'GBP' },
      movements: [{ match: 'RECEIVED', unallocated: { amount: '0.00', currencyCode: 'GBP' } }],
    },
  ]);
  expect(await balances(1000, 1020, 1200)).toEqual([
    { code: 'EUR', account: 1000, balance: 6_634 },
    { code: 'GBP', account: 1000, balance: 1_220 },
    { code: 'GBP', account: 1020, balance: -100 },
  ]);
  await takeBack(gateway.db, demo, earned, parts(5_000n), 'CONFIRMED');
});

test('each is paid in its currency, by a file of its own', async () => {
  const { lines } = await settle();
  expect(lines[0].due).toEqual({ amount: '-66.34', currencyCode: 'EUR' });
  await useAccount({ partnerCode: 'demo-m2', iban: 'NL91ABNA0417164300' });
  const instruct = (more: object) =>
    change(
      'paymentsInstruct',
      { programmeCode: 'demo', ...key(), ...more },
      'paymentFile { content amount { amount currencyCode } payments { endToEndId amount { amount currencyCode } } }',
    );
  const euros = (await instruct({ currencyCode: 'EUR' })).paymentFile;
  expect(euros.amount).toEqual({ amount: '66.34', currencyCode: 'EUR' });
  expect(euros.content).toContain('<InstdAmt Ccy="EUR">66.34</InstdAmt>');
  expect(euros.content).toContain(EUROS.iban);
  const pounds = (await instruct({})).paymentFile;
  expect(pounds.amount).toEqual({ amount: '11.20', currencyCode: 'GBP' });
  expect(await balances(1010)).toEqual([
    { code: 'EUR', account: 1010, balance: -6_634 },
    { code: 'GBP', account: 1010, balance: -1_120 },
  ]);
  for (const [bank, { endToEndId }, amount] of [
    [EUROS, euros.payments[0], '-66.34'],
    [POUNDS, pounds.payments[0], '-11.20'],
  ] as const) {
    await change('bankStatementUpload', { content: bank.statement([{ amount, endToEndId }]) }, MATCHES);
  }
  expect(await balances(1000, 1010, 1020, 1200)).toEqual([
    { code: 'GBP', account: 1000, balance: 100 },
    { code: 'GBP', account: 1020, balance: -100 },
  ]);
  await expectSoundLedger(gateway.db, ['I7', 'I12', 'I13', 'I14']);
});
