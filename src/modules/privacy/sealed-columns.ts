/** Every column that is encrypted at rest, and sealing it anew under the current key. A test finds what is missing here. */
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { type Statement, statement } from '../../infrastructure/db/database.js';

interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** What names the row, in its place. */
  readonly id: 'id' | 'kid';
  /** Where an older release has left the same in the open. */
  readonly plain?: string;
  /** Whether that is JSON. */
  readonly isJson?: boolean;
  /** What equal texts have in common. */
  readonly hash?: string;
  /** Rows per transaction, where they are large. */
  readonly chunk?: number;
}

const texts = (table: string, ...columns: string[]): SealedColumn[] =>
  columns.map((plain) => ({ table, column: `${plain}_sealed`, id: 'id', plain }));

const evidence = (table: string): SealedColumn => ({
  ...{ table, column: 'evidence_sealed', id: 'id', plain: 'evidence', isJson: true },
});

export const SEALED_COLUMNS: readonly SealedColumn[] = [
  ...texts('member', 'birthday'),
  ...texts('bank_account', 'holder_name'),
  { table: 'bank_account', column: 'iban_sealed', id: 'id', plain: 'iban', hash: 'iban_hash' },
  { table: 'payment_file', column: 'content_sealed', id: 'id', plain: 'content', chunk: 5 },
  ...texts('payment', 'reason_text'),
  ...texts('bank_movement', 'counterparty_name', 'counterparty_iban', 'remittance'),
  ...texts('adjustment', 'reason', 'decision_note'),
  evidence('adjustment'),
  ...texts('dispute', 'reason', 'resolution'),
  evidence('dispute'),
  ...texts('outflow_review', 'note'),
  ...texts('consent_receipt', 'evidence'),
  ...texts('purchase_claim', 'receipt', 'note', 'resolution'),
  { table: 'webhook_secret', column: 'sealed', id: 'id' },
  { table: 'connector', column: 'secret', id: 'id' },
  { table: 'signing_key', column: 'private_sealed', id: 'kid' },
];

/** Rows per transaction. */
const CHUNK = 200;

interface Resealing extends SealedColumn {
  readonly rows: number;
  readonly find: Statement;
  readonly store: Statement;
}

/** After the row that a chunk ended with, so that no table is read over and over. */
const RESEALING: readonly Resealing[] = SEALED_COLUMNS.map((column) => {
  const { table, column: sealed, id, plain, hash, chunk = CHUNK } = column;
  const type = id === 'id' ? 'uuid' : 'text';
  const old = `substring(${sealed} from 1 for length($1::bytea)) <> $1`;
  return {
    ...column,
    rows: chunk,
    // Whoever writes the row has sealed it with the current key: such rows are left to them.
    find: statement(
      `privacy.find-old-${table}-${sealed}`,
      `select ${id}::text as "rowId", ${sealed} as sealed, ${plain === undefined ? 'null' : `${plain}::text`} as plain from ${table}
       where (${old}${plain === undefined ? '' : ` or ${plain} is not null`}) and ($2::${type} is null or ${id} > $2)
       order by ${id} limit ${chunk} for no key update skip locked`,
    ),
    store: statement(
      `privacy.reseal-${table}-${sealed}`,
      `update ${table} t set ${sealed} = given.sealed
         ${plain === undefined ? '' : `, ${plain} = null`} ${hash === undefined ? '' : `, ${hash} = given.hash`}
       from unnest($1::${type}[], $2::bytea[], $3::bytea[]) as given (id, sealed, hash) where t.${id} = given.id`,
    ),
  };
});

interface OldRow {
  readonly rowId: string;
  readonly sealed: Buffer | null;
  /** Newer than what is sealed, where there are both: an older release has written it. */
  readonly plain: string | null;
}

async function resealChunk(
  tx: DbTransaction,
  { table, column, plain, hash, find, store }: Resealing,
  after: string | undefined,
): Promise<OldRow[]> {
  const rows = await tx.run<OldRow>(find, [tx.secrets.currentPrefix, after ?? null]);
  if (rows.length === 0) return rows;
  const resealed = rows.map(({ rowId, sealed, plain: open }) => {
    const place = { table, column, rowId };
    const text = open ?? tx.secrets.open(sealed as Buffer, place);
    const hashed = hash === undefined ? null : tx.secrets.hashes(text, { table, column: plain as string })[0];
    return { sealed: tx.secrets.seal(text, place), hashed };
  });
  const ids = rows.map(({ rowId }) => rowId);
  await tx.run(store, [ids, resealed.map(({ sealed }) => sealed), resealed.map(({ hashed }) => hashed)]);
  return rows;
}

/** Seals everything with the current key that is not; afterwards the older keys can go. How many values it was. */
export async function resealAll(
  database: Database,
  heard: (table: string, resealed: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0;
  for (const column of RESEALING) {
    let after: string | undefined;
    do {
      if (signal?.aborted === true) return total;
      const resealed = await database.command((tx) => resealChunk(tx, column, after));
      after = resealed.length < column.rows ? undefined : resealed.at(-1)?.rowId;
      total += resealed.length;
      if (resealed.length > 0) heard(column.table, resealed.length);
    } while (after !== undefined);
  }
  return total;
}
