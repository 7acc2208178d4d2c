/** What a request costs before anybody asks: Apollo copies its context, and a copy must not begin to read. */
import { ApolloServer } from '@apollo/server';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createContext } from '../../src/api/context.js';
import { RateLimiter } from '../../src/api/rate-limits.js';
import type { Principal } from '../../src/domain/access/principal.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

it('makes nothing to read with until a resolver reads, and then one for the whole request', async () => {
  let forks = 0;
  const reader: MikroORM = Object.create(db.reader, {
    em: {
      get: () => {
        forks += 1;
        return db.reader.em;
      },
    },
  });
  const who: Principal = { kind: 'ADMIN', subject: 'test', scopes: new Set() };
  const meter = new RateLimiter({ clientCost: 0, strangerRequests: 0, failedSignIns: 0 }).meterFor(who);
  const contextValue = createContext(who, { requestId: 'one', signal: new AbortController().signal, meter }, reader);
  const reads = (_source: unknown, _args: unknown, context: typeof contextValue) => Boolean(context.em);
  const apollo = new ApolloServer<typeof contextValue>({
    typeDefs: 'type Query { reads: Boolean! writes: Boolean! }',
    resolvers: { Query: { reads, writes: () => true } },
  });
  await apollo.executeOperation({ query: '{ writes }' }, { contextValue });
  expect(forks).toBe(0);
  const read = await apollo.executeOperation({ query: '{ reads again: reads }' }, { contextValue });
  expect(read.body).toMatchObject({ singleResult: { data: { reads: true, again: true } } });
  expect(contextValue.em).toBeDefined();
  expect(forks).toBe(1);
  await apollo.stop();
});
