import { createLogger } from '../src/infrastructure/log.js';
import { Metrics } from '../src/infrastructure/metrics.js';
import { type Job, startWorker, type Worker } from '../src/worker.js';

const job = (run: Job['run']): Job => ({ name: 'a job', restMs: 1, run });

describe('the worker', () => {
  it('runs a job again and again, one run at a time, and on after one that failed', async () => {
    const lines: string[] = [];
    const log = createLogger('error', { write: (line) => lines.push(line) });
    const metrics = new Metrics();
    let running = 0;
    let most = 0;
    let runs = 0;
    await new Promise<void>((enough) => {
      const worker = startWorker(
        [
          job(async () => {
            running += 1;
            most = Math.max(most, running);
            await new Promise((resolve) => setImmediate(resolve));
            running -= 1;
            runs += 1;
            if (runs === 1) throw new Error('the first run fails');
            if (runs === 3) void worker.stop().then(enough);
          }),
        ],
        log,
        metrics,
      );
    });
    expect({ runs, most }).toEqual({ runs: 3, most: 1 });
    const counted = await metrics.text();
    expect(counted).toContain('hansa_job_duration_seconds_count{job="a job",outcome="failed"} 1');
    expect(counted).toContain('hansa_job_duration_seconds_count{job="a job",outcome="ok"} 2');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { job: 'a job', err: { message: 'the first run fails' }, errorId: expect.any(String) },
    ]);
  });

  it('lets the run in progress end and starts no other', async () => {
    let finish = (): void => undefined;
    let aborted: boolean | undefined;
    let runs = 0;
    const worker = await new Promise<Worker>((begun) => {
      const started = startWorker(
        [
          job(async (signal) => {
            runs += 1;
            await new Promise<void>((resolve) => {
              finish = resolve;
              setImmediate(() => begun(started));
            });
            aborted = signal.aborted;
          }),
        ],
        createLogger('silent'),
        new Metrics(),
      );
    });
    const stopped = worker.stop();
    expect(aborted).toBeUndefined();
    finish();
    await stopped;
    expect({ aborted, runs }).toEqual({ aborted: true, runs: 1 });
  });
});
