/**
 * Expand and contract: while an upgrade runs, and when it has to be taken back, gateways of the release before work on the
 * schema of this one. So whatever they say to the database must still be understood, and no row they write may lack
 * something that only this release knows.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { cloneTemplate, connectTo } from '../support/database.js';
import { migrationsFolder } from '../support/server.js';
import { columnsOf, type ReleaseSql } from './release-sql.js';

const RECORDED = join(migrationsFolder(), '..', 'test', 'migrations', 'recorded');
const releases = readdirSync(RECORDED);
const readRelease = (file: string): ReleaseSql => JSON.parse(readFileSync(join(RECORDED, file), 'utf8')) as ReleaseSql;
const DATABASE = `expand_${process.env.JEST_WORKER_ID ?? '1'}`;

let owner: pg.Client;
let writer: pg.Client;
let reader: pg.Client;
beforeAll(async () => {
  const urls = await cloneTemplate(DATABASE);
  [owner, writer, reader] = (await Promise.all([urls.owner, urls.writer, urls.reader].map(connectTo))) as [
    pg.Client,
    pg.Client,
    pg.Client,
  ];
});
beforeEach(() => Promise.all([owner, writer, reader].map((client) => client.query('begin'))));
afterEach(() => Promise.all([owner, writer, reader].map((client) => client.query('rollback'))));
afterAll(() => Promise.all([owner, writer, reader].map((client) => client.end())));

/** Commands, which cannot be prepared; what they make, other statements name. */
const isCommand = (text: string): boolean => /^(create|set) /.test(text);

/** What the database answers to parsing a statement within a transaction; undefined when it is understood. */
async function refusal(client: pg.Client, name: string, text: string): Promise<string | undefined> {
  await client.query('savepoint before');
  try {
    await client.query(isCommand(text) ? text : `prepare "${name}" as ${text}`);
    return undefined;
  } catch (error) {
    await client.query('rollback to before');
    return `${name}: ${(error as Error).message}`;
  }
}

/** Columns a release knows nothing of and cannot leave out of its rows. */
async function newDuties(client: pg.Client, { tables }: ReleaseSql): Promise<string[]> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select table_name as table, column_name::text as column from information_schema.columns
     where table_schema = 'public' and is_nullable = 'NO' and column_default is null and is_identity = 'NO' and is_generated = 'NEVER'`,
  );
  return rows
    .filter(({ table, column }) => tables[table] !== undefined && !tables[table].includes(column))
    .map(({ table, column }) => `${table}.${column} is new, must not be null and has no default`);
}

it('holds at least the release before this one', () => {
  expect(releases.length).toBeGreaterThan(0);
});

describe.each(releases)('release %s on this schema', (file) => {
  const release = readRelease(file);

  it('finds every table and column it knew', async () => {
    const now = await columnsOf(owner);
    const lost = Object.entries(release.tables).flatMap(([table, columns]) =>
      columns.filter((column) => !now[table]?.includes(column)).map((column) => `${table}.${column}`),
    );
    expect(lost).toEqual([]);
  });

  it('is understood in every statement of its writer', async () => {
    const refused: (string | undefined)[] = [];
    const statements = Object.entries(release.statements);
    const commandsFirst = statements.toSorted(
      ([, one], [, other]) => Number(isCommand(other)) - Number(isCommand(one)),
    );
    for (const [name, text] of commandsFirst) refused.push(await refusal(writer, name, text));
    expect(refused.filter((sentence) => sentence !== undefined)).toEqual([]);
  });

  it('reads every entity', async () => {
    const refused: (string | undefined)[] = [];
    for (const [table, columns] of Object.entries(release.reads)) {
      refused.push(await refusal(reader, `read ${table}`, `select ${columns.join(', ')} from ${table}`));
    }
    expect(refused.filter((sentence) => sentence !== undefined)).toEqual([]);
  });

  it('writes rows that this release accepts', async () => {
    expect(await newDuties(owner, release)).toEqual([]);
  });

  it('would be told of a column that went, and of one that became a duty', async () => {
    await owner.query('alter table card drop column last_four');
    await owner.query('alter table card add column colour text not null');
    const findCards = Object.entries(release.statements).filter(([, text]) => /last_four/.test(text));
    const [name = '', text = ''] = findCards[0] ?? [];
    expect(await refusal(owner, name, text)).toContain('last_four');
    expect(await newDuties(owner, release)).toEqual(['card.colour is new, must not be null and has no default']);
  });
});
