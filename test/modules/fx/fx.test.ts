/** A partner that is settled in another currency, over HTTP: by the reference rate of the last banking day before issue. */
import { type Gateway, openGateway } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { confirm, earn, type LedgerFixture, openLedgerFixture } from '../../support/ledger-fixture.js';

let gateway: Gateway;
let demo: LedgerFixture;
let keys = 0;

// A Monday: the last banking day before is a Friday.
const MONDAY = '2026-11-23T09:00:00Z';
const setClock = (instant: string) =>
  gateway.db.superuser.query('select hansa_set_clock($1::timestamptz - now())', [instant]);

beforeEach(async () => {
  gateway = await openGateway();
  await setClock(MONDAY);
  demo = await openLedgerFixture(gateway.db);
  await gateway.db.superuser.query(
    `update contract set settlement_currency_code = 'EUR' where partner_id = (select id from partner where code = 'demo-m1')`,
  );
  // M1 owes 56.00 GBP, M2 11.20 GBP.
  for (const [funderNo, units] of [
    [demo.m1, 5_000n],
    [demo.m2, 1_000n],
  ] as const) {
    const earned = await earn(gateway.db, demo, demo.members[0] as number, [{ funderNo, units }]);
    await confirm(gateway.db, demo, earned);
  }
});
afterEach(async () => {
  await expectSoundLedger(gateway.db, ['I7', 'I12', 'I13', 'I14']);
  await gateway.close();
});

// biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
async function change(name: string, input: object, selection: string, token = gateway.admin): Promise<any> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const data = await gateway.ask(
    token,
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code } } }`,
    { input },
  );
  return data[name];
}

async function settle() {
  keys += 1;
  await change('settlementWindowClose', { programmeCode: 'demo', idempotencyKey: `close-${keys}` }, 'window { id }');
  const lines =
    'settlement { id state lines { partner { code } state closing { amount } due { amount currencyCode } conversion { rate on } } }';
  return (await change('settlementIssue', { programmeCode: 'demo', idempotencyKey: `issue-${keys}` }, lines))
    .settlement;
}
const rates = (...rows: readonly string[]) =>
  change('fxRatesImport', { text: ['Date,USD,GBP,', ...rows].join('\n') }, 'imported known');
const convert = (settlementId: string) => change('settlementConvert', { settlementId }, 'converted');
const linesOf = async (id: string) =>
  (
    await gateway.ask(
      gateway.admin,
      `{ settlement(id: "${id}") { state lines { id partner { code } state due { amount currencyCode } conversion { rate on } } } }`,
    )
  ).settlement;
async function balances(account: number) {
  const { rows } = await gateway.db.superuser.query(
    `select u.code, b.party, b.balance::int as balance from account_balance b join unit u on u.no = b.unit
     where b.account = $1 and b.balance <> 0 order by u.code, b.party`,
    [account],
  );
  return rows;
}

it('waits for its rate, and then owes as much in the other currency', async () => {
  const { id, lines } = await settle();
  expect(lines).toMatchObject([
    {
      partner: { code: 'demo-m1' },
      state: 'PENDING',
      closing: { amount: '56.00' },
      due: { amount: '0.00', currencyCode: 'EUR' },
      conversion: null,
    },
    { partner: { code: 'demo-m2' }, due: { amount: '11.20', currencyCode: 'GBP' }, conversion: null },
    { partner: null },
  ]);
  expect((await convert(id)).userErrors).toEqual([{ code: 'RATE_MISSING' }]);
  // The day of issue itself does not count, and neither does what is too old.
  expect((await rates('2026-11-23,1.1,0.9,', '2026-11-12,1.1,0.7,')).userErrors).toEqual([]);
  expect((await convert(id)).userErrors).toEqual([{ code: 'RATE_MISSING' }]);
  await rates('2026-11-20,1.1,0.8441,', '2026-11-19,1.1,0.5,');
  expect(await convert(id)).toEqual({ converted: 1, userErrors: [] });
  expect(await convert(id)).toEqual({ converted: 0, userErrors: [] });
  // 56.00 / 0.8441 = 66.3428...
  const converted = await linesOf(id);
  expect(converted.state).toBe('ISSUED');
  expect(converted.lines[0]).toMatchObject({
    due: { amount: '66.34', currencyCode: 'EUR' },
    conversion: { rate: '10000/8441', on: '2026-11-20' },
  });
  expect(await balances(1200)).toEqual([
    { code: 'EUR', party: demo.m1, balance: 6_634 },
    { code: 'GBP', party: demo.m2, balance: 1_120 },
  ]);
  expect(await balances(1900)).toEqual([
    { code: 'EUR', party: 0, balance: -6_634 },
    { code: 'GBP', party: 0, balance: 5_600 },
  ]);
  // It still counts against what the partner may owe.
  const { partnerCredits } = await gateway.ask(
    gateway.admin,
    '{ partnerCredits(programmeCode: "demo") { partner { code } unpaid { amount } } }',
  );
  expect(partnerCredits).toContainEqual({ partner: { code: 'demo-m1' }, unpaid: { amount: '56.00' } });
  const { fxRate } = await gateway.ask(
    gateway.admin,
    '{ fxRate(from: "GBP", to: "EUR", on: "2026-11-23") { rate day } }',
  );
  expect(fxRate).toEqual({ rate: '10000/8441', day: '2026-11-20' });
});

it('is converted by the job as well, once, however many run', async () => {
  const { id } = await settle();
  await rates('2026-11-20,1.1,0.8441,');
  const { signal } = new AbortController();
  const done = await Promise.all(Array.from({ length: 4 }, () => gateway.services.fx.convertWaiting(signal)));
  expect(done.reduce((sum, { converted }) => sum + converted, 0)).toBe(1);
  expect((await linesOf(id)).lines[0]).toMatchObject({ due: { amount: '66.34' } });
  expect(await balances(1900)).toHaveLength(2);
});

it('is neither disputed nor given up once it is converted', async () => {
  const { id } = await settle();
  const { lines } = await linesOf(id);
  const dispute = {
    lineId: lines[0].id,
    amount: { amount: '1.00', currencyCode: 'GBP' },
    reason: 'Too much.',
    idempotencyKey: 'd',
  };
  expect((await change('disputeOpen', dispute, 'dispute { id }')).userErrors).toEqual([
    { code: 'LINE_NOT_DISPUTABLE' },
  ]);
  await rates('2026-11-20,1.1,0.8441,');
  await convert(id);
  const abort = { settlementId: id, reason: 'A mistake.', idempotencyKey: 'a' };
  expect((await change('settlementAbort', abort, 'settlement { state }')).userErrors).toEqual([
    { code: 'SETTLEMENT_UNDER_WAY' },
  ]);
});

it('may be given up before', async () => {
  const { id } = await settle();
  const aborted = await change(
    'settlementAbort',
    { settlementId: id, reason: 'A mistake.', idempotencyKey: 'a' },
    'settlement { state }',
  );
  expect(aborted).toEqual({ settlement: { state: 'ABORTED' }, userErrors: [] });
  await rates('2026-11-20,1.1,0.8441,');
  expect(await convert(id)).toEqual({ converted: 0, userErrors: [] });
});

it('posts what clearing gains and loses while the money is under way', async () => {
  const revalue = (idempotencyKey: string) =>
    change('fxRevalue', { programmeCode: 'demo', idempotencyKey }, 'difference { amount }');
  expect((await revalue('nothing')).userErrors).toEqual([{ code: 'NOTHING_TO_REVALUE' }]);
  const { id } = await settle();
  await rates('2026-11-20,1.1,0.8441,');
  await convert(id);
  await setClock('2026-11-24T09:00:00Z');
  await rates('2026-11-23,1.1,0.9,');
  // 66.34 EUR are worth 59.71 GBP by now, 3.71 more than when they were booked.
  expect(await revalue('r-1')).toEqual({ difference: { amount: '3.71' }, userErrors: [] });
  expect(await revalue('r-1')).toEqual({ difference: { amount: '3.71' }, userErrors: [] });
  expect((await revalue('r-2')).userErrors).toEqual([{ code: 'NOTHING_TO_REVALUE' }]);
  expect(await balances(5040)).toEqual([{ code: 'GBP', party: 0, balance: -371 }]);
  await setClock('2026-12-24T09:00:00Z');
  expect((await revalue('r-3')).userErrors).toEqual([{ code: 'RATE_MISSING' }]);
});

it('keeps a rate as it was first taken in, and refuses what is no file of rates', async () => {
  expect(await rates('2026-11-20,1.1,0.8441,')).toEqual({ imported: 2, known: 0, userErrors: [] });
  expect(await rates('2026-11-20,1.10,0.8441,')).toEqual({ imported: 0, known: 2, userErrors: [] });
  expect((await rates('2026-11-19,1.2,0.8,', '2026-11-20,1.1,0.8442,')).userErrors).toEqual([{ code: 'RATE_DIFFERS' }]);
  expect((await rates('2026-11-32,1,1,')).userErrors).toEqual([{ code: 'MALFORMED_RATES' }]);
  expect((await convert('nowhere')).userErrors).toEqual([{ code: 'UNKNOWN_SETTLEMENT' }]);
  const { rows } = await gateway.db.superuser.query('select count(*)::int as count from fx_rate');
  expect(rows).toEqual([{ count: 2 }]);
  const partner = await gateway.edge.token({ principal: 'PARTNER', partner: 'demo-m1' });
  await expect(change('fxRatesImport', { text: '' }, 'imported', partner)).rejects.toThrow('FORBIDDEN');
});
