/**
 * The migrations and the entities tell one story: after all migrations the ORM finds nothing to change.
 *
 * Triggers, policies, functions, check constraints and partial or BRIN indexes stand in the migrations alone and are
 * left out of the comparison; tables, columns, types, nullability, defaults, keys and plain indexes are in it.
 */
import { EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import { entities } from '../../src/entities.js';
import { connectionOptions } from '../../src/infrastructure/db/orm.js';
import { cloneTemplate, connectTo } from '../support/database.js';
import { tablesOf } from '../support/migrated-rows.js';

/** Tables that no entity describes, because SQL alone reads and writes them. */
const WITHOUT_ENTITY = [
  'chain_secret',
  'clock_offset',
  'command_key',
  'connector_file',
  'deployment',
  'event_head',
  'import_row',
  'import_run',
  'reference_epoch',
  'revoked_token',
  'signing_key',
  'used_assertion',
  'verified_upto',
  'webhook_delivery',
  'webhook_secret',
  'window_part',
];

const DATABASE = `schema_${process.env.JEST_WORKER_ID ?? '1'}`;

/** The SQL by which the ORM would bring a freshly migrated database, changed by `change`, to the entities. */
async function differences(change = ''): Promise<string[]> {
  const urls = await cloneTemplate(DATABASE);
  const superuser = await connectTo(urls.superuser);
  await superuser.query(change);
  const { rows } = await superuser.query(`
    select format('alter table "%s" drop constraint "%s";', conrelid::regclass, conname) as sql
      from pg_constraint where contype = 'c'
    union all
    select format('drop index "%s";', c.relname)
      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am am on am.oid = c.relam
      where i.indpred is not null or am.amname = 'brin'`);
  await superuser.end();
  const handWritten = new Set(rows.map(({ sql }) => sql));
  const orm = new MikroORM({
    ...connectionOptions(urls.owner, { purpose: 'schema guard', poolSize: 1, statementTimeoutMs: 30_000 }),
    entities: [...entities],
    schemaGenerator: {
      ignoreTriggers: true,
      ignorePolicies: true,
      ignoreRoutines: true,
      skipTables: [...WITHOUT_ENTITY, 'mikro_orm_migrations'],
    },
  });
  try {
    const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false });
    return sql.split('\n').filter((line) => line.trim() !== '' && !handWritten.has(line));
  } finally {
    await orm.close(true);
  }
}

it('finds no difference between migrations and entities', async () => {
  expect(await differences()).toEqual([]);
});

it('has an entity for every table, or a reason why not', async () => {
  const superuser = await connectTo((await cloneTemplate(DATABASE)).superuser);
  const tables = await tablesOf(superuser);
  await superuser.end();
  const described = entities.map((entity) => (entity instanceof EntitySchema ? entity.meta.tableName : ''));
  expect([...described, ...WITHOUT_ENTITY].sort()).toEqual(tables);
});

/** The guard itself: whatever differs, it must notice. */
it.each([
  ['a column that only the entity has', 'alter table partner drop column onboarded_at', 'add "onboarded_at"'],
  ['a column that only the database has', 'alter table partner add column motto text', 'drop column "motto"'],
  ['another type', 'alter table card alter last_four type text', '"last_four" type char(4)'],
  ['another nullability', 'alter table partner alter name drop not null', '"name" set not null'],
  ['another default', 'alter table partner alter status drop default', '"status" set default'],
  ['a missing unique constraint', 'alter table partner drop constraint partner_code_key', 'partner_code_key'],
  ['a missing index', 'drop index card_member_no_idx', 'create index "card_member_no_idx"'],
  ['a missing foreign key', 'alter table outlet drop constraint outlet_partner_id_fkey', 'outlet_partner_id_fkey'],
  ['an index that no entity names', 'create index stray on partner (name)', 'drop index "stray"'],
])('notices %s', async (_what, change, expected) => {
  expect((await differences(change)).join('\n')).toContain(expected);
});
