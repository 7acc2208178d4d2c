import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, migrationNames } from '../../src/infrastructure/db/migrator.js';
import { cloneTemplate, connectTo } from '../support/database.js';
import { migrateOverRows, tablesOf } from '../support/migrated-rows.js';
import { migrationsFolder } from '../support/server.js';

const folder = migrationsFolder();
const name = `migrations_${process.env.JEST_WORKER_ID ?? '1'}`;

describe('migrations', () => {
  it('apply to an empty database once, in the order of their names', async () => {
    const { owner: ownerUrl } = await cloneTemplate(name, 'template0');
    expect(await migrate({ ownerUrl, folder, environment: 'test' })).toEqual(migrationNames(folder));
    expect(await migrate({ ownerUrl, folder, environment: 'test' })).toEqual([]);
  });

  it('apply once when two processes start at the same moment', async () => {
    const { owner: ownerUrl } = await cloneTemplate(name, 'template0');
    const applied = await Promise.all([1, 2].map(() => migrate({ ownerUrl, folder, environment: 'test' })));
    expect(applied.flat()).toEqual(migrationNames(folder));
  });

  it('apply to a database that holds rows in every table', async () => {
    const { urls, applied } = await migrateOverRows(name);
    expect(applied).toEqual(migrationNames(folder));
    const superuser = await connectTo(urls.superuser);
    const empty: string[] = [];
    for (const table of await tablesOf(superuser)) {
      const { rowCount } = await superuser.query(`select from ${table} limit 1`);
      if (rowCount === 0) empty.push(table);
    }
    await superuser.end();
    expect(empty).toEqual([]); // a new table wants rows in test/migrations/rows/<its migration>.sql
  });

  it('leave nothing of one that fails', async () => {
    const { owner: ownerUrl, superuser: superuserUrl } = await cloneTemplate(name, 'template0');
    const broken = mkdtempSync(join(tmpdir(), 'hansa-migrations-'));
    writeFileSync(join(broken, '0001_good.sql'), 'create table good ();');
    writeFileSync(join(broken, '0002_bad.sql'), 'create table half (); select no_such_function();');
    await expect(migrate({ ownerUrl, folder: broken, environment: 'test' })).rejects.toThrow('no_such_function');
    rmSync(broken, { recursive: true });
    const superuser = await connectTo(superuserUrl);
    expect(await tablesOf(superuser)).toEqual(['good']);
    await superuser.end();
  });

  it('refuse a database that a newer Hansa made', async () => {
    const { owner: ownerUrl } = await cloneTemplate(name);
    const older = mkdtempSync(join(tmpdir(), 'hansa-migrations-'));
    const attempt = migrate({ ownerUrl, folder: older, environment: 'test' });
    await expect(attempt).rejects.toThrow('The database was made by a newer Hansa (it has the migration 0001_');
    rmSync(older, { recursive: true });
  });

  it.each([
    ['development', 'production'],
    ['production', 'development'],
    ['production', 'test'],
  ] as const)('refuse a database of %s that is opened for %s', async (first, second) => {
    const { owner: ownerUrl } = await cloneTemplate(name, 'template0');
    await migrate({ ownerUrl, folder, environment: first });
    await expect(migrate({ ownerUrl, folder, environment: second })).rejects.toThrow(
      `This database was set up for ${first}, and Hansa was started for ${second}.`,
    );
  });
});
