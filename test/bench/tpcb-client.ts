/** TPC-B-like transactions by the driver that we use ourselves: seven statements, each prepared once a connection. */
import pg from 'pg';
import { percentile } from './figures.js';
import type { LoadReport } from './load.js';

export interface TpcbOrder {
  readonly url: string;
  readonly clients: number;
  readonly milliseconds: number;
}

const named = (name: string, text: string) => ({ name, text });
const UPDATE_ACCOUNT = named('a', 'UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2');
const READ_ACCOUNT = named('b', 'SELECT abalance FROM pgbench_accounts WHERE aid = $1');
const UPDATE_TELLER = named('c', 'UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2');
const UPDATE_BRANCH = named('d', 'UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2');
const INSERT = named(
  'e',
  'INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP)',
);
const BEGIN = named('f', 'BEGIN');
const END = named('g', 'END');

/** Branches: as many as the most clients tried, so that they do not queue for one row. */
export const SCALE = 16;
const below = (most: number): number => 1 + Math.floor(Math.random() * most);

export async function runTpcb({ url, clients, milliseconds }: TpcbOrder): Promise<Omit<LoadReport, 'cpuMs'>> {
  const pool = Array.from({ length: clients }, () => new pg.Client({ connectionString: url }));
  for (const client of pool) await client.connect();
  const started = performance.now();
  const until = started + milliseconds;
  const latencies: number[] = [];
  const work = async (client: pg.Client): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now();
      const [aid, bid, tid, delta] = [below(100_000 * SCALE), below(SCALE), below(10 * SCALE), below(10_001) - 5_001];
      await client.query(BEGIN);
      await client.query({ ...UPDATE_ACCOUNT, values: [delta, aid] });
      await client.query({ ...READ_ACCOUNT, values: [aid] });
      await client.query({ ...UPDATE_TELLER, values: [delta, tid] });
      await client.query({ ...UPDATE_BRANCH, values: [delta, bid] });
      await client.query({ ...INSERT, values: [tid, bid, aid, delta] });
      await client.query(END);
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(pool.map(work));
  const elapsed = performance.now() - started;
  for (const client of pool) await client.end();
  return {
    operations: latencies.length,
    busy: 0,
    perSecond: (latencies.length * 1_000) / elapsed,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    longest: percentile(latencies, 1),
  };
}
