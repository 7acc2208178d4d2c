import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { WINDOW_DIGESTS } from '../ledger/index.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, type Scope } from './invariant-check.js';

const LIST_CLOSED = statement(
  'verify.list-closed-windows',
  `select no from settlement_window where state = 'CLOSED' and ($1::integer is null or programme_no = $1)
     and closed_at > to_timestamp($2::bigint / 1000.0)`,
);

// Windows of several programmes close side by side: a minute is longer than any of them takes to commit.
const REACH = statement(
  'verify.reach-of-closed-windows',
  `select coalesce(greatest((extract(epoch from max(closed_at)) * 1000)::bigint - 60000, 0), 0) as reach
   from settlement_window where state = 'CLOSED'`,
);

const FIND = statement(
  'verify.i08-closed-windows-stand',
  `select 'settlement_window' as table, format('no=%s', w.no) as row,
          format('Window %s was closed with %s entries, %s postings and debits of %s; now there are %s, %s and %s, and the digest %s.',
                 w.no, w.entry_count, w.posting_count, w.debit_sum, d.entry_count, d.posting_count, d.debit_sum,
                 case when w.digest = d.digest then 'is the same' else 'differs' end) as message
   from settlement_window w join (${WINDOW_DIGESTS}) d on d.window_no = w.no
   where w.digest is distinct from d.digest or w.entry_count is distinct from d.entry_count
      or w.posting_count is distinct from d.posting_count or w.debit_sum is distinct from d.debit_sum
   order by w.no limit ${MOST_FINDINGS}`,
);

/** In milliseconds since 1970. */
async function reach(tx: DbTransaction): Promise<bigint> {
  const [row] = await tx.run<{ reach: bigint }>(REACH);
  return row?.reach ?? 0n;
}

async function find(tx: DbTransaction, { programmeNo, after }: Scope): Promise<FoundRow[]> {
  const closed = await tx.run<{ no: number }>(LIST_CLOSED, [programmeNo, after]);
  return tx.run<FoundRow>(FIND, [closed.map(({ no }) => no)]);
}

export const closedWindowsStand: InvariantCheck = {
  invariant: 'I8',
  sentence: ({ closedWindows }) => `each of ${closedWindows} closed windows still has the digest it was closed with`,
  reach,
  find,
};
