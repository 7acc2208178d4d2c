/**
 * One importer per file and programme. A session lock on a connection of its own: it goes when the process
 * goes, however it goes, and never waits for a statement that a killed process left running.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Database, sqlState, statement } from '../../infrastructure/db/database.js';
import { OperatorError } from '../../infrastructure/operator-error.js';
import { lockForClosing } from '../ledger/index.js';

const TRY_LOCK = statement(
  'imports.try-lock',
  `select pg_try_advisory_lock(hashtextextended('import/' || $1, 0)) as taken`,
);
const UNLOCK = statement('imports.unlock', `select pg_advisory_unlock(hashtextextended('import/' || $1, 0))`);

/** Runs `work` alone. Throws OperatorError at once when another importer has the same file. */
export async function alone<T>(database: Database, name: string, work: () => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  let lost: Error | undefined;
  const lose = (error: Error): void => {
    lost = error;
  };
  client.on('error', lose);
  try {
    const { rows } = await client.query<{ taken: boolean }>({ ...TRY_LOCK, values: [name] });
    if (rows[0]?.taken !== true) {
      throw new OperatorError(
        'Another process is importing this file into this programme right now. Wait for it, or stop it and start this one again: it continues where the other stopped.',
      );
    }
    try {
      return await work();
    } finally {
      if (lost === undefined) await client.query({ ...UNLOCK, values: [name] });
    }
  } finally {
    client.off('error', lose);
    client.release(lost);
  }
}

const LOCK_NOT_AVAILABLE = '55P03';
const PATIENCE_MS = 30_000;
const STEP_BACK_MS = 50;

/**
 * Waits until whatever a killed process had under way is committed or undone: its last statement may outlive it.
 * Everything that writes money stands inside the fence, so having had the fence alone once is enough.
 */
export async function awaitWriters(database: Database, programmeNo: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await database.command((tx) => lockForClosing(tx, programmeNo));
    } catch (error) {
      if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
      if (performance.now() > deadline) {
        throw new OperatorError(
          'Other writers keep the programme busy, so it cannot be seen where the import stopped. Try again in a moment.',
        );
      }
      await delay(STEP_BACK_MS);
    }
  }
}
