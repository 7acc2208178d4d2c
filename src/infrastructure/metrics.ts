/**
 * What the gateway counts about itself, as Prometheus reads it. Names follow its conventions: a unit in every name, totals end
 * in _total. No label carries anything of a member, a partner's customer or a token, and every label has few values.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds; from an answer out of a cache to one that is given up. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'hansa_http_request_duration_seconds',
    help: 'How long answers took, by route and status.',
    labelNames: ['route', 'status'],
    buckets: BUCKETS,
    registers: [this.registry],
  });
  private readonly operations = new Counter({
    name: 'hansa_graphql_operations_total',
    help: 'GraphQL operations by kind and outcome: ok, or the code of the first error.',
    labelNames: ['kind', 'outcome'],
    registers: [this.registry],
  });
  private readonly jobs = new Histogram({
    name: 'hansa_job_duration_seconds',
    help: 'How long runs of the periodic jobs took, by job and outcome.',
    labelNames: ['job', 'outcome'],
    buckets: BUCKETS,
    registers: [this.registry],
  });
  private readonly successes = new Gauge({
    name: 'hansa_job_last_success_timestamp_seconds',
    help: 'When a job last ended well, in seconds since 1970.',
    labelNames: ['job'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  answered(route: string, status: number, seconds: number): void {
    this.requests.observe({ route, status }, seconds);
  }

  operated(kind: string, outcome: string): void {
    this.operations.inc({ kind, outcome });
  }

  jobEnded(job: string, outcome: 'ok' | 'failed', seconds: number): void {
    this.jobs.observe({ job, outcome }, seconds);
    if (outcome === 'ok') this.successes.set({ job }, Date.now() / 1_000);
  }

  /** A figure that is read when Prometheus asks: `read` gives the value of each set of labels. */
  gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => readonly { readonly labels: Readonly<Record<Label, string>>; readonly value: number }[],
  ): void {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { labels, value } of read()) this.set(labels as never, value);
      },
    });
  }
}
