/**
 * Up to where the journal is complete while others record.
 *
 * Numbers are handed out in blocks of 1,000 and commit out of order; so a mark is taken first: the last number that
 * was handed out, then a transaction number of our own. Whoever was given a number up to the mark has had a
 * transaction number before it (ledger.sql.ts sees to that), a lower one than ours. Once ours is not higher than the
 * oldest that is still under way (pg_snapshot_xmin), all of them have ended: what they have recorded is there, and
 * nothing can follow.
 */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

/** The last entry number that was handed out, as SQL. */
export const LAST_NUMBER = '(select case when is_called then last_value else 0 end from journal_entry_no)';

const READ_LAST_NUMBER = statement('ledger.read-last-number', `select ${LAST_NUMBER} as "lastNo"`);
const OWN_TRANSACTION = statement('ledger.own-transaction', 'select pg_current_xact_id()::text as xid');

/** A place in the journal, and the transaction that has to be the oldest before nothing can be added below it. */
export interface Mark {
  readonly uptoNo: bigint;
  readonly xid: string;
}

/** Must be the first thing its transaction does: the order of the two statements is what the mark is worth. */
export async function takeMark(tx: DbTransaction): Promise<Mark> {
  const [last] = await tx.run<{ lastNo: bigint }>(READ_LAST_NUMBER);
  const [own] = await tx.run<{ xid: string }>(OWN_TRANSACTION);
  return { uptoNo: (last as { lastNo: bigint }).lastNo, xid: (own as { xid: string }).xid };
}

const IS_PASSED = statement(
  'ledger.is-mark-passed',
  'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8 as passed',
);

/** Whether every transaction that could have numbers below the mark has ended. */
export async function isPassed(tx: DbTransaction, { xid }: Mark): Promise<boolean> {
  const [row] = await tx.run<{ passed: boolean }>(IS_PASSED, [xid]);
  return row?.passed ?? false;
}
