/** A member's rows as they are, table by table. */
import { type DbTransaction, type Statement, statement } from '../../infrastructure/db/database.js';
import { PERSONAL_DATA, type PersonalTable } from './personal-data.js';

interface ExportedTable {
  readonly table: string;
  readonly read: Statement;
}

const readOf = ({ table, member, key = '', hidden = [] }: PersonalTable): ExportedTable => ({
  table,
  read: statement(
    `privacy.export-${table}`,
    `select (${key}) collate "C" as key, (to_jsonb(t) - '{${hidden.join(',')}}'::text[])::text as row
     from ${table} t where ${member} = $1 and ($2::text is null or (${key}) collate "C" > $2)
     order by 1 limit $3`,
  ),
});

const AUDITED: ExportedTable = {
  table: 'audit_entry',
  read: statement(
    'privacy.export-audit-entries',
    `select id::text collate "C" as key, jsonb_build_object('id', id, 'recorded_at', recorded_at, 'operation', operation,
       'actor_kind', actor_kind, 'outcome', outcome)::text as row
     from audit_entry where subjects @> array[(select m.id::text from member m where m.no = $1)]
       and ($2::text is null or id::text collate "C" > $2)
     order by 1 limit $3`,
  ),
};

/** Units that others gave to the member, without who they are. */
const RECEIVED: ExportedTable = {
  table: 'unit_transfer_received',
  read: statement(
    'privacy.export-received-units',
    `select id::text collate "C" as key, jsonb_build_object('id', id, 'units', units, 'transferred_at', transferred_at)::text as row
     from unit_transfer where to_member_no = $1 and ($2::text is null or id::text collate "C" > $2) order by 1 limit $3`,
  ),
};

/** In the order of the export. */
export const EXPORTED: readonly ExportedTable[] = [
  ...PERSONAL_DATA.filter(({ key }) => key !== undefined).map(readOf),
  RECEIVED,
  AUDITED,
];

export interface ExportedRow {
  readonly key: string;
  /** JSON, as the database writes it: amounts lose nothing. */
  readonly row: string;
}

/** Rows of one table after a key, in their order. */
export const readRows = (
  tx: DbTransaction,
  { read }: ExportedTable,
  memberNo: number,
  after: string | null,
  limit: number,
): Promise<ExportedRow[]> => tx.run<ExportedRow>(read, [memberNo, after, limit]);
