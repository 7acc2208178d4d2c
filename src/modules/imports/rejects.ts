/** The rejects file: one JSON object per row that was not taken in, with its line in the feed and the reason. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Reject } from './import.errors.js';

export interface RejectedLine extends Omit<Reject, 'code'> {
  readonly line: number;
  readonly code: string;
}

/** "<feed>.rejects.ndjson" in the working directory. */
export const defaultRejectsFile = (feed: string): string => `${basename(feed)}.rejects.ndjson`;

/**
 * Writes the file anew, whole or not at all; without rejects there is no file, and an older one goes.
 * @returns how many there were
 */
export async function writeRejects(file: string, rejects: AsyncIterable<RejectedLine>): Promise<number> {
  const half = `${file}.${process.pid}`;
  let count = 0;
  const out = createWriteStream(half);
  const done = finished(out);
  done.catch(() => undefined);
  try {
    for await (const { line, code, reason } of rejects) {
      count += 1;
      if (!out.write(`${JSON.stringify({ line, code, reason })}\n`)) await Promise.race([once(out, 'drain'), done]);
    }
    out.end();
    await done;
    if (count > 0) await rename(half, file);
    else await rm(file, { force: true });
  } finally {
    out.destroy();
    await rm(half, { force: true });
  }
  return count;
}
