import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { Ctx, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from '../../src/graphql/context.js';
import { statement } from '../../src/infrastructure/db/database.js';
import { openTracing } from '../../src/infrastructure/tracing.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edge, openEdge } from './edge.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const ONE = statement('test.one', 'select 1 as one');

@Resolver()
class Asked {
  @Query(() => String)
  async subject(@Ctx() { principal }: GatewayContext): Promise<string> {
    await db.database.command((tx) => tx.run(ONE));
    return principal.subject;
  }

  @Query(() => String)
  broken(): string {
    throw new Error('a bug');
  }
}

const open = (options: { metricsToken?: string; environment?: 'test' | 'production' } = {}): Promise<Edge> =>
  openEdge({ db, resolvers: [Asked], ...options });

const read = async (edge: Edge, authorization?: string): Promise<{ status: number; text: string }> => {
  const answer = await fetch(`${edge.url}/metrics`, authorization === undefined ? {} : { headers: { authorization } });
  return { status: answer.status, text: await answer.text() };
};

describe('/metrics', () => {
  it('counts answers by route and operations by outcome, and tells nothing of who asked', async () => {
    const edge = await open();
    const token = await edge.token({ principal: 'ADMIN' });
    await edge.ask('{ subject }', { token });
    await edge.ask('{ broken }', { token });
    await edge.ask('{ nonsense }', { token });
    await edge.ask('{ nonsense', { token });
    await fetch(`${edge.url}/4539578763621486`);
    const { status, text } = await read(edge);
    await edge.stop();
    expect(status).toBe(200);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'hansa_graphql_operations_total{kind="query",outcome="ok"} 1',
        'hansa_graphql_operations_total{kind="query",outcome="INTERNAL_SERVER_ERROR"} 1',
        'hansa_graphql_operations_total{kind="unreadable",outcome="GRAPHQL_VALIDATION_FAILED"} 1',
        'hansa_graphql_operations_total{kind="unreadable",outcome="GRAPHQL_PARSE_FAILED"} 1',
        'hansa_http_request_duration_seconds_count{route="/graphql",status="200"} 2',
        'hansa_http_request_duration_seconds_count{route="unknown",status="404"} 1',
      ]),
    );
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toMatch(/development:|4539578763621486/);
  });

  it.each([
    [undefined, 401],
    ['Bearer another-token-of-16', 401],
    ['Bearer the-token-of-metrics', 200],
  ])('with a token of its own answers %s with %s', async (authorization, status) => {
    const edge = await open({ metricsToken: 'the-token-of-metrics', environment: 'production' });
    expect((await read(edge, authorization)).status).toBe(status);
    await edge.stop();
  });

  it('is not there in production without a token', async () => {
    const edge = await open({ environment: 'production' });
    expect((await read(edge)).status).toBe(404);
    await edge.stop();
  });
});

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

describe('traces', () => {
  const sent: SentSpan[] = [];
  let collector: Server;
  beforeAll(async () => {
    collector = createServer(async (request, response) => {
      const { resourceSpans } = (await json(request)) as {
        resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[];
      };
      sent.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
      response.setHeader('content-type', 'application/json').end('{}');
    });
    await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
  });
  afterAll(() => collector.close());

  it("go on where the caller's began, down to the transaction, without a word of who asked", async () => {
    const tracing = openTracing(`http://127.0.0.1:${(collector.address() as AddressInfo).port}`, '0');
    const edge = await open();
    const token = await edge.token({ principal: 'ADMIN' });
    const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
    await edge.ask('query Who { subject }', {
      token,
      headers: { traceparent: `00-${caller.traceId}-${caller.spanId}-01`, 'x-request-id': 'mine' },
    });
    await edge.stop();
    await tracing.close();
    const ofCaller = sent.filter(({ traceId }) => traceId === caller.traceId);
    const request = ofCaller.find(({ name }) => name === 'POST /graphql');
    expect(request).toMatchObject({ parentSpanId: caller.spanId });
    expect(
      Object.fromEntries(request?.attributes.map(({ key, value }) => [key, value.stringValue]) ?? []),
    ).toMatchObject({
      'hansa.request_id': 'mine',
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Who',
    });
    expect(ofCaller.find(({ name }) => name === 'database transaction')).toMatchObject({
      parentSpanId: request?.spanId,
    });
    expect(JSON.stringify(sent)).not.toContain('development:');
  });

  it('are not made when nobody wants them', async () => {
    sent.length = 0;
    const edge = await open();
    await edge.ask('{ subject }', { token: await edge.token({ principal: 'ADMIN' }) });
    await edge.stop();
    expect(sent).toEqual([]);
  });
});
