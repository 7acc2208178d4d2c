/** Every column that is encrypted at rest, and sealing it anew under the current key. A test finds what is missing here. */
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { type Statement, statement } from '../../infrastructure/db/database.js';

import { sealBirthdays } from '../members/index.js';

interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** What names the row: in its place, and in SQL. */
  readonly id: string;
}

export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'member', column: 'birthday_sealed', id: 'id' },
  { table: 'webhook_secret', column: 'sealed', id: 'id' },
  { table: 'connector', column: 'secret', id: 'id' },
  { table: 'signing_key', column: 'private_sealed', id: 'kid' },
];

/** Rows per transaction. */
const CHUNK = 200;

interface Resealing extends SealedColumn {
  readonly find: Statement;
  readonly store: Statement;
}

// Whoever writes the row has sealed it with the current key: such rows are left to them.
const RESEALING: readonly Resealing[] = SEALED_COLUMNS.map(({ table, column, id }) => ({
  table,
  column,
  id,
  find: statement(
    `privacy.find-old-${table}-${column}`,
    `select ${id}::text as "rowId", ${column} as sealed from ${table}
     where ${column} is not null and substring(${column} from 1 for length($1::bytea)) <> $1
     order by ${id} limit ${CHUNK} for update skip locked`,
  ),
  store: statement(
    `privacy.reseal-${table}-${column}`,
    `update ${table} t set ${column} = given.sealed
     from unnest($1::text[], $2::bytea[]) as given (id, sealed) where t.${id}::text = given.id`,
  ),
}));

async function resealChunk(tx: DbTransaction, { table, column, find, store }: Resealing): Promise<number> {
  const rows = await tx.run<{ rowId: string; sealed: Buffer }>(find, [tx.secrets.currentPrefix]);
  if (rows.length === 0) return 0;
  const resealed = rows.map(({ rowId, sealed }) => {
    const place = { table, column, rowId };
    return tx.secrets.seal(tx.secrets.open(sealed, place), place);
  });
  await tx.run(store, [rows.map(({ rowId }) => rowId), resealed]);
  return rows.length;
}

/** Seals everything with the current key that is not; afterwards the older keys can go. How many values it was. */
export async function resealAll(
  database: Database,
  heard: (table: string, resealed: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0;
  for (let sealed = CHUNK; sealed === CHUNK && signal?.aborted !== true; total += sealed) {
    sealed = await database.command((tx) => sealBirthdays(tx, CHUNK));
    if (sealed > 0) heard('member', sealed);
  }
  for (const column of RESEALING) {
    for (;;) {
      if (signal?.aborted === true) return total;
      const resealed = await database.command((tx) => resealChunk(tx, column));
      if (resealed === 0) break;
      total += resealed;
      heard(column.table, resealed);
    }
  }
  return total;
}
