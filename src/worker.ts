/**
 * The periodic jobs' entrance: each job runs again and again beside the API, never twice at a time.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from './infrastructure/log.js';
import type { Metrics } from './infrastructure/metrics.js';
import { spanned } from './infrastructure/tracing.js';

export interface Job {
  readonly name: string;
  /** Rest between the end of one run and the start of the next. */
  readonly restMs: number;
  /** One run; it does a bounded piece of work and looks at the signal between pieces. */
  run(signal: AbortSignal): Promise<unknown>;
}

export interface Worker {
  /** Resolves when the runs in progress have ended. */
  stop(): Promise<void>;
}

interface Observers {
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Starts all jobs. A run that throws is logged with an error id, and the job goes on after its rest. */
export function startWorker(jobs: readonly Job[], log: Logger, metrics: Metrics): Worker {
  const ending = new AbortController();
  const running = jobs.map((job) => repeat(job, { log, metrics }, ending.signal));
  return {
    stop: async () => {
      ending.abort();
      await Promise.all(running);
    },
  };
}

async function repeat(job: Job, { log, metrics }: Observers, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const began = performance.now();
    const ended = (outcome: 'ok' | 'failed') =>
      metrics.jobEnded(job.name, outcome, (performance.now() - began) / 1_000);
    try {
      await spanned(`job: ${job.name}`, {}, () => job.run(signal));
      ended('ok');
    } catch (error) {
      ended('failed');
      log.error({ job: job.name, errorId: randomUUID(), err: error }, 'A periodic job failed.');
    }
    await delay(job.restMs, undefined, { signal }).catch(() => undefined); // cut short by the stop
  }
}
