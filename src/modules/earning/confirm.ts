/**
 * Confirming: what has waited out its hold becomes available to the member and owed by its funder (entries
 * 4, 4p, 4R), and repays what the member owes (8), in pieces that give way to requests.
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

/** Lots per transaction. */
const SIZES = { least: 400, most: 1_000 };
/** Keys looked up at a time. */
const PAGE = 20_000;
/** Days looked at together. */
const DAYS = 31;

// By member: what a member has due comes into one entry, as far as it is of the same month. Each day is read in the order
// of the key, from a member on, so that no page sorts all that is due.
const NEXT_DUE = statement(
  'earning.next-due',
  `with recursive day as (
     select min(due_on) as due_on, 1 as place from due where programme_no = $1 and due_on <= $2
     union all
     select (select min(due_on) from due where programme_no = $1 and due_on > day.due_on and due_on <= $2), place + 1
     from day where due_on is not null and place < ${DAYS}
   )
   select k.* from day cross join lateral (
     select due_on as "dueOn", member_no as "memberNo", lot_id as "lotId" from due
     where programme_no = $1 and due_on = day.due_on and member_no > $3 order by member_no, lot_id limit ${PAGE}
   ) k
   order by "memberNo", "dueOn", "lotId" limit ${PAGE}`,
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
  signal?: AbortSignal,
): Promise<{ readonly confirmed: number }> {
  let confirmed = 0;
  let after = 0;
  while (signal?.aborted !== true) {
    const keys = await database.background.turn(() =>
      database.command((tx) => tx.run<DueKey>(NEXT_DUE, [programmeNo, asOf, after])),
    );
    if (keys.length === 0 && after === 0) break;
    await database.background.inPieces({
      items: ofMembers(keys),
      weightOf: ({ length }) => length,
      work: async (piece) => {
        const more = await database.command((tx) => confirmLots(tx, programmeNo, asOf, piece.flat()));
        confirmed += more;
      },
      sizes: SIZES,
      signal,
    });
    // The last member of a full page may have more; after the last page those who came in meanwhile are looked for.
    after = keys.length === PAGE ? (keys.at(-1)?.memberNo ?? 1) - 1 : 0;
  }
  return { confirmed };
}

/** A member's keys together, so that no two pieces want the same member; those of one with very many are cut. */
function ofMembers(keys: readonly DueKey[]): DueKey[][] {
  const groups: DueKey[][] = [];
  for (const key of keys) {
    const group = groups.at(-1);
    if (group === undefined || group[0]?.memberNo !== key.memberNo || group.length === SIZES.most) groups.push([key]);
    else group.push(key);
  }
  return groups;
}

/** How many of the lots were still due, and are confirmed now. */
async function confirmLots(
  tx: DbTransaction,
  programmeNo: number,
  asOf: BusinessDate,
  keys: readonly DueKey[],
): Promise<number> {
  // Asked in one tick, in this order: one round trip.
  const [{ now, windows }, , lots] = await Promise.all([
    openWindows(tx, [programmeNo]),
    lockMembers(
      tx,
      keys.map((key) => key.memberNo),
    ),
    tx.run<TakenLot>(TAKE_DUE, [
      programmeNo,
      keys.map((key) => key.dueOn),
      keys.map((key) => key.memberNo),
      keys.map((key) => key.lotId),
    ]),
  ]);
  const window = windows.get(programmeNo);
  invariant(window, 'openWindows answers for every programme');
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
