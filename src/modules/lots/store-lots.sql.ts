/** Writes what has become of lots and debts. All amounts are what they are now: the members are locked. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { Lot } from '../../domain/redemption/lot.js';
import type { Borne, Debt } from '../../domain/redemption/member-lots.js';
import type { Part } from '../../domain/redemption/part.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { StoredPot } from './stored-pot.js';

const amountColumns = (parts: readonly Part[]): readonly (readonly bigint[])[] => [
  parts.map(({ units }) => units),
  parts.map(({ valueMinor }) => valueMinor),
  parts.map(({ commissionMinor }) => commissionMinor),
  parts.map(({ taxMinor }) => taxMinor),
];

const INSERT_LOTS = statement(
  'lots.insert',
  `insert into lot (programme_no, id, member_no, origin_id, root_id, funder_no, contract_no, accrued_on, available_on,
                    expires_on, entry_no, units, value_minor, commission_minor, tax_minor)
   select $1, g.* from unnest($2::uuid[], $3::int[], $4::uuid[], $5::uuid[], $6::int[], $7::int[], $8::date[], $9::date[],
     $10::date[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[]) as g`,
);

export interface NewLotRow {
  readonly memberNo: number;
  readonly lot: Lot;
  /** The entry that brought it. */
  readonly entryNo: bigint;
}

/** Lots that nobody has earned: granted, transferred, or come back after their last day. */
export function insertLots(tx: DbTransaction, programmeNo: number, rows: readonly NewLotRow[]): void {
  if (rows.length === 0) return;
  const lots = rows.map(({ lot }) => lot);
  tx.send(INSERT_LOTS, [
    programmeNo,
    lots.map(({ id }) => id),
    rows.map(({ memberNo }) => memberNo),
    lots.map(({ origin }) => origin),
    lots.map(({ id, root }) => (root === id ? null : root)),
    lots.map(({ funding }) => funding.funderNo),
    lots.map(({ funding }) => funding.contractNo ?? null),
    lots.map(({ accruedOn }) => accruedOn),
    lots.map(({ availableOn }) => availableOn),
    lots.map(({ expiresOn }) => expiresOn ?? null),
    rows.map(({ entryNo }) => entryNo),
    ...amountColumns(lots.map(({ left }) => left)),
  ]);
}

export interface LotLeft {
  readonly memberNo: number;
  readonly lotId: string;
  readonly part: Part;
}

export interface PotNow extends LotLeft {
  readonly pot: Exclude<StoredPot, 'LEFT'>;
}

export interface MovementRow extends LotLeft {
  readonly entryNo: bigint;
  readonly line: number;
  readonly from: StoredPot;
  readonly to: StoredPot;
}

// Movements, what is left, and the other pots in one go: a redemption at a till waits for each round trip.
const STORE_MOVEMENTS = statement(
  'lots.store-movements',
  `with lefts as (
     update lot set units = g.units, value_minor = g.value, commission_minor = g.commission, tax_minor = g.tax
     from unnest($1::int[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
       as g (member_no, lot_id, units, value, commission, tax)
     where lot.id = g.lot_id and lot.member_no = g.member_no
   ), pots as (
     insert into lot_pot as p (member_no, lot_id, pot, units, value_minor, commission_minor, tax_minor)
     select * from unnest($7::int[], $8::uuid[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
     on conflict (member_no, lot_id, pot) do update
     set units = excluded.units, value_minor = excluded.value_minor, commission_minor = excluded.commission_minor,
         tax_minor = excluded.tax_minor
   )
   insert into lot_movement (entry_no, member_no, line, lot_id, from_pot, to_pot, units, value_minor, commission_minor, tax_minor)
   select * from unnest($14::bigint[], $15::int[], $16::smallint[], $17::uuid[], $18::text[], $19::text[], $20::bigint[],
     $21::bigint[], $22::bigint[], $23::bigint[])`,
);

export function storeMovements(
  tx: DbTransaction,
  lefts: readonly LotLeft[],
  pots: readonly PotNow[],
  movements: readonly MovementRow[],
): void {
  if (movements.length === 0) return;
  tx.send(STORE_MOVEMENTS, [
    lefts.map(({ memberNo }) => memberNo),
    lefts.map(({ lotId }) => lotId),
    ...amountColumns(lefts.map(({ part }) => part)),
    pots.map(({ memberNo }) => memberNo),
    pots.map(({ lotId }) => lotId),
    pots.map(({ pot }) => pot),
    ...amountColumns(pots.map(({ part }) => part)),
    movements.map(({ entryNo }) => entryNo),
    movements.map(({ memberNo }) => memberNo),
    movements.map(({ line }) => line),
    movements.map(({ lotId }) => lotId),
    movements.map(({ from }) => from),
    movements.map(({ to }) => to),
    ...amountColumns(movements.map(({ part }) => part)),
  ]);
}

// Only what is left of it ever changes; the entry of one that is there already stays the one that made it.
const STORE_DEBTS = statement(
  'lots.store-debts',
  `insert into member_debt (programme_no, id, member_no, since, issued_units, issued_value_minor, units, value_minor, entry_no)
   select $1, g.* from unnest($2::uuid[], $3::int[], $4::date[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]) as g
   on conflict (id, member_no) do update set units = excluded.units, value_minor = excluded.value_minor`,
);

export interface DebtRow<T extends Debt = Debt> {
  readonly memberNo: number;
  readonly debt: T;
  /** The clawback that made it; of no account once it is there. */
  readonly entryNo: bigint;
}

const debtColumns = (rows: readonly DebtRow[]): readonly unknown[] => [
  rows.map(({ debt }) => debt.id),
  rows.map(({ memberNo }) => memberNo),
  rows.map(({ debt }) => debt.since),
  rows.map(({ debt }) => debt.issued.units),
  rows.map(({ debt }) => debt.issued.valueMinor),
  rows.map(({ debt }) => debt.left.units),
  rows.map(({ debt }) => debt.left.valueMinor),
  rows.map(({ entryNo }) => entryNo),
];

export function storeDebts(tx: DbTransaction, programmeNo: number, rows: readonly DebtRow[]): void {
  if (rows.length > 0) tx.send(STORE_DEBTS, [programmeNo, ...debtColumns(rows)]);
}

const STORE_BORNE = statement(
  'lots.store-borne',
  `insert into borne_clawback (programme_no, id, member_no, since, issued_units, issued_value_minor, units, value_minor, entry_no,
                               borne_by, origin_id, lot_id, funder_no, contract_no)
   select $1, g.* from unnest($2::uuid[], $3::int[], $4::date[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
     $10::text[], $11::uuid[], $12::uuid[], $13::int[], $14::int[]) as g
   on conflict (id, member_no) do update set units = excluded.units, value_minor = excluded.value_minor`,
);

export function storeBorne(tx: DbTransaction, programmeNo: number, rows: readonly DebtRow<Borne>[]): void {
  if (rows.length === 0) return;
  tx.send(STORE_BORNE, [
    programmeNo,
    ...debtColumns(rows),
    rows.map(({ debt }) => debt.by),
    rows.map(({ debt }) => debt.origin),
    rows.map(({ debt }) => debt.lotId),
    rows.map(({ debt }) => debt.funding.funderNo),
    rows.map(({ debt }) => debt.funding.contractNo ?? null),
  ]);
}

const STORE_ACTIVITY = statement(
  'lots.store-activity',
  `update member_balance b
   set last_activity_on = greatest(b.last_activity_on, g.active_on), fees_taken_to = greatest(b.fees_taken_to, g.fees_to)
   from unnest($1::int[], $2::date[], $3::date[]) as g (member_no, active_on, fees_to) where b.member_no = g.member_no`,
);

export interface ActivityRow {
  readonly memberNo: number;
  /** Null leaves what is known. */
  readonly lastActivityOn: BusinessDate | null;
  readonly feesTakenTo: BusinessDate | null;
}

/** When members last did something, and up to when their dormancy fees are taken; neither ever goes back. */
export function storeActivity(tx: DbTransaction, rows: readonly ActivityRow[]): void {
  if (rows.length === 0) return;
  tx.send(STORE_ACTIVITY, [
    rows.map(({ memberNo }) => memberNo),
    rows.map(({ lastActivityOn }) => lastActivityOn),
    rows.map(({ feesTakenTo }) => feesTakenTo),
  ]);
}
