/** The bilateral matrix of closed windows: from the movements of lots, once per window, never changed. */
import { Account } from '../../domain/ledger/accounts.js';
import { USING } from '../../domain/settlement/matrix.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

const KINDS = [...USING.keys()].join(', ');
const PURPOSE = `case e.kind ${[...USING].map(([kind, purpose]) => `when ${kind} then '${purpose}'`).join(' ')} end`;
const USED_UP = `('SPENT', 'EXPIRED', 'WRITTEN_OFF')`;

const STORE = statement(
  'settlement.store-window-matrix',
  `insert into window_matrix (window_no, funder_no, redeemer_no, purpose, units, value_minor)
   select e.window_no, l.funder_no, coalesce(r.party, 0), ${PURPOSE}, sum(u.sign * m.units), sum(u.sign * m.value_minor)
   from journal_entry e
   join lot_movement m on m.entry_no = e.no and m.member_no = e.member_no
   join lot l on l.id = m.lot_id and l.member_no = m.member_no
   left join posting r on r.entry_no = e.no and r.member_no = e.member_no and r.account = ${Account.REDEEMED}
   cross join lateral (select (m.to_pot in ${USED_UP})::integer - (m.from_pot in ${USED_UP})::integer as sign) u
   where e.window_no = any ($1::integer[]) and e.kind in (${KINDS}) and u.sign <> 0
   group by 1, 2, 3, 4
   on conflict do nothing`,
);

const NO_TIME_LIMIT = statement('settlement.no-time-limit', `select set_config('statement_timeout', '0', true)`);

/**
 * Writes the matrix of closed windows that have none. Call it before reading by window: it looks movements up by key,
 * and nobody waits for it.
 */
export async function storeMatrix(tx: DbTransaction, windowNos: readonly number[]): Promise<void> {
  await tx.run(NO_TIME_LIMIT);
  await tx.run(STORE, [windowNos]);
}
