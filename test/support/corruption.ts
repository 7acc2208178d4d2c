/**
 * A row is changed behind the product's back, and verification names the invariant and the row. Everything happens
 * in a transaction of the superuser that is rolled back, triggers and constraints out of the way.
 */
import type { PoolClient } from 'pg';
import { DbTransaction } from '../../src/infrastructure/db/database.js';
import { verifyLedger } from '../../src/modules/verification/index.js';
import type { TestDatabase } from './database.js';

/** Changes exactly one row, unless it changes a table itself. */
export type Corruption = readonly [sql: string, ...values: unknown[]];

/** What verification says afterwards: "I1 table row". Nothing stays behind. */
export async function findingsAfter(
  { superuser, database }: TestDatabase,
  corruptions: readonly Corruption[],
): Promise<string[]> {
  await superuser.query('begin');
  try {
    await superuser.query('set local session_replication_role = replica');
    for (const [sql, ...values] of corruptions) {
      const { rowCount, command } = await superuser.query(sql, values);
      if (command !== 'ALTER' && command !== 'DROP') expect([sql, rowCount]).toEqual([sql, 1]);
    }
    const verified = await verifyLedger(new DbTransaction(superuser as unknown as PoolClient, database.secrets));
    return verified.flatMap(({ findings }) =>
      findings.map(({ invariant, table, row }) => `${invariant} ${table} ${row}`),
    );
  } finally {
    await superuser.query('rollback');
  }
}
