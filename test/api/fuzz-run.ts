/**
 * Sends requests that nobody should send to a whole gateway over a small coalition, and looks at what is left: every
 * answer is well-formed and never our fault, the server answers the next one, its memory is what it was, and nothing
 * was stored.
 */
import { Agent, type IncomingMessage, request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createSchema } from '../../src/api/schema.js';
import { resolverInstances } from '../../src/resolver-instances.js';
import { resolvers } from '../../src/resolvers.js';
import { createServices } from '../../src/services.js';
import { makeCoalition, purchase } from '../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { tablesOf } from '../support/migrated-rows.js';
import { type Edge, openEdge } from './edge.js';
import { Chance, type FuzzRequest, fuzzRequest } from './fuzz-requests.js';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface FuzzReport {
  /** What was wrong, with the request that did it. */
  readonly faults: readonly string[];
  readonly stored: readonly string[];
  /** Heap after collection, against before. */
  readonly growth: number;
  readonly byStatus: Readonly<Record<string, number>>;
}

const A_DAY = 86_400;
/** Where refused acts of administrators are kept on purpose. */
const REFUSALS = 'audit_entry';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function heapInUse(): Promise<number> {
  for (let times = 0; times < 3; times += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

/** As written, unlike fetch, which mends addresses and refuses methods. */
function send(edge: Edge, agent: Agent, { method, path, headers, body }: FuzzRequest): Promise<Answer | string> {
  const { hostname, port } = new URL(edge.url);
  return new Promise((resolve) => {
    try {
      const asked = request({
        agent,
        hostname,
        port,
        method,
        path,
        headers: { ...headers },
        insecureHTTPParser: false,
      });
      asked.on('response', (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', (error) => resolve(`broken off: ${error.message}`));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      asked.on('error', (error) => resolve(`broken off: ${error.message}`));
      asked.end(body);
    } catch (error) {
      resolve(`unsendable: ${(error as Error).message}`);
    }
  });
}

/** What is wrong with an answer; undefined when nothing is. */
function faultOf({ method }: FuzzRequest, answer: Answer | string): string | undefined {
  if (typeof answer === 'string') return answer.startsWith('unsendable') ? undefined : answer;
  const { status, type, text } = answer;
  if (status >= 500) return `status ${status}: ${text.slice(0, 300)}`;
  if (method === 'HEAD' || !type.includes('json'))
    return status < 400 || method === 'HEAD' ? undefined : `no JSON: ${text}`;
  try {
    const { errors } = JSON.parse(text) as { errors?: { message: unknown; extensions: { code: unknown } }[] };
    for (const { message, extensions } of errors ?? []) {
      if (typeof message !== 'string' || typeof extensions?.code !== 'string')
        return `error without a code: ${text.slice(0, 300)}`;
      if (extensions.code === 'INTERNAL_SERVER_ERROR') return `our failure: ${text.slice(0, 300)}`;
    }
    return undefined;
  } catch {
    return `not JSON: ${text.slice(0, 300)}`;
  }
}

async function rowsOf(db: TestDatabase): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const table of await tablesOf(db.superuser))
    rows[table] = Number((await db.superuser.query(`select count(*) from ${table}`)).rows[0].count);
  return rows;
}

export async function fuzz(seed: number, count: number): Promise<FuzzReport> {
  const db = await openTestDatabase();
  const coalition = await makeCoalition(db);
  await coalition.submit(purchase({ reference: 'bread' }));
  const edge = await openEdge({ db, resolvers, container: resolverInstances(db, createServices(db)) });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  try {
    const schema = await createSchema(resolvers);
    const good = await Promise.all([
      edge.token({ principal: 'ADMIN' }, A_DAY),
      edge.token({ principal: 'PARTNER', partner: 'bank' }, A_DAY),
      edge.token({ principal: 'MEMBER', member: 'a' }, A_DAY),
    ]);
    const tokens = { good, bare: await edge.token({ principal: 'ADMIN', scopes: [] }, A_DAY) };
    const faults: string[] = [];
    const byStatus: Record<string, number> = {};
    const run = async (chance: Chance, times: number): Promise<void> => {
      let left = times;
      const lane = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          const asked = fuzzRequest(schema, chance, tokens);
          const answer = await send(edge, agent, asked);
          const status = typeof answer === 'string' ? answer.split(':')[0] : String(answer.status);
          byStatus[status ?? ''] = (byStatus[status ?? ''] ?? 0) + 1;
          const fault = faultOf(asked, answer);
          if (fault !== undefined) faults.push([fault, describe(asked), ...reasonsOf(edge, fault)].join('\n'));
        }
      };
      await Promise.all(Array.from({ length: 8 }, lane));
    };
    // What is made once and then kept, so that what grows afterwards is a leak.
    await fetch(`${edge.url}/playground/assets/graphiql.js`).then((asset) => asset.arrayBuffer());
    await run(new Chance(seed + 1), Math.min(count, 700));
    const rows = await rowsOf(db);
    (edge.logged as unknown[]).length = 0;
    const heap = await heapInUse();
    await run(new Chance(seed), count);
    (edge.logged as unknown[]).length = 0;
    const growth = (await heapInUse()) / heap - 1;
    const after = await rowsOf(db);
    const healthy = await edge.ask('{ programmes { nodes { code } } }', { token: good[0] });
    if (healthy.data?.programmes.nodes[0].code !== 'coalition-test')
      faults.push(`no answer: ${JSON.stringify(healthy)}`);
    const stored = Object.keys(after).filter((table) => table !== REFUSALS && after[table] !== rows[table]);
    const { rows: done } = await db.superuser.query(
      `select distinct operation from ${REFUSALS} where outcome = 'DONE'`,
    );
    stored.push(...done.map(({ operation }) => `done: ${operation}`));
    return { faults, stored, growth, byStatus };
  } finally {
    agent.destroy();
    await edge.stop();
    await db.close();
  }
}

/** What the gateway's log says of the failures that an answer names. */
const reasonsOf = ({ logged }: Edge, fault: string): string[] =>
  logged
    .filter(({ errorId }) => typeof errorId === 'string' && fault.includes(errorId))
    .map(({ err }) => JSON.stringify(err).slice(0, 1_000));

const describe = ({ method, path, headers, body }: FuzzRequest): string =>
  `${method} ${path.slice(0, 1_500)} ${JSON.stringify({ ...headers, authorization: undefined }).slice(0, 300)} ${String(body ?? '').slice(0, 2_500)}`;
