import { type IncomingMessage, request } from 'node:http';
import { Query, Resolver } from 'type-graphql';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edge, openEdge } from './edge.js';

/** A resolver that answers when it is told to, so that a request can be caught in the middle. */
class Gate {
  readonly entered: Promise<void>;
  #enter!: () => void;
  readonly #opened: Promise<void>;
  open!: () => void;

  constructor() {
    this.entered = new Promise((resolve) => {
      this.#enter = resolve;
    });
    this.#opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  async pass(): Promise<string> {
    this.#enter();
    await this.#opened;
    return 'passed';
  }
}

let gate: Gate;

@Resolver()
class GateResolver {
  @Query(() => String, { nullable: true })
  gate(): Promise<string> {
    return gate.pass();
  }
}

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db?.close());

async function withEdge(
  options: { ready?: () => Promise<readonly string[]> },
  work: (edge: Edge) => Promise<void>,
): Promise<void> {
  gate = new Gate();
  const edge = await openEdge({ db, resolvers: [GateResolver], ...options });
  let stopped = false;
  try {
    const stop = (): Promise<void> => {
      stopped = true;
      return edge.stop();
    };
    await work({ ...edge, stop });
  } finally {
    if (!stopped) await edge.stop();
  }
}

test('stopping answers what was accepted and takes in nothing more', async () => {
  await withEdge({}, async (edge) => {
    const asked = edge.ask('{ gate }', { token: await edge.token({ principal: 'ADMIN' }) });
    await gate.entered;
    const stopped = edge.stop();
    const meanwhile = await fetch(`${edge.url}/healthz`).then(
      ({ status }) => status,
      () => 'refused',
    );
    gate.open();
    expect([503, 'refused']).toContain(meanwhile);
    await expect(asked).resolves.toMatchObject({ status: 200, data: { gate: 'passed' } });
    await stopped;
  });
});

test.each<[string, readonly string[], number]>([
  ['ready', [], 200],
  ['not ready', ['The database cannot be reached.'], 503],
])('%s', async (status, problems, code) => {
  await withEdge({ ready: async () => problems }, async (edge) => {
    const response = await fetch(`${edge.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([code, { status, problems }]);
    expect((await fetch(`${edge.url}/healthz`)).status).toBe(200);
  });
});

test('development tokens are refused to a page that reaches this machine by a name of its own', async () => {
  await withEdge({}, async (edge) => {
    const { hostname, port } = new URL(edge.url);
    const status = await new Promise((resolve, reject) => {
      const asked = request(
        {
          hostname,
          port,
          path: '/dev/token',
          method: 'POST',
          headers: { host: 'evil.example', 'content-type': 'application/json' },
        },
        (response: IncomingMessage) => resolve(response.resume().statusCode),
      );
      asked.on('error', reject);
      asked.end('{"principal":"ADMIN"}');
    });
    expect(status).toBe(403);
  });
});
