/**
 * An import that stores nothing: every row is translated, and the summary says what would be taken in as far
 * as the file alone can tell. What only the database knows (rows taken in earlier, a closed member, a refund
 * without its purchase) shows when it is imported.
 */
import type { ImportPlan } from './import-plan.js';
import { EMPTY_COUNTS, type ImportListener, type ImportSummary, summaryOf } from './import-summary.js';
import { defaultRejectsFile, type RejectedLine, writeRejects } from './rejects.js';

export async function dryRun(
  plan: ImportPlan,
  rejectsFile: string | undefined,
  listener: ImportListener,
): Promise<ImportSummary> {
  const startedMs = performance.now();
  const file = rejectsFile ?? defaultRejectsFile(plan.file);
  const counts = { ...EMPTY_COUNTS };
  listener.phase('Reading', 'bytes');
  const rejects = await writeRejects(file, rejectsOf(plan, counts, listener));
  const rows = counts.accepted + counts.duplicate + counts.rejected;
  return summaryOf(plan, {
    ...counts,
    rows,
    rowsHere: rows,
    settlements: 0,
    resumed: false,
    dryRun: true,
    startedMs,
    ...(rejects > 0 && { rejectsFile: file }),
  });
}

async function* rejectsOf(
  plan: ImportPlan,
  counts: { -readonly [Count in keyof typeof EMPTY_COUNTS]: (typeof EMPTY_COUNTS)[Count] },
  listener: ImportListener,
): AsyncGenerator<RejectedLine> {
  const { feed, translator } = plan;
  const seen = new Map<string, number>();
  const messages = new Set<string>();
  for await (const { line, cells } of feed.rows()) {
    const row = 'code' in cells ? cells : translator.translate(cells);
    if ('code' in row) {
      counts.rejected += 1;
      yield { line, code: row.code, reason: row.reason };
    } else {
      const { reference, kind, amountMinor } = row.command;
      const inDelivery = `${row.delivery}\n${reference}`;
      const occurrence = plan.mapping.key === undefined ? 1 : (seen.get(inDelivery) ?? 0) + 1;
      seen.set(inDelivery, occurrence);
      const before = messages.size;
      if (messages.add(`${kind} ${reference}.${occurrence}`).size === before) counts.duplicate += 1;
      else {
        counts.accepted += 1;
        counts.acceptedMinor += kind === 'REFUND' ? -BigInt(amountMinor) : BigInt(amountMinor);
      }
    }
    if (line % 1_000 === 0) listener.progress(feed.bytesRead(), feed.bytes);
  }
}
