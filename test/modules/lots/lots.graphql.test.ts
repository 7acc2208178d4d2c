/** Lots through the API: which units there are, where others went, what is owed, and what will be gone. */
import { v7 as newId } from 'uuid';
import { useAtOnce } from '../../../src/domain/redemption/redeem.js';
import { grant } from '../../../src/domain/redemption/transfer.js';
import { resolverInstances } from '../../../src/resolver-instances.js';
import { resolvers } from '../../../src/resolvers.js';
import { createServices } from '../../../src/services.js';
import { type Edge, openEdge } from '../../api/edge.js';
import { countReads } from '../../support/module-fixture.js';
import { expectSoundLots, type LotsFixture, openLotsFixture } from './lots-fixture.js';

let f: LotsFixture;
let edge: Edge;
const tokens = new Map<string, string>();

const open = async (redemption: string): Promise<void> => {
  f = await openLotsFixture(redemption);
  edge = await openEdge({ db: f.db, resolvers, container: resolverInstances(f.db, createServices(f.db)) });
  tokens.set('admin', await edge.token({ principal: 'ADMIN' }));
  tokens.set('member', await edge.token({ principal: 'MEMBER', member: 'a' }));
  for (const partner of ['bank', 'shop']) tokens.set(partner, await edge.token({ principal: 'PARTNER', partner }));
};
afterEach(async () => {
  await expectSoundLots(f);
  await edge.stop();
  await f.db.close();
});

const today = async (day: string): Promise<void> => {
  await f.query('select hansa_set_clock($1::timestamptz - now())', [`${day}T12:00:00Z`]);
};
// biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
const ask = async (who: string, query: string): Promise<any> => {
  const answer = await edge.ask(query, { token: tokens.get(who) as string });
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
};
// biome-ignore lint/suspicious/noExplicitAny: as above
const ofMember = async (who: string, selection: string): Promise<any> =>
  (await ask(who, `{ member(code: "a", programmeCode: "coalition-test") { ${selection} } }`)).member;

const LOT = 'state issued left held spent expired earnedOn availableOn goneFrom';

test('a lot from its purchase to its last day, as those see it who may', async () => {
  await open('expiry: { days: 365 }');
  await f.buy('2026-03-10', 100);
  await today('2026-03-11');
  const days = { earnedOn: '2026-03-10', availableOn: '2026-03-24', goneFrom: '2027-03-24' };
  const untouched = { ...days, held: '0', spent: '0', expired: '0' };
  expect((await ofMember('bank', `lots { nodes { ${LOT} value { amount } funder { code } } }`)).lots.nodes).toEqual([
    { ...untouched, state: 'PENDING', issued: '400', left: '400', value: { amount: '4.00' }, funder: null },
    { ...untouched, state: 'PENDING', issued: '100', left: '100', value: { amount: '1.00' }, funder: { code: 'bank' } },
  ]);
  await f.confirm('2026-03-24');
  await today('2026-03-25');
  const authorised = await ask(
    'admin',
    `mutation { lotsExpire(input: { programmeCode: "coalition-test" }) { members expired userErrors { code } } }`,
  );
  expect(authorised.lotsExpire).toEqual({ members: 0, expired: '0', userErrors: [] });
  await today('2027-03-24');
  const state = `lots { nodes { state left expired movements { nodes { from to units on because redeemedAt { code } } } } }`;
  expect((await ofMember('member', state)).lots.nodes[0]).toEqual({
    state: 'EXPIRED',
    left: '400',
    expired: '0',
    movements: { nodes: [] },
  });
  await ask('admin', `mutation { lotsExpire(input: { programmeCode: "coalition-test" }) { members } }`);
  const gone = { from: 'LEFT', to: 'EXPIRED', units: '400', redeemedAt: null };
  const expected = (on: string | null, because: string | null) => ({
    ...{ state: 'USED_UP', left: '0', expired: '400' },
    movements: { nodes: [{ ...gone, on, because }] },
  });
  expect((await ofMember('member', state)).lots.nodes[0]).toEqual(expected('2027-03-24', 'EXPIRY'));
  expect((await ofMember('bank', state)).lots.nodes[0]).toEqual(expected(null, null));
  expect(await ofMember('shop', state)).toBeNull();
});

test('issued at the shop, given to a charity: a lot names both', async () => {
  await open('redemption: { donation: true }');
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  await today('2026-03-25');
  await f.change('2026-03-25', [{ memberNo: f.members.a }], (lots, terms) => {
    const gift = { kind: 'DONATED', charityNo: f.shopNo } as const;
    lots.put(f.members.a, useAtOnce(lots.of(f.members.a), newId(), 150n, gift, terms));
  });
  const { lots } = await ofMember(
    'member',
    'lots { nodes { transaction { merchant { code } } movements { nodes { because units redeemedAt { code } } } } }',
  );
  expect(lots.nodes[0]).toEqual({
    transaction: { merchant: { code: 'shop' } },
    movements: { nodes: [{ because: 'DONATION', units: '50', redeemedAt: { code: 'shop' } }] },
  });
});

test('what is owed is told with its day, until it is repaid', async () => {
  await open('');
  await f.query(
    `insert into member_debt (id, member_no, programme_no, since, issued_units, issued_value_minor, units, value_minor, entry_no)
     values ($1, $2, $3, '2026-03-26', 450, 450, 450, 450, 1)`,
    [newId(), f.members.a, f.programmeNo],
  );
  await f.query('update member_balance set available_units = -450, receivable_minor = 450 where member_no = $1', [
    f.members.a,
  ]);
  const debts = 'debts { since units issued value { amount currencyCode } }';
  expect((await ofMember('member', debts)).debts).toEqual([
    { since: '2026-03-26', units: '450', issued: '450', value: { amount: '4.50', currencyCode: 'GBP' } },
  ]);
  const list = '{ memberDebts(programmeCode: "coalition-test") { nodes { units member { code } } } }';
  expect((await ask('admin', list)).memberDebts.nodes).toEqual([{ units: '450', member: { code: 'a' } }]);
  await expect(ask('bank', list)).rejects.toThrow('FORBIDDEN');
  await f.change('2026-03-27', [{ memberNo: f.members.a }], (lots, terms) => {
    const gift = { id: newId(), units: 450n, valueMinor: 450n, accruedOn: '2026-03-27' };
    lots.put(f.members.a, grant(lots.of(f.members.a), gift, terms));
  });
  expect((await ofMember('member', debts)).debts).toEqual([]);
  expect((await ask('admin', list)).memberDebts.nodes).toEqual([]);
});

test('what will be gone, by the last days of the lots: to the member, to its bank, and as notices in pages', async () => {
  await open('expiry: { days: 100 }\nredemption: { noticeDays: 20 }');
  await f.buy('2026-03-10', 100);
  await f.buy('2026-03-20', 10);
  await f.buy('2026-03-10', 1, 'b');
  await f.confirm('2026-03-24');
  await today('2026-06-20');
  const expiring = 'expiring(until: "2026-07-31") { on units value { amount } }';
  const both = [
    { on: '2026-07-02', units: '500', value: { amount: '5.00' } },
    { on: '2026-07-12', units: '50', value: { amount: '0.50' } },
  ];
  expect((await ofMember('member', expiring)).expiring).toEqual(both);
  expect((await ofMember('bank', expiring)).expiring).toEqual(both);

  const notices = async (who: string, more = '') => {
    const selection = 'nodes { on units member { code } } pageInfo { hasNextPage endCursor }';
    const { expiryNotices } = await ask(
      who,
      `{ expiryNotices(programmeCode: "coalition-test"${more}) { ${selection} } }`,
    );
    return expiryNotices;
  };
  const first = await notices('admin', ', first: 1');
  expect(first.nodes).toEqual([{ on: '2026-07-02', units: '500', member: { code: 'a' } }]);
  expect(first.pageInfo.hasNextPage).toBe(true);
  expect((await notices('admin', `, after: "${first.pageInfo.endCursor}"`)).nodes).toEqual([
    { on: '2026-07-02', units: '5', member: { code: 'b' } },
  ]);
  expect((await notices('admin', ', until: "2026-12-31"')).nodes).toHaveLength(3);
  expect((await notices('member')).nodes).toEqual([{ on: '2026-07-02', units: '500', member: { code: 'a' } }]);
  expect((await notices('bank')).nodes).toHaveLength(2);
  expect((await notices('shop')).nodes).toEqual([]);
});

test('where units live on with every purchase, their last day is that of the latest', async () => {
  await open('expiry: { rolling: 100 }\nredemption: { noticeDays: 30 }');
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  await f.buy('2026-04-01', 10);
  await today('2026-06-20');
  await f.confirm('2026-06-20');
  expect((await ofMember('member', 'lots { nodes { goneFrom } }')).lots.nodes).toHaveLength(4);
  expect((await ofMember('member', 'expiring(until: "2026-07-31") { on units }')).expiring).toEqual([
    { on: '2026-07-10', units: '550' },
  ]);
  const { expiryNotices } = await ask(
    'admin',
    '{ expiryNotices(programmeCode: "coalition-test") { nodes { on units } } }',
  );
  expect(expiryNotices.nodes).toEqual([{ on: '2026-07-10', units: '550' }]);
  await f.buy('2026-06-20', 1);
  expect((await ofMember('member', 'expiring(until: "2026-07-31") { on units }')).expiring).toEqual([]);
});

test('the end of a programme ends what would have lived longer, and members are told of it', async () => {
  await open('expiry: { days: 365 }\nwindDown: { earningEnds: 2026-07-01, redemptionUntil: 2026-09-30 }');
  await f.buy('2025-09-01', 10);
  await f.buy('2026-03-10', 100);
  await f.confirm('2026-03-24');
  await today('2026-09-10');
  expect((await ofMember('member', 'lots { nodes { goneFrom } }')).lots.nodes).toEqual([
    { goneFrom: '2026-10-01' },
    { goneFrom: '2026-10-01' },
    { goneFrom: '2026-09-15' },
    { goneFrom: '2026-09-15' },
  ]);
  const both = [
    { on: '2026-09-15', units: '50' },
    { on: '2026-10-01', units: '500' },
  ];
  expect((await ofMember('member', 'expiring(until: "2026-12-31") { on units }')).expiring).toEqual(both);
  const { expiryNotices } = await ask(
    'bank',
    '{ expiryNotices(programmeCode: "coalition-test") { nodes { on units } } }',
  );
  expect(expiryNotices.nodes).toEqual(both);
});

test('a list of lots asks as often as one', async () => {
  await open('expiry: { rolling: 100 }');
  await f.buy('2026-03-10', 100);
  await today('2026-03-11');
  const all = `lots { nodes { ${LOT} value { amount } funder { code } transaction { id } movements { nodes { on } } } }`;
  await ofMember('admin', all);
  const one = await countReads(f.db, () => ofMember('admin', all));
  await today('2026-03-20');
  for (let day = 11; day < 20; day += 1) await f.buy(`2026-03-${day}`, 10);
  await today('2026-03-25');
  await f.confirm('2026-03-25');
  expect(await countReads(f.db, () => ofMember('admin', all))).toBe(one);
});
