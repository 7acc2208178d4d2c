/** A member's rows as they are, table by table. */
import { type DbTransaction, type Statement, statement } from '../../infrastructure/db/database.js';
import { PERSONAL_DATA, type PersonalTable } from './personal-data.js';
import { SEALED_COLUMNS } from './sealed-columns.js';

interface SealedText {
  readonly column: string;
  readonly plain: string;
  readonly isJson: boolean;
}

interface ExportedTable {
  readonly table: string;
  readonly read: Statement;
  /** What is opened for it, in the order in which the statement gives it. */
  readonly texts?: readonly SealedText[];
}

function readOf({ table, member, key = '', hidden = [] }: PersonalTable): ExportedTable {
  const texts = SEALED_COLUMNS.flatMap(({ table: of, column, plain, isJson = false }) =>
    of === table && plain !== undefined && !hidden.includes(plain) ? [{ column, plain, isJson }] : [],
  );
  const sealed = texts.map(({ column }) => column);
  const opened = texts.map(({ column, plain }) => `case when ${column} is not null then '${plain}' end`);
  const [rowId, without] = texts.length === 0 ? ['null', ''] : ['id::text', `- array_remove(array[${opened}], null)`];
  return {
    table,
    texts,
    read: statement(
      `privacy.export-${table}`,
      `select (${key}) collate "C" as key, ${rowId} as "rowId", array[${sealed}]::bytea[] as sealed,
         (to_jsonb(t) - '{${[...hidden, ...sealed].join(',')}}'::text[] ${without})::text as row
       from ${table} t where ${member} = $1 and ($2::text is null or (${key}) collate "C" > $2)
       order by 1 limit $3`,
    ),
  };
}

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

interface StoredRow extends ExportedRow {
  readonly rowId: string;
  readonly sealed: readonly (Buffer | null)[];
}

/** Rows of one table after a key, in their order, with what is sealed in the open. */
export async function readRows(
  tx: DbTransaction,
  { table, read, texts = [] }: ExportedTable,
  memberNo: number,
  after: string | null,
  limit: number,
): Promise<ExportedRow[]> {
  const rows = await tx.run<StoredRow>(read, [memberNo, after, limit]);
  return rows.map(({ key, row, rowId, sealed }) => {
    const opened = texts.flatMap(({ column, plain, isJson }, at) => {
      const value = sealed[at] ?? null;
      if (value === null) return [];
      const text = tx.secrets.open(value, { table, column, rowId });
      return [`"${plain}":${isJson ? text : JSON.stringify(text)}`];
    });
    // Put behind what the database wrote, which no number survives being read from; each row has its key before.
    return { key, row: opened.length === 0 ? row : `${row.slice(0, -1)},${opened.join(',')}}` };
  });
}
