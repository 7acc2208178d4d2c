/** The worked example of the ledger design (LEDGER 4), through the API alone: every figure to the cent. */
import { expectSoundLedger } from './sound-ledger.js';
import { openPlay, type Play, playWindow1, playWindow2 } from './worked-example.js';

let play: Play;
afterEach(() => play.close());

const STATEMENT =
  'query ($id: ID!, $partner: String!) { settlementStatement(settlementId: $id, partnerCode: $partner) { csv sha256 line { net { amount } } } }';

test('two funders, a joint campaign, a refund, every way of spending, and a refund of what is spent', async () => {
  play = await openPlay({});
  await playWindow1(play);
  const { nets, settlement } = await play.settle('one');
  expect(nets).toEqual({ m1: '44.80', m2: '-32.43', b: '1.43', 'red-cross': '0.00', PROGRAMME: '-13.80' });
  expect(settlement).toMatchObject({ gross: { amount: '190.68' }, netPayments: { amount: '78.66' } });

  // The programme's own accounts: liability, charity, tax, commission, breakage, rewards and goodwill.
  expect(await play.accounts(2010, 2110, 2200, 4000, 4010, 5000, 5020)).toEqual([
    -533n,
    -100n,
    -180n,
    -900n,
    -33n,
    333n,
    33n,
  ]);
  // E9 is pending, outside the settlement.
  expect(await play.accounts(1105, 2000, 1100)).toEqual([500n, -500n, 0n]);
  const { rows } = await play.db.superuser.query(
    `select issuer.code as partner, (sum(balance))::int as units from account_balance
     left join partner issuer on issuer.no = party where account = 900 group by 1 order by 1`,
  );
  expect(rows).toEqual([
    { partner: 'b', units: 1467 },
    { partner: 'm1', units: 4500 },
    { partner: 'm2', units: 2333 },
    { partner: null, units: 366 },
  ]);

  // Each partner reads its own statement, and nobody else's.
  const m1 = await play.edge.token({ principal: 'PARTNER', partner: 'm1' });
  const read = await play.ask(m1, STATEMENT, { id: settlement.id, partner: 'm1' });
  expect(read.settlementStatement.line.net.amount).toBe('44.80');
  expect(read.settlementStatement.csv).toContain('44.80');
  const foreign = await play.edge.ask(STATEMENT, { token: m1, variables: { id: settlement.id, partner: 'm2' } });
  expect(foreign.data?.settlementStatement ?? null).toBeNull();

  await playWindow2(play);
  expect((await play.settle('two')).nets).toEqual({ m1: '33.60', m2: '-26.13', b: '-7.47', PROGRAMME: '0.00' });
  await expectSoundLedger(play.db);
});

test('a minimum payout of 5.00 carries 1.43 into the next settlement', async () => {
  play = await openPlay({ minimumPayout: '5.00' });
  await playWindow1(play);
  const { nets, settlement } = await play.settle('one');
  expect(nets).toEqual({ m1: '44.80', m2: '-32.43', b: '1.43', 'red-cross': '0.00', PROGRAMME: '-13.80' });
  expect(lineOf(settlement, 'b')).toMatchObject({ state: 'CARRIED', due: { amount: '0.00' } });
  await playWindow2(play);
  const two = await play.settle('two');
  expect(lineOf(two.settlement, 'b')).toMatchObject({
    ...{ state: 'PENDING', opening: { amount: '1.43' }, net: { amount: '-7.47' } },
    ...{ closing: { amount: '-6.04' }, due: { amount: '-6.04' } },
  });
  await expectSoundLedger(play.db);
});

test('with every contract on settle-at-redemption, funders pay when units are used', async () => {
  play = await openPlay({ model: 'SETTLE_AT_REDEMPTION' });
  await playWindow1(play);
  const one = await play.settle('one');
  expect(one.nets).toEqual({ m1: '44.80', m2: '-32.43', b: '-0.81', 'red-cross': '0.00', PROGRAMME: '-11.56' });
  const { rows } = await play.db.superuser.query(
    `select funder.code as partner, balance::int from account_balance
     join partner funder on funder.no = party where account = 1105 and balance <> 0 order by 1`,
  );
  expect(rows).toEqual([
    { partner: 'b', balance: 200 },
    { partner: 'm1', balance: 500 },
  ]);
  await playWindow2(play);
  expect((await play.settle('two')).nets).toEqual({ m1: '31.36', m2: '-26.13', b: '-5.23', PROGRAMME: '0.00' });
  await expectSoundLedger(play.db);
});

const lineOf = (settlement: { lines: { partner: { code: string } | null }[] }, code: string) =>
  settlement.lines.find(({ partner }) => partner?.code === code);
