/**
 * The measure of the rest: TPC-B-like transactions on the same server, by our driver and by pgbench, each at the number
 * of clients at which it does most. The better of both is "the best TPC-B".
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import pg from 'pg';
import { rounded } from './figures.js';
import type { Stage } from './stage.js';
import { SCALE } from './tpcb-client.js';

const run = promisify(execFile);
const DATABASE = 'bench_tpcb';
const CLIENTS = [1, 2, 4, 8, 16];
const PGBENCH = ['/usr/bin/pgbench', '/usr/local/bin/pgbench'].find((path) => existsSync(path));

export interface Tpcb {
  readonly name: string;
  readonly clients: number;
  /** Transactions a second. */
  measure(milliseconds: number): Promise<number>;
}

/** Makes the tables of pgbench and finds out who does most with how many clients. */
export async function openTpcb(stage: Stage, trialMs: number, say: (text: string) => void): Promise<Tpcb> {
  await stage.owner.query(`create database ${DATABASE}`);
  const url = stage.adminUrl(DATABASE);
  await makeTables(url);
  const drivers: { name: string; measure: (clients: number, milliseconds: number) => Promise<number> }[] = [
    {
      name: 'our driver',
      measure: async (clients, milliseconds) =>
        (await stage.load.run({ kind: 'TPCB', url, clients, milliseconds })).perSecond,
    },
  ];
  if (PGBENCH === undefined) {
    say('pgbench IS NOT INSTALLED: the reference is TPC-B by our own driver alone, which is the slower of both.');
  } else {
    drivers.push({ name: 'pgbench', measure: (clients, milliseconds) => pgbench(url, clients, milliseconds) });
  }
  let best: { rate: number; name: string; clients: number; measure: Tpcb['measure'] } | undefined;
  for (const { name, measure } of drivers) {
    const rates: string[] = [];
    for (const clients of CLIENTS) {
      const rate = await measure(clients, trialMs);
      rates.push(`${clients}: ${rounded(rate)}`);
      if (best === undefined || rate > best.rate) {
        best = { rate, name, clients, measure: (milliseconds) => measure(clients, milliseconds) };
      }
    }
    say(`TPC-B by ${name}, transactions/s by clients: ${rates.join(', ')}`);
  }
  if (best === undefined) throw new Error('nobody measured TPC-B');
  say(`best TPC-B: ${best.name} with ${best.clients} clients`);
  return best;
}

/** As `pgbench --initialize` makes them; by hand, because they are needed where pgbench is not. */
async function makeTables(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
    create table pgbench_tellers (tid int not null, bid int, tbalance int, filler char(84)) with (fillfactor = 100);
    create table pgbench_accounts (aid int not null, bid int, abalance int, filler char(84)) with (fillfactor = 100);
    create table pgbench_branches (bid int not null, bbalance int, filler char(88)) with (fillfactor = 100);
    insert into pgbench_branches select n, 0 from generate_series(1, ${SCALE}) n;
    insert into pgbench_tellers select n, (n - 1) / 10 + 1, 0 from generate_series(1, ${SCALE * 10}) n;
    insert into pgbench_accounts select n, (n - 1) / 100000 + 1, 0, '' from generate_series(1, ${SCALE * 100_000}) n;
    alter table pgbench_branches add primary key (bid);
    alter table pgbench_tellers add primary key (tid);
    alter table pgbench_accounts add primary key (aid);`);
  await client.query('vacuum analyze');
  await client.end();
}

async function pgbench(url: string, clients: number, milliseconds: number): Promise<number> {
  const { hostname, port, username, password } = new URL(url);
  const seconds = String(Math.max(1, Math.round(milliseconds / 1_000)));
  const threads = String(Math.min(2, clients));
  const values = ['-n', '-M', 'prepared', '-s', String(SCALE), '-c', String(clients), '-j', threads, '-T', seconds];
  const { stdout } = await run(
    PGBENCH ?? 'pgbench',
    [...values, '-h', hostname, '-p', port, '-U', username, DATABASE],
    {
      env: { ...process.env, PGPASSWORD: password },
    },
  );
  const rate = /^tps = ([\d.]+) \(without initial connection/m.exec(stdout)?.[1];
  if (rate === undefined) throw new Error(`pgbench said ${stdout}`);
  return Number(rate);
}
