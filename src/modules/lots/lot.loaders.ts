/** Batched reads of lots, of what became of them, and of debts. */
import { Account } from '../../domain/ledger/accounts.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { byId, type Keyset, type Slice, sqlSlice } from '../../graphql/keyset.js';
import { groupedBy, inOrderOf } from '../../graphql/loaders.js';
import { nestedLoader } from '../../graphql/nested.js';
import { type Columns, rowsOf, sorted } from '../../infrastructure/db/entity-rows.js';
import { LotEntity, LotMovementEntity, LotPotEntity, MemberDebtEntity } from './lot.entity.js';

/** Ids are made in the order in which lots come. */
export const LOTS = byId('lots', 'DESC');

/** What of a lot stands in other tables. */
interface InOtherTables {
  /** Its hold has not ended. */
  readonly isPending: boolean;
  /** Units that are not in the lot any more, wherever they are; as text. */
  readonly gone: string;
}

/** What of a lot is shown, or leads to something that is. */
const SHOWN = [
  ...(['id', 'memberNo', 'programmeNo', 'funderNo', 'originId', 'units', 'valueMinor'] as const),
  ...(['accruedOn', 'availableOn', 'expiresOn'] as const),
] as const;

export type LotRow = Pick<LotEntity, (typeof SHOWN)[number]> & InOtherTables;

// Other tables by whole keys, a lot at a time, of those on the page alone.
const COLUMNS: Columns = {
  only: SHOWN,
  more: `
  lot.units > 0 and coalesce((select true from due d where d.programme_no = lot.programme_no and d.due_on = lot.available_on
                              and d.member_no = lot.member_no and d.lot_id = lot.id limit 1), false) as "isPending",
  coalesce((select sum(p.units) from lot_pot p where p.member_no = lot.member_no and p.lot_id = lot.id), 0)::text as "gone"`,
};

/** A page of a member's lots, as far as the caller may see them. */
export function lotsOf(memberNo: number, slice: Slice, { em }: GatewayContext): Promise<LotRow[]> {
  const { condition, values, orderBy, limit } = sqlSlice(LOTS, slice, 3);
  // Two indexes, one of what is live and one of what is used up; together they are all of them.
  const all = '(member_no = $1::int and units > 0 or member_no = $1::int and units = 0)';
  const tail = `where ${all} and ${condition} order by ${sorted(orderBy)} limit $2::int`;
  return rowsOf<LotEntity, LotRow>(em, LotEntity, tail, [memberNo, limit, ...values], COLUMNS);
}

/** The lots of a member of which something is left, in the order in which they came. */
export const LIVE_LOTS_OF_MEMBER: LoaderDefinition<number, readonly LotEntity[]> = {
  name: 'lots.live-of-member',
  async load(memberNos, { em }) {
    const found = await rowsOf(em, LotEntity, 'where member_no = any($1::int[]) and units > 0 order by id', [
      memberNos,
    ]);
    return groupedBy(memberNos, found, ({ memberNo }) => memberNo);
  },
};

export const POTS_OF_LOT: LoaderDefinition<LotRow, readonly LotPotEntity[]> = {
  name: 'lots.pots-of-lot',
  async load(lots, { em }) {
    const ids = lots.map(({ id }) => id);
    // By the members too: the key begins with them, and by ids alone all of it would be read.
    const tail = 'where member_no = any($1::int[]) and lot_id = any($2::uuid[])';
    const found = await rowsOf(em, LotPotEntity, tail, [[...new Set(lots.map(({ memberNo }) => memberNo))], ids]);
    return groupedBy(ids, found, ({ lotId }) => lotId);
  },
};

export const MOVEMENTS: Keyset = {
  name: 'lot-movements',
  columns: [
    { property: 'entryNo', kind: 'bigint', sql: 'entry_no' },
    { property: 'line', kind: 'integer' },
  ],
  direction: 'ASC',
};

export const MOVEMENTS_OF_LOT = nestedLoader<LotMovementEntity>({
  name: 'lots.movements-of-lot',
  keyset: MOVEMENTS,
  entity: LotMovementEntity,
  parent: { column: 'lot_id', kind: 'uuid' },
});

/** What the journal says of a movement, as far as the caller may see it. */
export interface MovementEntry {
  readonly kind: number;
  readonly businessDate: string;
  /** Where units were redeemed or given back. */
  readonly redeemerNo: number | null;
}

export const ENTRY_OF_MOVEMENT: LoaderDefinition<bigint, MovementEntry | undefined> = {
  name: 'lots.entry-of-movement',
  async load(entryNos, { em }) {
    const rows = await em.execute<(MovementEntry & { readonly no: string })[]>(
      `select e.no::text as no, e.kind, e.business_date::text as "businessDate",
              (select p.party from posting p
               where p.entry_no = e.no and p.member_no = e.member_no and p.account = ${Account.REDEEMED} limit 1) as "redeemerNo"
       from journal_entry e where e.no in (select value::bigint from json_array_elements_text(?::json))`,
      [JSON.stringify(entryNos.map(String))],
    );
    return inOrderOf(entryNos.map(String), rows, ({ no }) => no);
  },
};

/** The oldest first: ids are made in the order of the refunds. */
export const DEBTS = byId('member-debts', 'ASC');

/** What is still owed, the oldest first. */
export const DEBTS_OF_MEMBER: LoaderDefinition<number, readonly MemberDebtEntity[]> = {
  name: 'lots.debts-of-member',
  async load(memberNos, { em }) {
    const where = { memberNo: { $in: [...memberNos] }, units: { $gt: 0n } };
    const found = await em.find(MemberDebtEntity, where, { orderBy: { since: 'asc', id: 'asc' } });
    return groupedBy(memberNos, found, ({ memberNo }) => memberNo);
  },
};
