/** Who is slow loses its own connection and nothing else: real sockets, with a patience that a test can wait for. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Ctx, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from '../../src/graphql/context.js';
import { readerFor } from '../../src/infrastructure/db/orm.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edge, openEdge } from './edge.js';

const PATIENCE = { receiveMs: 600, answerMs: 500 };
let reads = 0;
const READ = {
  name: 'test.read',
  load: async (keys: readonly number[]) => {
    reads += 1;
    return keys;
  },
};

let opened: () => void;
let gate: Promise<void>;
let seen: AbortSignal | undefined;
let readAfterwards: Promise<unknown>;

@Resolver()
class SlowResolver {
  @Query(() => String, { nullable: true })
  async never(@Ctx() context: GatewayContext): Promise<string> {
    seen = context.signal;
    await gate;
    readAfterwards = context
      .loader(READ)
      .load(1)
      .catch((error: Error) => error.message);
    return String(await readAfterwards);
  }

  @Query(() => String, { nullable: true })
  quick(): string {
    return 'quick';
  }
}

let db: TestDatabase;
let edge: Edge;
let token: string;
beforeAll(async () => {
  db = await openTestDatabase();
  edge = await openEdge({ db, resolvers: [SlowResolver], patience: PATIENCE });
  token = await edge.token({ principal: 'ADMIN' });
});
beforeEach(() => {
  reads = 0;
  seen = undefined;
  gate = new Promise((resolve) => {
    opened = resolve;
  });
});
afterAll(async () => {
  await edge?.stop();
  await db?.close();
});

async function openSocket(): Promise<Socket> {
  const { hostname, port } = new URL(edge.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** Everything the server says until it ends the connection. */
async function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  // Written to when the server had closed it already, for one: what it has said before counts.
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

test.each<[string, string]>([
  ['headers that never end', 'POST /graphql HTTP/1.1\r\nhost: gateway\r\nx-slow: '],
  [
    'a body that never ends',
    'POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"que',
  ],
])('%s: the connection is ended, with the reason; others are answered meanwhile', async (_what, beginning) => {
  const slow = await Promise.all([openSocket(), openSocket(), openSocket()]);
  for (const socket of slow) socket.write(beginning);
  // Not for longer than the patience: a write that fails would throw away the answer before it is read.
  let drips = 6;
  const drip = setInterval(() => {
    drips -= 1;
    if (drips === 0) clearInterval(drip);
    for (const socket of slow) if (socket.writable) socket.write('x');
  }, 50);
  const ended = Promise.all(slow.map(heard));
  expect(await edge.ask('{ quick }', { token })).toMatchObject({ data: { quick: 'quick' } });
  const answers = await ended;
  for (const answer of answers) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('x-content-type-options: nosniff');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      errors: [{ message: 'The request did not arrive within the time allowed.', extensions: { code: 'BAD_REQUEST' } }],
    });
  }
});

test.each<[string, string, number]>([
  ['headers too large', `GET /graphql HTTP/1.1\r\nhost: gateway\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['no HTTP', 'EHLO mail.example\r\n\r\n', 400],
  ['a method that is none', 'BREW /graphql HTTP/1.1\r\nhost: gateway\r\n\r\n', 400],
  [
    'two lengths, as for smuggling a request',
    'POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
])('%s', async (_what, text, status) => {
  const socket = await openSocket();
  const answered = heard(socket);
  socket.write(text);
  const answer = await answered;
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
    errors: [{ extensions: { code: 'BAD_REQUEST' } }],
  });
});

test('an answer that takes too long is given up: a clear refusal, and nothing more is read for it', async () => {
  const answer = await edge.ask('{ never }', { token });
  expect(answer).toMatchObject({
    status: 503,
    errors: [
      {
        message: expect.stringContaining('send it again with the same keys'),
        extensions: { code: 'SERVICE_UNAVAILABLE' },
      },
    ],
  });
  expect(seen?.aborted).toBe(true);
  opened();
  await gate;
  expect(await readAfterwards).toBe('The answer was given up: nobody waits for it any more.');
  expect(reads).toBe(0);
});

test('a client that goes away takes its reads with it', async () => {
  const gone = new AbortController();
  const asked = fetch(`${edge.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ never }' }),
    signal: gone.signal,
  }).catch(() => 'gone');
  for (let tries = 0; seen === undefined && tries < 200; tries += 1) await new Promise((done) => setTimeout(done, 5));
  const signal = seen as unknown as AbortSignal;
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  gone.abort();
  expect(await asked).toBe('gone');
  await aborted;
  opened();
  await gate;
  await readAfterwards;
  expect(reads).toBe(0);
});

test.each<[string, (databases: TestDatabase) => MikroORM]>([
  ['reader', ({ reader }) => reader],
  ['writer', ({ writer }) => writer],
])('the database ends a statement of the %s that runs too long', async (_role, ormOf) => {
  const em = readerFor(ormOf(db), { seesAll: true });
  const [row] = await em.execute<{ milliseconds: string }[]>(
    `select setting as milliseconds from pg_settings where name = 'statement_timeout'`,
  );
  expect(Number(row?.milliseconds)).toBe(30_000);
});
