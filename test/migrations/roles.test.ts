import type pg from 'pg';
import { ROLES } from '../../src/infrastructure/db/roles.js';
import { connectTo } from '../support/database.js';
import { migrateOverRows, tablesOf } from '../support/migrated-rows.js';

/** What everybody may read: nothing in them belongs to anybody. */
const OPEN_TO_ALL = ['clock_offset', 'deployment', 'fx_rate', 'reference_epoch', 'unit'];

/** What no reader may see, whoever asks. */
const OPEN_TO_NOBODY = ['chain_secret', 'revoked_token', 'signing_key', 'used_assertion', 'webhook_secret'];

let superuser: pg.Client;
let writer: pg.Client;
let reader: pg.Client;
let tables: string[];

beforeAll(async () => {
  const { urls } = await migrateOverRows(`roles_${process.env.JEST_WORKER_ID ?? '1'}`);
  [superuser, writer, reader] = (await Promise.all([urls.superuser, urls.writer, urls.reader].map(connectTo))) as [
    pg.Client,
    pg.Client,
    pg.Client,
  ];
  tables = await tablesOf(superuser);
});
afterAll(() => Promise.all([superuser, writer, reader].map((client) => client.end())));

const countsOf = async (client: pg.Client): Promise<Record<string, string>> => {
  const counts: Record<string, string> = {};
  for (const table of tables) counts[table] = (await client.query(`select count(*) from ${table}`)).rows[0].count;
  return counts;
};

const privileged = async (role: string, privilege: string): Promise<string[]> => {
  const { rows } = await superuser.query(
    'select name from unnest($1::text[]) name where has_table_privilege($2, name, $3) order by 1',
    [tables, role, privilege],
  );
  return rows.map(({ name }) => name);
};

it.each(ROLES)('%s is nobody special', async (role) => {
  const { rows } = await superuser.query(
    'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = $1',
    [role],
  );
  expect(rows).toEqual([
    { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false },
  ]);
});

it('forces row-level security on every table', async () => {
  const { rows } = await superuser.query(
    'select relname from pg_class where relname = any($1) and not (relrowsecurity and relforcerowsecurity)',
    [tables],
  );
  expect(rows).toEqual([]);
});

describe('the reader', () => {
  it('sees no rows while nothing says whose it may see', async () => {
    const seen = Object.entries(await countsOf(reader)).filter(([, count]) => count !== '0');
    expect(seen.map(([table]) => table)).toEqual(OPEN_TO_ALL);
  });

  it('sees no rows of the others as a partner or a member that is not there', async () => {
    for (const setting of ['hansa.partner_no', 'hansa.member_no']) {
      await reader.query('begin');
      await reader.query('select set_config($1, $2, true)', [setting, '987654']);
      const seen = Object.entries(await countsOf(reader)).filter(([, count]) => count !== '0');
      await reader.query('rollback');
      const owned = seen
        .map(([table]) => table)
        .filter((table) =>
          /transaction|accrual|lot|due|card|member|posting|journal|contract|line|settlement_item|import|balance/.test(
            table,
          ),
        );
      expect(owned).toEqual([]);
    }
  });

  it('sees every row when it may see all', async () => {
    await reader.query('begin');
    await reader.query(`select set_config('hansa.sees_all', 'true', true)`);
    const counts = await countsOf(reader);
    await reader.query('rollback');
    const all = await countsOf(superuser);
    for (const table of OPEN_TO_NOBODY) {
      expect(counts[table]).toBe('0');
      counts[table] = all[table] as string;
    }
    expect(counts).toEqual(all);
  });

  it('writes nothing', async () => {
    for (const privilege of ['insert', 'update', 'delete', 'truncate']) {
      expect(await privileged('hansa_reader', privilege)).toEqual([]);
    }
  });
});

describe('the writer', () => {
  it.each(['posting', 'journal_entry', 'chain_block'])('adds to %s and changes nothing in it', async (table) => {
    expect(await privileged('hansa_writer', 'insert')).toContain(table);
    const column = table === 'chain_block' ? 'sequence' : 'member_no';
    await expect(writer.query(`update ${table} set ${column} = ${column}`)).rejects.toThrow('permission denied');
    await expect(writer.query(`delete from ${table}`)).rejects.toThrow('permission denied');
    await expect(writer.query(`truncate ${table}`)).rejects.toThrow('permission denied');
  });

  it('does not touch what the deployment is', async () => {
    await expect(writer.query(`update deployment set environment = 'development'`)).rejects.toThrow(
      'permission denied',
    );
    await expect(writer.query(`update clock_offset set shift = '1 day'`)).rejects.toThrow('permission denied');
    await writer.query('begin');
    await writer.query(`select hansa_set_clock('1 day')`);
    const { rows } = await writer.query(`select hansa_now() - now() = interval '1 day' as moved`);
    await writer.query('rollback');
    expect(rows).toEqual([{ moved: true }]);
  });

  it('makes no tables', async () => {
    await expect(writer.query('create table mine ()')).rejects.toThrow('permission denied');
  });
});

it('refuses the owner too to change a posting', async () => {
  await superuser.query('begin');
  await superuser.query('set local role hansa_owner');
  await expect(superuser.query('update posting set amount = amount + 1')).rejects.toThrow('append-only');
  await superuser.query('rollback');
});

it('moves no clock of production', async () => {
  await superuser.query('begin');
  await superuser.query(`update deployment set environment = 'production'`);
  await expect(superuser.query(`select hansa_set_clock('1 day')`)).rejects.toThrow('cannot be moved');
  await superuser.query('rollback');
});
