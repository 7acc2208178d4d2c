/**
 * Confirming: what has waited out its hold becomes available to the member and owed by its funder (entries
 * 4, 4p, 4R), in chunks small enough that the fence is never held for long.
 */
import type { ContractTerms } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { confirmationEntry, type FundedShare } from '../../domain/ledger/rewards.js';
import { type Database, type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { openWindows, recordEntries } from '../ledger/index.js';
import { lockMembers } from './earning.sql.js';

/** Lots per transaction (SPEED: a chunk stays under 40 ms). */
const CHUNK = 1_000;

const NEXT_DUE = statement(
  'earning.next-due',
  `select due_on as "dueOn", member_no as "memberNo", lot_id as "lotId" from due
   where programme_no = $1 and due_on <= $2 order by due_on, member_no, lot_id limit ${CHUNK}`,
);

interface DueKey {
  readonly dueOn: BusinessDate;
  readonly memberNo: number;
  readonly lotId: string;
}

// After the members are locked: a refund that came first has taken its rows away, the rest is ours.
const TAKE_DUE = statement(
  'earning.take-due',
  `with taken as (
     delete from due using unnest($2::date[], $3::int[], $4::uuid[]) as k (due_on, member_no, lot_id)
     where due.programme_no = $1 and due.due_on = k.due_on and due.member_no = k.member_no and due.lot_id = k.lot_id
     returning due.member_no, due.lot_id
   )
   select l.member_no as "memberNo", l.funder_no as "funderNo", l.units, l.value_minor as "valueMinor",
          l.commission_minor as "commissionMinor", l.tax_minor as "taxMinor",
          coalesce(c.model, 'SETTLE_AT_ISSUANCE') as model
   from taken t
   join lot l on l.id = t.lot_id and l.member_no = t.member_no
   join accrual a on a.id = t.lot_id and a.member_no = t.member_no
   left join contract c on c.no = a.contract_no
   order by l.member_no, l.id`,
);

interface TakenLot extends FundedShare {
  readonly memberNo: number;
  readonly model: ContractTerms['model'];
}

/**
 * Confirms every lot of a programme whose hold has ended on or before `asOf`, whichever process put it there.
 * Several may run at once: each lot is confirmed exactly once.
 *
 * @returns how many lots were confirmed
 */
export async function confirmDue(
  database: Database,
  programmeNo: number,
  asOf: BusinessDate,
): Promise<{ readonly confirmed: number }> {
  let confirmed = 0;
  for (;;) {
    const chunk = await database.command((tx) => confirmChunk(tx, programmeNo, asOf));
    confirmed += chunk.confirmed;
    if (chunk.seen < CHUNK) return { confirmed };
  }
}

async function confirmChunk(
  tx: DbTransaction,
  programmeNo: number,
  asOf: BusinessDate,
): Promise<{ seen: number; confirmed: number }> {
  const { now, windows } = await openWindows(tx, [programmeNo]);
  const window = windows.get(programmeNo);
  const keys = await tx.run<DueKey>(NEXT_DUE, [programmeNo, asOf]);
  if (window === undefined || keys.length === 0) return { seen: 0, confirmed: 0 };
  await lockMembers(
    tx,
    keys.map((key) => key.memberNo),
  );
  const lots = await tx.run<TakenLot>(TAKE_DUE, [
    programmeNo,
    keys.map((key) => key.dueOn),
    keys.map((key) => key.memberNo),
    keys.map((key) => key.lotId),
  ]);
  const entries = [...Map.groupBy(lots, (lot) => lot.memberNo)].map(([memberNo, shares]) =>
    confirmationEntry({ memberNo, businessDate: asOf, shares }),
  );
  await recordEntries(tx, window, now, entries);
  return { seen: keys.length, confirmed: lots.length };
}
