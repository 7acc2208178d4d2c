/**
 * Row-level security as the second wall: a resolver that forgets to filter, played by asking for all rows of every
 * entity there is, still shows nobody what belongs to somebody else. (That the reader is nobody special, and that a
 * missing setting yields no rows: test/migrations/roles.test.ts.)
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { GatewayContext } from '../../src/graphql/context.js';
import { createLoaders } from '../../src/graphql/loaders.js';
import { rowsOf } from '../../src/infrastructure/db/entity-rows.js';
import { readerFor, type Visibility } from '../../src/infrastructure/db/orm.js';
import { askingFor } from '../../src/infrastructure/db/reads.js';
import { PARTNER_BY_NO } from '../../src/modules/partners/index.js';
import type { Gateway } from '../e2e/gateway.js';
import { admin } from '../support/principals.js';
import { openTwoWorlds, secretsOf } from './two-worlds.js';

let gateway: Gateway;
let secrets: Map<string, string>;
beforeAll(async () => {
  gateway = await openTwoWorlds();
  secrets = await secretsOf(gateway, 'zebra');
}, 180_000);
afterAll(() => gateway?.close());

const entitiesOf = ({ db }: Gateway): string[] =>
  [...db.reader.getMetadata().getAll().values()].map(({ className }) => className).sort();

const written = (rows: unknown): string =>
  JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value));

const noOf = async (table: string, code: string): Promise<number> =>
  (await gateway.db.superuser.query(`select no from ${table} where code = $1`, [code])).rows[0].no;

async function rowsSeen(em: EntityManager): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  for (const entity of entitiesOf(gateway)) {
    const found = (await em.find(entity as never, {})) as object[];
    seen.set(entity, written(found));
    expect({ entity, rows: await plainRows(em, entity) }).toEqual({ entity, rows: sorted(found) });
  }
  await expectHintsToShowNothing(em);
  return seen;
}

/** Whoever a read says it is about, it sees what it sees without saying so. */
async function expectHintsToShowNothing(em: EntityManager): Promise<void> {
  const fields = (entity: string) =>
    em
      .getMetadata()
      .get(entity as never)
      .props.map(({ name }) => String(name));
  const ofMembers = entitiesOf(gateway).filter((entity) => fields(entity).includes('memberNo'));
  const seen = () => Promise.all(ofMembers.map(async (entity) => [entity, await plainRows(em, entity)]));
  const unasked = await seen();
  for (const member of ['ant-anna', 'zebra-anna']) {
    askingFor(em, await noOf('member', member));
    expect(await seen()).toEqual(unasked);
  }
}

/** The same without the ORM, which sees neither more nor less and no other values. */
const plainRows = async (em: EntityManager, entity: string): Promise<string[]> =>
  sorted((await rowsOf(em, entity as never, '', [])) as object[]);

const sorted = (rows: readonly object[]): string[] =>
  rows
    .map((row) =>
      Object.entries(row)
        .map(([name, value]) => `${name} ${typeof value === 'bigint' ? `${value}n` : written(value)}`)
        .sort()
        .join(),
    )
    .sort();

describe('who forgets to filter shows nothing of the other world', () => {
  test.each<['partner' | 'member', string]>([
    ['partner', 'ant-shop'],
    ['partner', 'ant-bank'],
    ['partner', 'ant-charity'],
    ['member', 'ant-anna'],
  ])('as the %s %s', async (table, code) => {
    const no = await noOf(table, code);
    const seen = await rowsSeen(
      readerFor(gateway.db.reader, table === 'partner' ? { partnerNo: no } : { memberNo: no }),
    );
    const leaks = [...seen].flatMap(([entity, text]) =>
      [...secrets]
        .filter(([secret]) => text.includes(secret))
        .map(([secret, place]) => `${entity}: ${place} ${secret}`),
    );
    expect(leaks).toEqual([]);
    expect([...seen.values()].join()).toContain('two-worlds');
  });

  test('while who may see everything sees all of it: the test would notice', async () => {
    const text = [...(await rowsSeen(readerFor(gateway.db.reader, { seesAll: true }))).values()].join();
    const unseen = [...secrets].filter(([secret, place]) => place.endsWith('.id') && !text.includes(secret));
    expect(unseen.map(([, place]) => place)).toEqual([]);
  });
});

test.each<[string, Visibility]>([
  ['no setting', {}],
  ['a partner that is not there', { partnerNo: 987_654 }],
  ['a member that is not there', { memberNo: 987_654 }],
])('%s shows nothing of anybody', async (_what, visibility) => {
  const seen = await rowsSeen(readerFor(gateway.db.reader, visibility));
  const others = [...secrets, ...(await secretsOf(gateway, 'ant'))];
  const leaks = [...seen].flatMap(([entity, text]) =>
    others.filter(([secret]) => text.includes(secret)).map(([secret, place]) => `${entity}: ${place} ${secret}`),
  );
  expect(leaks).toEqual([]);
});

const CODES = ['ant-shop', 'ant-bank', 'zebra-shop', 'zebra-bank'];

test('a batch of a loader is one transaction, and over when it is answered', async () => {
  const pool = (await gateway.db.reader.em.getConnection().getNativeClient()) as Pool;
  let taken = 0;
  const count = (): void => {
    taken += 1;
  };
  pool.on('acquire', count);
  const context = {
    principal: admin(),
    requestId: 'batch',
    em: readerFor(gateway.db.reader, { seesAll: true }),
    loader: createLoaders(() => context),
  } as GatewayContext;
  const numbers: number[] = [];
  for (const code of CODES) numbers.push(await noOf('partner', code));
  const found = await Promise.all(numbers.map((no) => context.loader(PARTNER_BY_NO).load(no)));
  pool.off('acquire', count);
  expect(found.map((partner) => partner?.code)).toEqual(CODES);
  expect(taken).toBe(1);
  expect(pool.idleCount).toBe(pool.totalCount);
  const { rows } = await gateway.db.superuser.query(
    `select count(*)::integer as open from pg_stat_activity where usename = 'hansa_reader' and datname = current_database() and state <> 'idle'`,
  );
  expect(rows).toEqual([{ open: 0 }]);
});
