/**
 * Progress on standard error: one line that is redrawn on a terminal, a plain line every few seconds elsewhere
 * (a log, a pipe), so that standard output stays the command's answer.
 */
import type { WriteStream } from 'node:tty';
import type { ImportListener } from '../modules/imports/index.js';

const REDRAW_MS = 100;
const PLAIN_MS = 5_000;
const BAR_WIDTH = 24;

export interface Progress extends ImportListener {
  /** Leaves the line as it is and goes to the next. */
  end(): void;
}

/** @param now milliseconds of a clock that never goes back */
export function openProgress(
  out: Pick<WriteStream, 'write' | 'isTTY'>,
  now: () => number = () => performance.now(),
): Progress {
  const interval = out.isTTY ? REDRAW_MS : PLAIN_MS;
  let name = '';
  let unit: 'rows' | 'bytes' = 'rows';
  let startedMs = 0;
  let first = 0;
  let shownMs = Number.NEGATIVE_INFINITY;
  let isOpen = false;
  const end = (): void => {
    if (isOpen) out.write('\n');
    isOpen = false;
  };
  return {
    end,
    phase(next, counts) {
      end();
      name = next;
      unit = counts;
      startedMs = now();
      first = -1;
      shownMs = out.isTTY ? Number.NEGATIVE_INFINITY : startedMs;
      if (!out.isTTY) out.write(`${name} ...\n`);
    },
    progress(done, total) {
      if (first === -1) first = done;
      const at = now();
      if (at - shownMs < interval && !(out.isTTY && done === total)) return;
      shownMs = at;
      const line = describe(name, unit, { done, total, since: done - first, elapsedMs: at - startedMs });
      out.write(out.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
      isOpen = out.isTTY;
    },
  };
}

interface Reached {
  readonly done: number;
  readonly total: number;
  /** Of `done`, what this process has seen. */
  readonly since: number;
  readonly elapsedMs: number;
}

function describe(name: string, unit: 'rows' | 'bytes', { done, total, since, elapsedMs }: Reached): string {
  const share = total === 0 ? 1 : Math.min(done / total, 1);
  const filled = Math.round(share * BAR_WIDTH);
  const rate = elapsedMs > 0 ? (since * 1_000) / elapsedMs : 0;
  const left = rate > 0 ? `, ${duration((total - done) / rate)} left` : '';
  const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled);
  const speed =
    unit === 'bytes' ? `${(rate / 1_000_000).toFixed(1)} MB/s` : `${Math.round(rate).toLocaleString('en-GB')} rows/s`;
  return `${name} [${bar}] ${Math.floor(share * 100)} %, ${speed}${left}`;
}

/** Seconds as "4 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  const whole = Math.max(Math.ceil(seconds), 0);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}
