/** What is read of the running gateway when Prometheus asks. */
import type { Databases } from './infrastructure/db/orm.js';
import type { Metrics } from './infrastructure/metrics.js';
import type { Services } from './services.js';

export function watch(metrics: Metrics, { database: { pool } }: Databases, { partnerPort }: Services): void {
  // Waiting for a connection is the first sign that a gateway has too few of them.
  metrics.gauge('hansa_database_connections', "Connections of the writer's pool, by state.", ['state'], () => [
    { labels: { state: 'used' }, value: pool.totalCount - pool.idleCount },
    { labels: { state: 'idle' }, value: pool.idleCount },
    { labels: { state: 'awaited' }, value: pool.waitingCount },
  ]);
  metrics.gauge('hansa_partner_questions', 'Questions to partners, by lane and state.', ['lane', 'state'], () =>
    partnerPort.counters().lanes.flatMap(({ lane, active, waiting, asked, answered }) => [
      { labels: { lane, state: 'active' }, value: active },
      { labels: { lane, state: 'waiting' }, value: waiting },
      { labels: { lane, state: 'asked' }, value: asked },
      { labels: { lane, state: 'answered' }, value: answered },
    ]),
  );
  metrics.gauge('hansa_partner_circuit_open', 'Lanes whose partner is left alone: 1, else 0.', ['lane'], () =>
    partnerPort
      .counters()
      .lanes.map(({ lane, circuit }) => ({ labels: { lane }, value: circuit === 'CLOSED' ? 0 : 1 })),
  );
}
