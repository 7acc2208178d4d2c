/** Partners asked while somebody waits: whoever is down costs its own field, and no claim takes more than there is. */
import { type Answer, openPartnerServer, type PartnerServer } from '../support/partners/partner-server.js';
import { expectSoundLedger } from './sound-ledger.js';
import { openSpending, PROGRAMME, type Spending } from './spending.js';

let world: Spending;
const servers: PartnerServer[] = [];
let stock: Record<string, number> = {};

const open = async (answer: Answer): Promise<PartnerServer> => {
  const server = await openPartnerServer(answer);
  servers.push(server);
  return server;
};

async function connect(partnerCode: string, address: string, endpoints: object[], more: object = {}): Promise<string> {
  const made = await world.change(
    world.admin,
    'connectorCreate',
    {
      code: `live-${partnerCode}-${servers.length}`,
      partnerCode,
      programmeCode: PROGRAMME,
      kind: 'HTTP_JSON',
      address,
      endpoints,
      ...more,
    },
    'connector { id } userErrors { code message }',
  );
  expect(made.userErrors).toEqual([]);
  return made.connector.id;
}

const offersOf =
  (name: string): Answer =>
  ({ path }) =>
    path === '/offers'
      ? { offers: [{ id: '1', title: `${name} gives 10 %`, url: 'javascript:alert(1)' }, { title: 'no id' }] }
      : undefined;
const OFFERS = { capability: 'OFFERS', path: '/offers', itemsAt: 'offers' };
const PAGE = '{ partners(first: 10) { nodes { code liveOffers { offers { reference title url } stale } } } }';
const partners = ['m1', 'm2', 'b', 'c', 'red-cross'];
const byPartner: Record<string, PartnerServer> = {};

const ask = (query: string, token = world.admin) => world.edge.ask(query, { token });

beforeAll(async () => {
  world = await openSpending();
  await world.member('ada');
  for (const partner of partners) {
    const server = await open(offersOf(partner));
    byPartner[partner] = server;
    await connect(partner, server.url, [OFFERS]);
  }
});
afterAll(async () => {
  await expectSoundLedger(world.db);
  await world.close();
  for (const server of servers) await server.close();
});

describe('a page of five partners', () => {
  it('of which one is dead gives four answers and one error that is located there', async () => {
    (byPartner.b as PartnerServer).mood = 'HANGING';
    const answer = await ask(PAGE, world.tokens.ada);
    const nodes: { code: string; liveOffers: unknown }[] = answer.data.partners.nodes;
    expect(nodes).toHaveLength(5);
    for (const { code, liveOffers } of nodes) {
      expect(liveOffers).toEqual(
        code === 'b' ? null : { offers: [{ reference: '1', title: `${code} gives 10 %`, url: null }], stale: false },
      );
    }
    expect(answer.errors).toEqual([
      {
        message: expect.stringContaining('"b" cannot be asked now'),
        locations: expect.anything(),
        path: ['partners', 'nodes', nodes.findIndex(({ code }) => code === 'b'), 'liveOffers'],
        extensions: { code: 'PARTNER_UNAVAILABLE', partnerCode: 'b', reason: 'TIMED_OUT' },
      },
    ]);
  }, 30_000);

  it('asks each partner once, however often the page asks for it', async () => {
    const before = partners.map((partner) => byPartner[partner]?.asked.length);
    await ask(
      '{ a: partners(first: 10) { nodes { liveOffers { stale } } } b: partners(first: 10) { nodes { liveOffers { stale } } } }',
    );
    const after = partners.map((partner) => byPartner[partner]?.asked.length);
    // Kept for a moment: those that have answered are not asked at all.
    expect(partners.filter((partner, index) => partner !== 'b' && before[index] !== after[index])).toEqual([]);
  }, 30_000);
});

it('a partner that hangs fills its own slots only: everybody else is answered, and it never gets more at once', async () => {
  const hanging = await open(() => undefined);
  hanging.mood = 'HANGING';
  const well = await open(offersOf('m2'));
  stock = {};
  const STOCK = { capability: 'STOCK', path: '/stock', itemsAt: 'items' };
  await connect('c', hanging.url, [STOCK]);
  const wellStock = await open(({ query }) => ({
    items: query
      .get('items')
      ?.split(',')
      .map((item) => ({ item, available: 3 })),
  }));
  await connect('m2', wellStock.url, [STOCK]);
  const live = world.services.live;
  const no = async (code: string): Promise<number> =>
    (await world.db.superuser.query('select no from partner where code = $1', [code])).rows[0].no;
  const [c, m2] = [await no('c'), await no('m2')];
  const asked = Array.from({ length: 40 }, (_, index) => live.stockOf(c, [`gift-${index}`]));
  const others = Array.from({ length: 40 }, (_, index) => live.stockOf(m2, [`gift-${index % 10}`]));
  for (const [index, answer] of (await Promise.all(others)).entries())
    expect(answer).toMatchObject({ value: { [`gift-${index % 10}`]: 3 }, stale: false });
  const codes = (await Promise.all(asked)).map((answer) => (answer as { code: string }).code);
  expect(codes).toContain('BUSY');
  expect(codes.filter((code) => !['BUSY', 'TIMED_OUT', 'CIRCUIT_OPEN'].includes(code))).toEqual([]);
  const lane = world.services.partnerPort.counters().lanes.find(({ faults }) => (faults.BUSY ?? 0) > 0);
  expect(lane).toMatchObject({ asked: 40, mostActive: 4, active: 0, waiting: 0 });
  expect(hanging.mostAtOnce).toBe(4);
  expect(well.asked).toEqual([]);
}, 30_000);

describe('a gift whose supplier is asked for its stock', () => {
  let supplier: PartnerServer;
  let keys = 0;
  const publish = (code: string, more: object = {}) =>
    world.change(
      world.admin,
      'catalogueItemPublish',
      {
        ...{
          programmeCode: PROGRAMME,
          supplierCode: 'm1',
          claimableFrom: '2026-01-01',
          kind: 'GIFT',
          code,
          name: code,
        },
        ...{ price: '10', idempotencyKey: `publish-${code}` },
        ...more,
      },
      'item { id } userErrors { code }',
    );
  const claim = (itemCode: string, idempotencyKey = `claim-${keys++}`) =>
    world.change(
      world.tokens.ada as string,
      'catalogueClaim',
      { programmeCode: PROGRAMME, itemCode, idempotencyKey },
      'claim { id redemption { id } } userErrors { code }',
    );
  const code = (answer: { userErrors: { code: string }[] }): string => answer.userErrors[0]?.code ?? 'CLAIMED';

  beforeAll(async () => {
    supplier = await open(({ path, query }) =>
      path === '/stock'
        ? {
            items: query
              .get('items')
              ?.split(',')
              .flatMap((item) => (stock[item] === undefined ? [] : [{ item, available: stock[item] }])),
          }
        : undefined,
    );
    await connect('m1', supplier.url, [{ capability: 'STOCK', path: '/stock', itemsAt: 'items' }]);
    await world.earn('ada', 5_000);
    await publish('lamp');
    await publish('mug', { stock: 2 });
    await publish('pen');
  });

  it('is promised as often as it is there, and not once more, however many come at once', async () => {
    stock = { lamp: 3 };
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim('lamp')));
    expect(claims.map(code).sort()).toEqual([...Array(3).fill('CLAIMED'), ...Array(5).fill('SOLD_OUT')]);
    const [taken] = claims.filter((each) => code(each) === 'CLAIMED');
    // The supplier counts one out and hands it over: what is left is promised to the two others.
    stock = { lamp: 2 };
    await world.change(world.tokens.m1 as string, 'redemptionCapture', {
      redemptionId: taken.claim.redemption.id,
      idempotencyKey: 'hand-over',
    });
    expect(code(await claim('lamp'))).toBe('SOLD_OUT');
    stock = { lamp: 3 };
    expect(code(await claim('lamp'))).toBe('CLAIMED');
    expect(code(await claim('lamp'))).toBe('SOLD_OUT');
  }, 30_000);

  it('that keeps none of it leaves the claim to our own stock', async () => {
    stock = {};
    expect(code(await claim('pen'))).toBe('CLAIMED');
  });

  it('that cannot say: what it has set aside for us is claimed, and nothing else; a repeat has its answer', async () => {
    stock = { lamp: 9 };
    const key = 'before-it-failed';
    const first = await claim('lamp', key);
    expect(code(first)).toBe('CLAIMED');
    supplier.mood = 'FAILING';
    expect(code(await claim('lamp'))).toBe('SUPPLIER_UNAVAILABLE');
    expect(await claim('lamp', key)).toEqual(first);
    expect([await claim('mug'), await claim('mug'), await claim('mug')].map(code)).toEqual([
      'CLAIMED',
      'CLAIMED',
      'SOLD_OUT',
    ]);
    supplier.mood = 'WELL';
  }, 30_000);

  it('is shown in the catalogue, all items of a supplier by one question', async () => {
    // Its circuit may still rest from the test before.
    const query = `{ catalogue(programmeCode: "${PROGRAMME}") { nodes { code liveStock { available stale } } } }`;
    stock = { lamp: 7 };
    const until = performance.now() + 20_000;
    let answer = await ask(query);
    while (answer.errors !== undefined && performance.now() < until) {
      expect(answer.errors[0]?.extensions).toMatchObject({ code: 'PARTNER_UNAVAILABLE', partnerCode: 'm1' });
      answer = await ask(query);
    }
    expect(answer.data.catalogue.nodes).toEqual([
      { code: 'lamp', liveStock: { available: 7, stale: false } },
      { code: 'mug', liveStock: null },
      { code: 'pen', liveStock: null },
    ]);
    expect(supplier.asked.at(-1)?.query.get('items')).toBe('lamp,mug,pen');
  }, 30_000);
});
