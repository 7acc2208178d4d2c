/** What happens is told to those who follow it: by either way, at whichever gateway, and to nobody else. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';
import { PersistedOperations } from '../../src/api/persisted-operations.js';
import { createSchema } from '../../src/api/schema.js';
import { EventFeed, removeOld } from '../../src/modules/events/index.js';
import { resolverInstances } from '../../src/resolver-instances.js';
import { nodes, resolvers } from '../../src/resolvers.js';
import { createServices, type Services } from '../../src/services.js';
import { type Edge, type EdgeOptions, openEdge } from '../api/edge.js';
import { type Followed, follow, type Way } from '../support/follow.js';
import { expectSoundLedger } from './sound-ledger.js';
import { openSpending, PROGRAMME, type Spending } from './spending.js';

const WAYS: readonly Way[] = ['WebSocket', 'server-sent events'];
const LISTENER = `application_name = 'hansa listener' and datname = current_database()`;

let online: Spending;
/** A second gateway on the same database, as another process would be. */
let store: { readonly edge: Edge; readonly services: Services };
const ids: Record<string, string> = {};
const open: Followed[] = [];

beforeAll(async () => {
  online = await openSpending();
  store = await openAnother();
  for (const code of ['sue', 'tom']) {
    await online.member(code);
    const { member } = await online.ask(online.tokens[code] as string, '{ member { id } }');
    ids[code] = member.id;
  }
});
afterEach(async () => {
  for (const followed of open.splice(0)) followed.stop();
  await until(async () => hearers() === 0);
});
afterAll(async () => {
  await expectSoundLedger(online.db);
  await store.edge.stop();
  await online.close();
});

async function openAnother(options: Partial<EdgeOptions> = {}): Promise<typeof store> {
  const services = createServices(online.db, { outbound: online.services.outbound });
  const container = resolverInstances(online.db, services);
  const edge = await openEdge({ db: online.db, resolvers, nodes, news: services.news, container, ...options });
  return { edge, services };
}

const hearers = (): number => online.services.news.hearers + store.services.news.hearers;

/** Looks again and again, for ten seconds at most. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries === 500) throw new Error('it never came to hold');
    await delay(20);
  }
}

/** The outbox's relay is a job; here it runs when the test says so. */
const relay = (): Promise<number> => online.services.relay.run();

const tokenAt = (edge: Edge, who: string): Promise<string> =>
  edge.token(
    who === 'bare'
      ? { principal: 'ADMIN', scopes: [] }
      : ['admin', 'operator', 'service'].includes(who)
        ? { principal: who.toUpperCase() as 'ADMIN' }
        : who in ids
          ? { principal: 'MEMBER', member: ids[who] as string }
          : { principal: 'PARTNER', partner: who },
  );

/** Follows at a gateway as somebody, and waits until it is heard; what is refused at once ends instead. */
async function followAt(edge: Edge, who: string, query: string, way?: Way): Promise<Followed> {
  const before = hearers();
  const followed = follow(edge.url, await tokenAt(edge, who), query, way);
  open.push(followed);
  let over = false;
  void followed.ended.then(() => {
    over = true;
  });
  await until(async () => over || followed.told.length > 0 || hearers() > before);
  return followed;
}

const balanceOf = (code: string, after?: string): string =>
  `subscription { balanceChanged(memberId: "${ids[code]}"${after ? `, after: "${after}"` : ''}) { cursor at member { code balance { available } } } }`;
const confirmations = `subscription { accrualConfirmed(programmeCode: "${PROGRAMME}") { member { code balance { available } } } }`;
const authorisationsAt = (code: string): string =>
  `subscription { redemptionAuthorised(partnerCode: "${code}") { cursor redemption { state units partner { code } } } }`;
const closings = `subscription { windowClosed(programmeCode: "${PROGRAMME}") { window { number state } } }`;

describe.each(WAYS)('by %s', (way) => {
  test('what was earned online is to be spent in store at once', async () => {
    const before = Number((await online.balance('sue')).available);
    const till = await followAt(store.edge, 'sue', balanceOf('sue'), way);
    expect((await till.until(1))[0]?.data.balanceChanged).toMatchObject({
      cursor: expect.stringMatching(/^\d+$/),
      at: expect.stringMatching(/Z$/),
      member: { code: 'sue', balance: { available: String(before) } },
    });
    await online.earn('sue', 100);
    await relay();
    const available = String(before + 100);
    await until(async () => till.told.at(-1)?.data.balanceChanged.member.balance.available === available);
    expect((await online.authorise('sue', { units: '50' })).userErrors).toEqual([]);
    await relay();
    const left = String(before + 50);
    await until(async () => till.told.at(-1)?.data.balanceChanged.member.balance.available === left);
  });

  test('a till hears what is held there, and the window that was closed', async () => {
    const till = await followAt(store.edge, 'm2', authorisationsAt('m2'), way);
    const books = await followAt(online.edge, 'm1', closings, way);
    await online.earn('tom', 50);
    await online.authorise('tom', { units: '20' });
    const close = { programmeCode: PROGRAMME, idempotencyKey: `close-${way}` };
    await online.change(online.admin, 'settlementWindowClose', close, 'userErrors { code }');
    await relay();
    expect((await till.until(1))[0]?.data.redemptionAuthorised).toMatchObject({
      redemption: { state: 'AUTHORISED', units: '20', partner: { code: 'm2' } },
    });
    expect((await books.until(1))[0]?.data.windowClosed.window.state).toBe('CLOSED');
  });

  test('whoever may not follow is told why, at once', async () => {
    const refusals: [who: string, query: string, code: string][] = [
      ['tom', balanceOf('sue'), 'BAD_USER_INPUT'],
      ['m1', balanceOf('sue'), 'BAD_USER_INPUT'],
      ['sue', closings, 'FORBIDDEN'],
      ['m1', authorisationsAt('m2'), 'FORBIDDEN'],
      ['sue', authorisationsAt('m2'), 'FORBIDDEN'],
      ['admin', 'subscription { windowClosed(programmeCode: "nowhere") { cursor } }', 'BAD_USER_INPUT'],
      ['admin', authorisationsAt('nobody'), 'BAD_USER_INPUT'],
      ['admin', balanceOf('sue', 'yesterday'), 'BAD_USER_INPUT'],
      ['admin', 'query { members { nodes { code } } }', 'BAD_REQUEST'],
      ['admin', 'mutation { clockSet(input: {}) { userErrors { code } } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['admin', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      ['admin', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
      [
        'admin',
        balanceOf('sue').replace(
          'code',
          `transactions(first: 250) { nodes { accruals { id transaction: id } lines { amount { amount } } sources { id } ${'merchant { outlets(first: 250) { nodes { id } } } '} } }`,
        ),
        'QUERY_TOO_COSTLY',
      ],
      ['admin', balanceOf('sue', '1\u0000'), 'BAD_USER_INPUT'],
    ];
    for (const [who, query, code] of refusals) {
      const followed = await followAt(store.edge, who, query, way);
      const how = await followed.ended;
      const errors = followed.told[0]?.errors ?? (how as Followed['told'][number]['errors']);
      expect([who, query, errors?.[0]?.extensions.code]).toEqual([who, query, code]);
    }
  });
});

/** Of each subscription: who may open it, for what is sue's, m2's or the programme's. */
const MAY: Readonly<Record<string, { readonly ask: () => string; readonly yes: string; readonly no: string }>> = {
  balanceChanged: { ask: () => balanceOf('sue'), yes: 'admin operator service sue b', no: 'tom m1 m2 c bare' },
  accrualConfirmed: { ask: () => confirmations, yes: 'admin operator service sue tom b c m1 m2', no: 'bare' },
  redemptionAuthorised: {
    ask: () => authorisationsAt('m2'),
    yes: 'admin operator service m2',
    no: 'sue tom m1 b c bare',
  },
  windowClosed: { ask: () => closings, yes: 'admin operator service m1 m2 b c', no: 'sue tom bare' },
};

test('every subscription has a row', async () => {
  const schema = await createSchema(resolvers);
  expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).sort()).toEqual(Object.keys(MAY).sort());
});

test.each(Object.keys(MAY))('who may open %s, and who may not', async (name) => {
  const { ask, yes, no } = MAY[name] as (typeof MAY)[string];
  for (const who of `${yes} ${no}`.split(' ')) {
    const before = hearers();
    const followed = await followAt(store.edge, who, ask());
    expect([who, hearers() > before]).toEqual([who, yes.split(' ').includes(who)]);
    followed.stop();
    await until(async () => hearers() === before);
  }
});

test('a bank hears of the members who linked its cards, and of no others', async () => {
  const [b, c] = [await followAt(store.edge, 'b', confirmations), await followAt(store.edge, 'c', confirmations)];
  await online.earn('sue', 10);
  await relay();
  expect((await b.until(1))[0]?.data.accrualConfirmed.member.code).toBe('sue');
  const card = { programmeCode: PROGRAMME, member: { memberCode: 'tom' }, token: 'card-of-c', lastFour: '1111' };
  await online.change(online.admin, 'cardLink', { ...card, issuerCode: 'c' }, 'userErrors { code }');
  await online.earn('tom', 10);
  await relay();
  expect((await c.until(1)).map(({ data }) => data.accrualConfirmed.member.code)).toEqual(['tom']);
});

test('who comes back after its last cursor has missed nothing', async () => {
  const first = await followAt(store.edge, 'sue', balanceOf('sue'));
  const [told] = await first.until(1);
  const cursor = told?.data.balanceChanged.cursor as string;
  first.stop();
  await until(async () => hearers() === 0);
  for (const units of [5, 10]) await online.earn('sue', units);
  await relay();
  const again = await followAt(online.edge, 'sue', balanceOf('sue', cursor));
  const missed = await again.until(2);
  expect(missed.every(({ data }) => BigInt(data.balanceChanged.cursor) > BigInt(cursor))).toBe(true);
});

test('who comes back after what it missed is forgotten is told so', async () => {
  await online.db.database.command((tx) => removeOld(tx, 5n, 0, 10));
  const late = await followAt(store.edge, 'sue', balanceOf('sue', '3'));
  expect((await late.until(1))[0]?.errors?.[0]).toMatchObject({
    message: expect.stringContaining('not kept any more'),
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

test('a connection to the database that is lost is made again, and nothing is lost with it', async () => {
  const { superuser } = online.db;
  const till = await followAt(store.edge, 'm2', authorisationsAt('m2'));
  await online.earn('sue', 200);
  const pid = async (): Promise<number | undefined> =>
    (await superuser.query<{ pid: number }>(`select pid from pg_stat_activity where ${LISTENER}`)).rows[0]?.pid;
  for (const round of [1, 2, 3]) {
    const killed = await pid();
    await superuser.query('select pg_terminate_backend($1)', [killed]);
    await online.authorise('sue', { units: '10' });
    await relay(); // told to nobody
    await till.until(round);
    await until(async () => ![undefined, killed].includes(await pid()));
  }
  expect(till.told.map(({ data }) => data.redemptionAuthorised.redemption.units)).toEqual(['10', '10', '10']);
  const cursors = till.told.map(({ data }) => data.redemptionAuthorised.cursor);
  expect(new Set(cursors).size).toBe(3);
});

test('nobody listens for nobody', async () => {
  const till = await followAt(store.edge, 'sue', balanceOf('sue'));
  await till.until(1);
  till.stop();
  await until(async () => {
    const { rows } = await online.db.superuser.query(`select from pg_stat_activity where ${LISTENER}`);
    return rows.length === 0;
  });
});

test.each(WAYS)('who falls too far behind is told so and closed, by %s', async (way) => {
  const news = new EventFeed(online.db.database, 3);
  const { edge } = await openAnother({ news });
  const slow = follow(edge.url, await tokenAt(edge, 'sue'), balanceOf('sue'), way);
  await slow.until(1);
  for (let times = 0; times < 5; times += 1) await online.earn('sue', 5);
  await relay();
  const how = await slow.ended;
  if (way === 'WebSocket') expect(how).toMatchObject({ code: 4413, reason: 'SLOW_CONSUMER' });
  else expect(slow.told.at(-1)?.errors?.[0]?.extensions.code).toBe('SLOW_CONSUMER');
  expect(news.hearers).toBe(0);
  await edge.stop();
});

test.each(WAYS)('a token that ends takes its subscriptions along, by %s', async (way) => {
  let now = Date.now();
  const { edge, services } = await openAnother({
    now: () => new Date(now),
    subscriptionLimits: { each: 5, lookAtTokenMs: 50 },
  });
  const idle = follow(edge.url, await tokenAt(edge, 'sue'), balanceOf('sue'), way);
  await idle.until(1);
  now += 24 * 60 * 60 * 1_000;
  const how = await idle.ended;
  if (way === 'WebSocket') expect(how).toMatchObject({ code: 4401, reason: 'TOKEN_ENDED' });
  else expect(idle.told.at(-1)?.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect([idle.told.length, services.news.hearers]).toEqual([way === 'WebSocket' ? 1 : 2, 0]);
  await edge.stop();
});

test('nobody has more open than is allowed, and each that ends makes room', async () => {
  const { edge } = await openAnother({ subscriptionLimits: { each: 2, lookAtTokenMs: 60_000 } });
  const token = await tokenAt(edge, 'sue');
  const [first, second] = [follow(edge.url, token, balanceOf('sue')), follow(edge.url, token, balanceOf('sue'))];
  await Promise.all([first.until(1), second.until(1)]);
  const third = follow(edge.url, token, balanceOf('sue'));
  expect((await third.until(1))[0]?.errors?.[0]).toMatchObject({ extensions: { code: 'RATE_LIMITED' } });
  first.stop();
  await until(async () => {
    const another = follow(edge.url, token, balanceOf('sue'));
    const [told] = await another.until(1);
    another.stop();
    return told?.data?.balanceChanged !== undefined;
  });
  second.stop();
  await edge.stop();
});

test.each(WAYS)('whoever may run registered operations only subscribes by them alone, by %s', async (way) => {
  const known = balanceOf('sue');
  const texts = new Map([[createHash('sha256').update(known).digest('hex'), known]]);
  const { edge } = await openAnother({ persistedOperations: new PersistedOperations(texts, new Set(['MEMBER'])) });
  const token = await tokenAt(edge, 'sue');
  const registered = follow(edge.url, token, known, way);
  expect((await registered.until(1))[0]?.data.balanceChanged.member.code).toBe('sue');
  const other = follow(edge.url, token, known.replace('cursor', 'cursor at'), way);
  const how = await other.ended;
  const errors = other.told[0]?.errors ?? (how as Followed['told'][number]['errors']);
  expect(errors?.[0]?.extensions.code).toBe('PERSISTED_OPERATION_REQUIRED');
  registered.stop();
  await edge.stop();
});

test.each(WAYS)('a gateway that goes away says so to everybody, by %s', async (way) => {
  const { edge } = await openAnother();
  const followed = follow(edge.url, await tokenAt(edge, 'sue'), balanceOf('sue'), way);
  await followed.until(1);
  await edge.stop();
  const how = await followed.ended;
  if (way === 'WebSocket') expect(how).toMatchObject({ code: 1001, reason: 'GOING_AWAY' });
  else expect(followed.told.at(-1)?.errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE');
});

describe('at the door', () => {
  const connect = (headers: Record<string, string> = {}, path = '/graphql'): WebSocket =>
    new WebSocket(`${store.edge.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', { headers });
  const closeOf = async (socket: WebSocket, ...messages: (object | string)[]): Promise<unknown> => {
    const closed = once(socket, 'close');
    await once(socket, 'open');
    for (const message of messages) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return (await closed)[0];
  };
  const init = (authorization?: string): object => ({ type: 'connection_init', payload: { authorization } });
  const statusOf = async (socket: WebSocket): Promise<unknown> => {
    const [, response] = await once(socket, 'unexpected-response');
    return response.statusCode;
  };

  test('no token, a bad one or none in time closes the socket', async () => {
    const subscribe = { id: '1', type: 'subscribe', payload: { query: balanceOf('sue') } };
    expect(await closeOf(connect(), init())).toBe(4401);
    expect(await closeOf(connect(), init('Bearer nonsense'))).toBe(4401);
    expect(await closeOf(connect(), subscribe)).toBe(4401);
    expect(await closeOf(connect())).toBe(4408);
  });

  test('what is no message, or a larger one than there is need of, closes the socket', async () => {
    expect(await closeOf(connect(), 'hello')).toBe(4400);
    expect(await closeOf(connect(), 'x'.repeat(300 * 1024))).toBe(1009);
  });

  test('pages from elsewhere, and other addresses, get no socket', async () => {
    expect(await statusOf(connect({ origin: 'https://elsewhere.example' }))).toBe(403);
    expect(await statusOf(connect({ origin: 'null' }))).toBe(403);
    expect(await statusOf(connect({}, '/elsewhere'))).toBe(404);
    const ours = connect({ origin: store.edge.url });
    await once(ours, 'open');
    ours.close();
  });

  test('a stream takes a token, and a subscription takes a stream', async () => {
    const ask = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${store.edge.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: balanceOf('sue') }),
      });
    const stream = { accept: 'text/event-stream' };
    expect((await ask(stream)).status).toBe(401);
    expect((await ask({ ...stream, authorization: 'Bearer nonsense' })).status).toBe(401);
    const asQuery = await ask({ authorization: `Bearer ${await tokenAt(store.edge, 'sue')}` });
    expect([asQuery.status, await asQuery.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    ]);
  });
});
