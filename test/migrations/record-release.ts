/** `npm run record-release`, when a release is cut: writes test/migrations/recorded/<version>.json from this checkout. */
import 'reflect-metadata';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import { entities } from '../../src/entities.js';
import { declaredStatements } from '../../src/infrastructure/db/database.js';
import { connectionOptions } from '../../src/infrastructure/db/orm.js';
import { connectTo } from '../support/database.js';
import { startTestServer, TEMPLATE } from '../support/server.js';
import { columnsOf, type ReleaseSql } from './release-sql.js';

const PROJECT = join(import.meta.dirname, '..', '..', '..');
const SOURCES = join(PROJECT, 'dist', 'src');

/** Every module declares its statements when it is loaded. */
for (const room of ['commands', 'infrastructure', 'modules']) {
  for (const file of readdirSync(join(SOURCES, room), { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.js')) await import(join(SOURCES, room, file));
  }
}
await import(join(SOURCES, 'app.js'));

const running = await startTestServer();
try {
  const db = await connectTo(running.server.owner + TEMPLATE);
  const orm = new MikroORM({
    ...connectionOptions(running.server.owner + TEMPLATE, {
      purpose: 'record',
      poolSize: 1,
      statementTimeoutMs: 30_000,
    }),
    entities: [...entities],
  });
  const reads: [string, string[]][] = [...orm.getMetadata().getAll().values()].map(({ tableName, props }) => [
    tableName,
    props.filter(({ persist }) => persist !== false).flatMap(({ fieldNames }) => fieldNames ?? []),
  ]);
  const recorded: ReleaseSql = {
    statements: byName(declaredStatements().map(({ name, text }) => [name, text])),
    reads: byName(reads),
    tables: await columnsOf(db),
  };
  const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string };
  const path = join('test', 'migrations', 'recorded', `${version}.json`);
  writeFileSync(join(PROJECT, path), `${JSON.stringify(recorded, null, 1)}\n`);
  process.stdout.write(`${Object.keys(recorded.statements).length} statements written to ${path}\n`);
  await orm.close(true);
  await db.end();
} finally {
  await running.stop();
}

/** In the order of their names, so that two records can be compared. */
function byName<Value>(entries: [string, Value][]): Record<string, Value> {
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
