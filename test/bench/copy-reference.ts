/**
 * The floor of an import: every row that one wrote, copied by the server from files into the same tables with the same
 * indexes and triggers in a second database, which was migrated and is empty.
 */
import { join } from 'node:path';
import pg from 'pg';
import { EMPTY_DATABASE, type Stage } from './stage.js';
import { tablesOfMembers } from './template.js';

export interface Copy {
  readonly tables: number;
  readonly rows: number;
  /** Copies everything once, into tables that are emptied before. */
  seconds(): Promise<number>;
}

/** @param codes pattern of the codes of the members whose rows are meant */
export async function openCopy(stage: Stage, codes: string, folder: string): Promise<Copy> {
  const found: { table: string; columns: string; file: string }[] = [];
  let rows = 0;
  for (const { name, columns } of await tablesOfMembers(stage.owner, [])) {
    const names = columns.map((column) => `"${column.name}"`).join(', ');
    const file = join(folder, 'postgres', `bench-${name}.copy`);
    const key = name === 'member' ? 'no' : 'member_no';
    const copied = await stage.owner.query(
      `copy (select ${names} from ${name} where ${key} in (select no from member where code like '${codes}')) to '${file}'`,
    );
    if ((copied.rowCount ?? 0) === 0) continue;
    rows += copied.rowCount ?? 0;
    found.push({ table: name, columns: names, file });
  }
  return {
    tables: found.length,
    rows,
    async seconds() {
      const client = new pg.Client({ connectionString: stage.adminUrl(EMPTY_DATABASE) });
      await client.connect();
      try {
        await client.query('set session_replication_role = replica');
        await client.query(`truncate ${found.map(({ table }) => table).join(', ')}`);
        await client.query('set session_replication_role = origin');
        const started = performance.now();
        await client.query('begin');
        for (const { table, columns, file } of found) await client.query(`copy ${table} (${columns}) from '${file}'`);
        await client.query('commit');
        return (performance.now() - started) / 1_000;
      } finally {
        await client.end();
      }
    },
  };
}
