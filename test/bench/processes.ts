/** What processes cost, read from /proc: CPU time and memory. Nothing where there is no /proc. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const TICK_MS = 10;

interface Stat {
  readonly parent: number;
  /** Milliseconds of CPU, its own and that of children it has waited for. */
  readonly own: number;
  readonly children: number;
}

function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name in brackets may hold anything; what follows it are numbers.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (index: number): number => Number(fields[index]) * TICK_MS;
  return { parent: Number(fields[1]), own: ticks(11) + ticks(12), children: ticks(13) + ticks(14) };
}

export const cpuOf = (pid: number): number | undefined => statOf(pid)?.own;

/** A server's with all its processes, also those that have ended. */
export function cpuOfServer(postmaster: number): number | undefined {
  const root = statOf(postmaster);
  if (root === undefined) return undefined;
  const own = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === postmaster)
    .reduce((sum, stat) => sum + (stat?.own ?? 0), 0);
  return root.own + root.children + own;
}

/** Megabytes of memory that a process holds now. */
export function residentMegabytes(pid: number): number | undefined {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return undefined;
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(path, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
}

/** The most it has held since it began. */
export function mostResidentMegabytes(pid: number): number | undefined {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return undefined;
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(path, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
}
