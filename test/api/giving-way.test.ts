/** Jobs hear of questions. Time stands still, so whoever has asked asked just now. */
import { Query, Resolver } from 'type-graphql';
import { Background } from '../../src/infrastructure/background.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edge, openEdge } from './edge.js';

const background = new Background(() => 0);
const lanes = (): Promise<number> => background.turn(async (pace) => pace.lanes);

@Resolver()
class LanesResolver {
  @Query(() => String)
  async lanes(): Promise<string> {
    return String(await lanes());
  }
}

let db: TestDatabase;
let edge: Edge;
beforeAll(async () => {
  db = await openTestDatabase();
  edge = await openEdge({ db, resolvers: [LanesResolver], background });
});
afterAll(async () => {
  await edge.stop();
  await db.close();
});

it('a health check is no question, and a question is one while it is answered', async () => {
  expect((await fetch(`${edge.url}/readyz`)).status).toBe(200);
  expect(await lanes()).toBe(3);
  const token = await edge.token({ principal: 'ADMIN' });
  expect(await lanes()).toBe(3);
  expect((await edge.ask('{ lanes }', { token })).data).toEqual({ lanes: '1' });
});
