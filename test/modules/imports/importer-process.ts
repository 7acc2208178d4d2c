/** `hansa import` as a process of its own on a test database, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ImportSummary } from '../../../src/modules/imports/index.js';
import type { TestDatabase } from '../../support/database.js';
import type { Places } from './feed-fixture.js';

const cli = join(import.meta.dirname, '../../../src/cli.js');

export function startImport(db: TestDatabase, { file, mappingFile, rejectsFile }: Places): ChildProcess {
  const values = ['import', file, '--mapping', mappingFile, '--rejects', rejectsFile, '--close', 'monthly', '--json'];
  return spawn(process.execPath, [cli, ...values], {
    env: { HANSA_ENV: 'test', DATABASE_URL: db.urls.superuser },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface Ended {
  readonly code: number | null;
  readonly err: string;
  /** The last line of standard output, when it ended well. */
  readonly summary?: ImportSummary;
}

export async function endOf(child: ChildProcess): Promise<Ended> {
  const [out, err, [code]] = await Promise.all([
    text(child.stdout as NonNullable<typeof child.stdout>),
    text(child.stderr as NonNullable<typeof child.stderr>),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  const last = out.trimEnd().split('\n').at(-1);
  return { code, err, ...(code === 0 && last !== undefined && { summary: JSON.parse(last) as ImportSummary }) };
}

/**
 * Starts an import and kills it (SIGKILL) as soon as `where` holds for the run.
 * @param where SQL condition over import_run as r
 * @returns false when it ended before
 */
export async function killWhen(db: TestDatabase, places: Places, where: string): Promise<boolean> {
  const child = startImport(db, places);
  const ended = endOf(child);
  for (;;) {
    const { rowCount } = await db.superuser.query(`select from import_run r where ${where}`);
    if (rowCount !== 0) child.kill('SIGKILL');
    if (child.exitCode !== null || child.signalCode !== null || child.killed) break;
  }
  const { code, err } = await ended;
  if (code !== null && code !== 0) throw new Error(`the importer ended by itself: ${err}`);
  return code === null;
}
