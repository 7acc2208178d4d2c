/** What is encrypted at rest is, whatever release has written it; and every text is decided on. */
import pg from 'pg';
import { Database } from '../../../src/infrastructure/db/database.js';
import { SecretBox } from '../../../src/infrastructure/secret-box.js';
import { ABOUT_NOBODY, IN_THE_OPEN } from '../../../src/modules/privacy/at-rest.js';
import { resealAll, SEALED_COLUMNS } from '../../../src/modules/privacy/sealed-columns.js';
import { connectTo } from '../../support/database.js';
import { migrateOverRows } from '../../support/migrated-rows.js';

const OLD = { id: 'old', key: Buffer.alloc(32, 1) };
const NEW = { id: 'newer', key: Buffer.alloc(32, 2) };

let superuser: pg.Client;
let pool: pg.Pool;
/** Rows of every table, as releases before wrote them: everything stands in the open. */
beforeAll(async () => {
  const { urls } = await migrateOverRows(`at_rest_${process.env.JEST_WORKER_ID ?? '1'}`);
  superuser = await connectTo(urls.superuser);
  // Secrets of those rows were never sealed by anybody.
  await superuser.query('delete from webhook_secret; update connector set secret = null; delete from signing_key');
  await superuser.query(
    `insert into consent_receipt (id, member_no, purpose, version, state, recorded_at, recorded_by, channel, evidence)
     values (gen_random_uuid(), 1, 'MARKETING', 2, 'WITHDRAWN', now(), 'operator', 'PAPER', 'form 7')`,
  );
  pool = new pg.Pool({ connectionString: urls.writer });
}, 180_000);
afterAll(async () => {
  await pool.end();
  await superuser.end();
});

const TEXTS = SEALED_COLUMNS.flatMap(({ table, column, plain, hash, isJson = false }) =>
  plain === undefined ? [] : [{ table, column, plain, hash, isJson }],
);

interface Row {
  readonly id: string;
  readonly plain: string | null;
  readonly sealed: Buffer | null;
  readonly hash: Buffer | null;
}
const rowsOf = async ({ table, column, plain, hash }: (typeof TEXTS)[number]): Promise<Row[]> => {
  const { rows } = await superuser.query<Row>(
    `select id::text as id, ${plain}::text as plain, ${column} as sealed, ${hash ?? 'null::bytea'} as hash from ${table} order by id`,
  );
  return rows;
};

test('every text about somebody is encrypted, or it is written why not', async () => {
  const { rows } = await superuser.query<{ table: string; columns: string[] }>(
    `select table_name as table, array_agg(column_name::text order by column_name) as columns
     from information_schema.columns where table_schema = 'public' and table_name <> 'mikro_orm_migrations'
       and data_type in ('text', 'character', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY')
     group by table_name`,
  );
  const sealed = (table: string): string[] =>
    SEALED_COLUMNS.flatMap(({ table: of, column, plain }) => (of === table ? [column, ...(plain ? [plain] : [])] : []));
  const found = Object.fromEntries(
    rows.filter(({ table }) => !ABOUT_NOBODY.includes(table)).map(({ table, columns }) => [table, columns]),
  );
  const written = Object.fromEntries(
    Object.entries(IN_THE_OPEN).map(([table, reasons]) => [
      table,
      [...Object.values(reasons).flat(), ...sealed(table)].sort(),
    ]),
  );
  expect(written).toEqual(found);
});

test('what older releases wrote in the open is sealed, under the current key, and then under the next', async () => {
  const before = new Map<string, Row[]>();
  for (const text of TEXTS) before.set(`${text.table}.${text.plain}`, await rowsOf(text));
  const seen = [...before].filter(([, rows]) => rows.some(({ plain }) => plain !== null)).map(([name]) => name);
  expect(seen).toEqual(expect.arrayContaining(['bank_account.iban', 'payment_file.content', 'dispute.evidence']));

  for (const ring of [[OLD], [NEW, OLD]]) {
    const box = new SecretBox(ring);
    const only = new SecretBox(ring.slice(0, 1));
    const database = new Database(pool, box);
    expect(await resealAll(database)).toBeGreaterThan(0);
    expect(await resealAll(database)).toBe(0);
    for (const text of TEXTS) {
      const { table, column, plain, hash, isJson } = text;
      const now = await rowsOf(text);
      const opened = now.map(({ id, sealed }) => sealed && only.open(sealed, { table, column, rowId: id }));
      const were = (before.get(`${table}.${plain}`) ?? []).map((row) => row.plain);
      expect([table, plain, now.map((row) => row.plain)]).toEqual([table, plain, now.map(() => null)]);
      expect([table, plain, isJson ? opened.map((json) => json && JSON.parse(json)) : opened]).toEqual([
        table,
        plain,
        isJson ? were.map((json) => json && JSON.parse(json)) : were,
      ]);
      if (hash === undefined) continue;
      const hashes = opened.map((value) => value && only.hashes(value, { table, column: plain })[0]);
      expect(now.map((row) => row.hash)).toEqual(hashes);
    }
  }
});

describe('rows that never change', () => {
  const resealed = new SecretBox([NEW]);
  const seal = (table: string, column: string, id: string, text: string): Buffer =>
    resealed.seal(text, { table, column, rowId: id });

  test.each([
    ['bank_account', 'iban_sealed'],
    ['payment_file', 'content_sealed'],
    ['adjustment', 'reason_sealed'],
    ['dispute', 'reason_sealed'],
    ['consent_receipt', 'evidence_sealed'],
  ])('%s: another text under the same key is refused, like any other change', async (table, column) => {
    const { rows } = await superuser.query<{ id: string }>(
      `select id::text as id from ${table} where ${column} is not null order by id limit 1`,
    );
    const id = rows[0]?.id as string;
    expect(id).toBeDefined();
    const change = (to: Buffer | null) => superuser.query(`update ${table} set ${column} = $2 where id = $1`, [id, to]);
    await expect(change(seal(table, column, id, 'another one'))).rejects.toMatchObject({ code: 'HA003' });
    await expect(change(null)).rejects.toThrow();
    await expect(superuser.query(`delete from ${table} where id = $1`, [id])).rejects.toMatchObject({ code: 'HA003' });
  });
});
