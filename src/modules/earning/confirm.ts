/**
 * Confirming: what has waited out its hold becomes available to the member and owed by its funder (entries
 * 4, 4p, 4R), and repays what the member owes (8), in chunks small enough that the fence is never held for long.
 */
import type { ContractTerms } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { confirmationEntry, type FundedShare } from '../../domain/ledger/rewards.js';
import { type Database, type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { openWindows, recordEntries, takeEntryNumbers } from '../ledger/index.js';
import { lockMembers } from '../members/index.js';
import { prepaidEntries } from '../treasury/index.js';
import { repayDebtors } from './repay.js';

/** Lots per transaction, about (SPEED: a chunk stays under 40 ms). */
const CHUNK = 1_000;
/** Keys looked up at a time. */
const PAGE = 50_000;
/** Chunks under way at once: one is computed while the database writes the others. */
const LANES = 3;

// By member: what a member has due comes into one chunk, and so into one entry.
const NEXT_DUE = statement(
  'earning.next-due',
  `select due_on as "dueOn", member_no as "memberNo", lot_id as "lotId" from due
   where programme_no = $1 and due_on <= $2 order by member_no, due_on, lot_id limit ${PAGE}`,
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
          coalesce(c.model, 'SETTLE_AT_ISSUANCE') as model, b.available_units < 0 as owes
   from taken t
   join lot l on l.id = t.lot_id and l.member_no = t.member_no
   join member_balance b on b.member_no = t.member_no
   left join contract c on c.no = l.contract_no
   order by l.member_no, l.id`,
);

interface TakenLot extends FundedShare {
  readonly memberNo: number;
  readonly model: ContractTerms['model'];
  /** The member has less than nothing before this. */
  readonly owes: boolean;
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
    const keys = await database.command((tx) => tx.run<DueKey>(NEXT_DUE, [programmeNo, asOf]));
    const chunks = chunksOf(keys).values();
    const lane = async (): Promise<void> => {
      for (const chunk of chunks) {
        const more = await database.command((tx) => confirmChunk(tx, programmeNo, asOf, chunk));
        confirmed += more;
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    if (keys.length < PAGE) return { confirmed };
  }
}

/** A member's keys stay together, so that two lanes never want the same member; one with very many is cut. */
function chunksOf(keys: readonly DueKey[]): DueKey[][] {
  const chunks: DueKey[][] = [];
  let chunk: DueKey[] = [];
  for (const key of keys) {
    const full = chunk.length >= CHUNK && chunk.at(-1)?.memberNo !== key.memberNo;
    if (full || chunk.length >= 2 * CHUNK) {
      chunks.push(chunk);
      chunk = [];
    }
    chunk.push(key);
  }
  return chunk.length > 0 ? [...chunks, chunk] : chunks;
}

/** How many lots of the chunk were still due, and are confirmed now. */
async function confirmChunk(
  tx: DbTransaction,
  programmeNo: number,
  asOf: BusinessDate,
  keys: readonly DueKey[],
): Promise<number> {
  const { now, windows } = await openWindows(tx, [programmeNo]);
  const window = windows.get(programmeNo);
  invariant(window, 'openWindows answers for every programme');
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
  const debtors = [...new Set(lots.flatMap(({ memberNo, owes }) => (owes ? [memberNo] : [])))];
  const repaid = await repayDebtors(tx, programmeNo, debtors, asOf, now);
  const prepaid = await prepaidEntries(tx, window.moneyUnit, [...entries, ...repaid.entries], asOf);
  const own = [...entries, ...prepaid];
  const numbers = own.length === 0 ? [] : await takeEntryNumbers(tx, own.length);
  await recordEntries(tx, window, now, [...own, ...repaid.entries], [...numbers, ...repaid.entryNos]);
  return lots.length;
}
