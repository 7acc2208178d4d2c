import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { type ConnectionArguments, connection } from '../../src/graphql/connection.js';
import { cursorOf, type Keyset, ormSlice, sqlSlice } from '../../src/graphql/keyset.js';
import { readerFor } from '../../src/infrastructure/db/orm.js';
import { PartnerEntity } from '../../src/modules/partners/partner.entity.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

/** Status first, so that many rows share the leading column and the second decides. */
const keyset = (direction: 'ASC' | 'DESC'): Keyset => ({
  name: 'partners-by-status',
  columns: [
    { property: 'status', kind: 'text', sql: 'p.status' },
    { property: 'code', kind: 'text', sql: 'p.code' },
  ],
  direction,
});

interface Row {
  readonly status: string;
  readonly code: string;
}

let db: TestDatabase;
let em: EntityManager;

beforeAll(async () => {
  db = await openTestDatabase();
  for (const [code, status] of [
    ['a', 'ACTIVE'],
    ['b', 'ACTIVE'],
    ['c', 'ACTIVE'],
    ['a-closed', 'CLOSED'],
    ['b-closed', 'CLOSED'],
  ]) {
    await db.superuser.query(
      `insert into partner (id, code, name, roles, status, onboarded_at) values ($1, $2, $2, '{MERCHANT}', $3, now())`,
      [v7(), code, status],
    );
  }
  em = readerFor(db.reader, { seesAll: true });
});
afterAll(() => db?.close());

const viaOrm = (args: ConnectionArguments, direction: 'ASC' | 'DESC') =>
  connection<Row, string>(
    args,
    keyset(direction),
    (slice) => {
      const { where, orderBy, limit } = ormSlice(keyset(direction), slice);
      return em.find(PartnerEntity, where as never, { orderBy: orderBy as never, limit }) as unknown as Promise<Row[]>;
    },
    ({ code }) => code,
  );

const viaSql = (args: ConnectionArguments, direction: 'ASC' | 'DESC') =>
  connection<Row, string>(
    args,
    keyset(direction),
    (slice) => {
      const { condition, values, orderBy, limit } = sqlSlice(keyset(direction), slice);
      const text = `select p.status, p.code from partner p where ${condition} order by ${orderBy} limit ${limit}`;
      return em.execute(text, values) as unknown as Promise<Row[]>;
    },
    ({ code }) => code,
  );

const at = (code: string): string =>
  cursorOf(keyset('ASC'), { status: code.endsWith('closed') ? 'CLOSED' : 'ACTIVE', code });

describe.each([
  ['the ORM', viaOrm],
  ['SQL', viaSql],
])('pages read through %s', (_name, page) => {
  test.each<[string, ConnectionArguments, 'ASC' | 'DESC', string[], [next: boolean, previous: boolean]]>([
    ['everything by default', {}, 'ASC', ['a', 'b', 'c', 'a-closed', 'b-closed'], [false, false]],
    ['the first', { first: 2 }, 'ASC', ['a', 'b'], [true, false]],
    ['what follows a cursor', { first: 2, after: at('b') }, 'ASC', ['c', 'a-closed'], [true, true]],
    ['the rest', { first: 2, after: at('a-closed') }, 'ASC', ['b-closed'], [false, true]],
    ['nothing after the end', { first: 2, after: at('b-closed') }, 'ASC', [], [false, true]],
    ['the last', { last: 2 }, 'ASC', ['a-closed', 'b-closed'], [false, true]],
    ['what precedes a cursor', { last: 2, before: at('a-closed') }, 'ASC', ['b', 'c'], [true, true]],
    ['the beginning from behind', { last: 2, before: at('b') }, 'ASC', ['a'], [true, false]],
    ['between two cursors', { after: at('a'), before: at('b-closed') }, 'ASC', ['b', 'c', 'a-closed'], [false, true]],
    ['after a row that has gone', { first: 1, after: at('bb') }, 'ASC', ['c'], [true, true]],
    ['falling', { first: 2 }, 'DESC', ['b-closed', 'a-closed'], [true, false]],
    ['falling on', { first: 2, after: at('a-closed') }, 'DESC', ['c', 'b'], [true, true]],
    ['the last when falling', { last: 2 }, 'DESC', ['b', 'a'], [false, true]],
  ])('%s', async (_what, args, direction, codes, [hasNextPage, hasPreviousPage]) => {
    const { nodes, edges, pageInfo } = await page(args, direction);
    expect(nodes).toEqual(codes);
    expect(pageInfo).toEqual({
      hasNextPage,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    });
  });

  test('its cursors lead on', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { nodes, pageInfo } = await page({ first: 2, after }, 'ASC');
      seen.push(...nodes);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(['a', 'b', 'c', 'a-closed', 'b-closed']);
  });
});

describe('arguments that make no page are refused before anything is read', () => {
  const otherList = cursorOf({ ...keyset('ASC'), name: 'others' }, { status: 'ACTIVE', code: 'a' });
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each<[string, ConnectionArguments, RegExp]>([
    ['nothing wanted', { first: 0 }, /first must be from 1 to 250/],
    ['less than nothing', { last: -1 }, /last must be from 1 to 250/],
    ['too much', { first: 251 }, /first must be from 1 to 250/],
    ['both ends', { first: 1, last: 1 }, /either first or last/],
    ['a cursor that is none', { after: 'nonsense' }, /cursor in "after" is not one of this list/],
    ['an empty cursor', { before: '' }, /cursor in "before"/],
    ['a cursor of another list', { after: otherList }, /cursor in "after"/],
    ['a cursor with too little', { after: encode(['partners-by-status', 'ACTIVE']) }, /cursor in "after"/],
    ['a cursor with a number', { after: encode(['partners-by-status', 1, 'a']) }, /cursor in "after"/],
    [
      'a cursor PostgreSQL would choke on',
      { after: encode(['partners-by-status', 'ACTIVE', 'a\u0000']) },
      /cursor in "after"/,
    ],
    ['a huge cursor', { after: 'A'.repeat(10_000) }, /cursor in "after"/],
  ])('%s', async (_what, args, message) => {
    const read = async (): Promise<Row[]> => {
      throw new Error('was read');
    };
    const page = connection(args, keyset('ASC'), read, String);
    await expect(page).rejects.toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test.each<['integer' | 'bigint' | 'date' | 'uuid', string]>([
    ['integer', '2147483648'],
    ['integer', '1; drop table partner'],
    ['bigint', '9223372036854775808'],
    ['date', '2026-02-30'],
    ['uuid', 'x'],
  ])('a cursor whose %s is %s', async (kind, value) => {
    const list: Keyset = { name: 'l', columns: [{ property: 'x', kind }], direction: 'ASC' };
    const page = connection({ after: cursorOf(list, { x: value }) }, list, async () => [{}], String);
    await expect(page).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });
});
