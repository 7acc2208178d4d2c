/**
 * Claims on the data directory that outlive no process.
 *
 * A claim is a small file that names its holder. The holder is identified by its process id and, where the
 * system tells, the moment that process started, so that a number reused after a crash is not mistaken for it.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface Holder {
  readonly pid: number;
  /** Clock ticks since boot, from /proc; empty where there is no /proc. */
  readonly startedAt: string;
  /** The command, for the sentence that names it. */
  readonly purpose: string;
}

export interface Claim {
  release(): void;
}

/** State and start of a process from /proc; undefined when this system has none, or no such process. */
function procOf(pid: number | 'self'): { readonly state: string; readonly startedAt: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** Whether the process runs; one that has ended and that nobody has buried (in a container without init) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return procOf(pid)?.state !== 'Z';
}

const holds = (holder: Holder): boolean =>
  isAlive(holder.pid) && (holder.startedAt === '' || holder.startedAt === procOf(holder.pid)?.startedAt);

function read(file: string): Holder | undefined {
  try {
    const { pid, startedAt, purpose } = JSON.parse(readFileSync(file, 'utf8')) as Holder;
    return { pid, startedAt, purpose };
  } catch {
    return undefined;
  }
}

const content = (purpose: string): string =>
  JSON.stringify({ pid: process.pid, startedAt: procOf('self')?.startedAt ?? '', purpose } satisfies Holder);

/** Takes the claim, or returns the live holder that has it. A dead holder's claim is taken over. */
export async function claim(file: string, purpose: string): Promise<Claim | Holder> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(file, content(purpose), { flag: 'wx', mode: 0o644 });
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = read(file);
    if (holder && holds(holder)) return holder;
    if (!holder && attempt < 10) {
      await delay(50); // it may be just being written
      continue;
    }
    setAside(file, holder);
  }
}

export const isClaim = (answer: Claim | Holder): answer is Claim => 'release' in answer;

/** Moves a dead claim away, unless somebody renewed it between our look and our move. */
function setAside(file: string, dead: Holder | undefined): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another process was quicker
  }
  const moved = read(aside);
  if (moved && moved.pid !== dead?.pid && holds(moved)) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

/** Waits for a claim that is held for moments only; returns the holder when it is still held after `timeoutMs`. */
export async function claimWithin(file: string, purpose: string, timeoutMs: number): Promise<Claim | Holder> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await claim(file, purpose);
    if (isClaim(answer) || Date.now() > deadline) return answer;
    await delay(50);
  }
}

/** Enters this process into a folder of those who use something together. */
export function enrol(folder: string, purpose: string): Claim {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.pid}-${Math.random().toString(36).slice(2, 8)}`);
  writeFileSync(file, content(purpose));
  return { release: () => rmSync(file, { force: true }) };
}

/** Those of the folder who still live; the dead are struck off. */
export function enrolled(folder: string): Holder[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch {
    return [];
  }
  const living: Holder[] = [];
  for (const file of files.map((name) => join(folder, name))) {
    const holder = read(file);
    if (holder && holds(holder)) living.push(holder);
    else rmSync(file, { force: true });
  }
  return living;
}
