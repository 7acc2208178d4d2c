/** Purchases over HTTP, one by one and in lists, in turn with TPC-B. */
import { databaseBytes } from './database-size.js';
import { atLeast, atMost, median, medianRatio, rounded } from './figures.js';
import type { LoadReport } from './load.js';
import { mostResidentMegabytes, residentMegabytes } from './processes.js';
import type { Workload } from './workload.js';

interface Shape {
  readonly name: string;
  readonly asker: 'submit' | 'submitMany';
  readonly connections: number;
  readonly ratio: number;
  /** Milliseconds of one request. */
  readonly p99: number | undefined;
}

const SINGLE: Shape = { name: 'transactionSubmit', asker: 'submit', connections: 64, ratio: 1.5, p99: 50 };
const LIST: Shape = {
  name: 'transactionsSubmit, lists of 200',
  asker: 'submitMany',
  connections: 4,
  ratio: 4,
  p99: undefined,
};

const submitting =
  (shape: Shape): Workload =>
  async (bench) => {
    const { stage, options, tpcb } = bench;
    const { name, asker, connections } = shape;
    const order = { kind: 'HTTP' as const, url: stage.url, asker, connections };
    const token = await stage.token({ principal: 'PARTNER', partner: 'hanse-bank' });
    const run = (milliseconds: number): Promise<LoadReport> =>
      stage.load.run({
        ...order,
        milliseconds,
        parameters: { token, run: bench.nextRun(), members: options.members, instant: bench.instant() },
      });
    await run(options.warmUpMs);
    const before = await databaseBytes(stage.owner);
    const { reports, pairs, cpu } = await bench.inTurn(name, () => run(options.phaseMs), tpcb);
    const grown = (await databaseBytes(stage.owner)) - before;
    const purchases = reports.reduce((sum, { operations }) => sum + operations, 0);
    const rate = median(reports.map(({ perSecond }) => perSecond));
    bench.report({
      name: `${name}, rate against the best TPC-B`,
      value: medianRatio(pairs),
      unit: '×',
      target: atLeast(shape.ratio),
      note: `${connections} connections, ${bench.pairsNote(pairs)}`,
      cpu,
    });
    bench.report({ name: `${name}, purchases`, value: rate, unit: '/s' });
    bench.report({
      name: `${name}, p99 of a request`,
      value: median(reports.map(({ p99 }) => p99)),
      unit: 'ms',
      target: shape.p99 === undefined ? undefined : atMost(shape.p99),
      note: `p50 ${rounded(median(reports.map(({ p50 }) => p50)))} ms`,
    });
    bench.report({
      name: `memory of the gateway after ${name}`,
      ...{ value: residentMegabytes(stage.gatewayPid) ?? Number.NaN, unit: 'MB', target: atMost(350) },
      note: `at most ${rounded(mostResidentMegabytes(stage.gatewayPid) ?? Number.NaN)} MB so far`,
    });
    bench.report({
      name: `bytes of database per purchase, by ${name}`,
      ...{ value: grown / purchases, unit: 'B', target: atMost(2_500) },
      note: `tables, indexes and TOAST grown by ${purchases} purchases, events and what is not vacuumed yet included`,
    });
  };

export const submitOne: Workload = submitting(SINGLE);
export const submitLists: Workload = submitting(LIST);
