/** The audit log as CSV, page by page, for whoever keeps it elsewhere. */
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { type EntryRow, findEntries } from './audit.sql.js';

export const AUDIT_HEADER = 'id,recorded_at,actor,actor_kind,operation,request_id,outcome,code,subjects,input\n';
const PAGE = 1_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Entries of these days (UTC) in their order, a page at a time. */
export async function* readEntries(
  command: <T>(work: (tx: DbTransaction) => Promise<T>) => Promise<T>,
  from: string | undefined,
  until: string | undefined,
): AsyncGenerator<readonly EntryRow[]> {
  let after = BEFORE_ALL;
  for (;;) {
    const page = await command((tx) => findEntries(tx, { after, from, until, limit: PAGE }));
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}

export const csvOfEntries = (entries: readonly EntryRow[]): string =>
  entries
    .map(({ id, recordedAt, actor, actorKind, operation, requestId, outcome, code, subjects, input }) =>
      [
        id,
        recordedAt.toISOString(),
        actor,
        actorKind,
        operation,
        requestId,
        outcome,
        code ?? '',
        subjects.join(' '),
        JSON.stringify(input),
      ]
        .map(cell)
        .join(','),
    )
    .map((line) => `${line}\n`)
    .join('');

/** Quoted where needed; what a spreadsheet would take for a formula begins with an apostrophe. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
