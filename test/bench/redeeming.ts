/** Units held at a till and taken, in turn with TPC-B. */
import { atLeast, atMost, median, medianRatio, rounded } from './figures.js';
import type { LoadReport } from './load.js';
import type { Workload } from './workload.js';

const CONNECTIONS = 32;
const TILL = 'salt-and-grain';

export const redeeming: Workload = async (bench) => {
  const { stage, options, tpcb } = bench;
  const token = await stage.token({ principal: 'PARTNER', partner: TILL });
  const run = (milliseconds: number): Promise<LoadReport> =>
    stage.load.run({
      ...{ kind: 'HTTP', url: stage.url, asker: 'redeem', connections: CONNECTIONS, milliseconds },
      parameters: { token, run: bench.nextRun(), members: options.busyMembers, instant: bench.instant() },
    });
  await run(options.warmUpMs);
  const { reports, pairs, cpu } = await bench.inTurn('redemption', () => run(options.phaseMs), tpcb);
  bench.report({
    name: 'redemption authorise + capture, rate against the best TPC-B',
    ...{ value: medianRatio(pairs), unit: '×', target: atLeast(0.7) },
    note: `${CONNECTIONS} connections, ${bench.pairsNote(pairs)}`,
    cpu,
  });
  bench.report({
    name: 'redemption authorise + capture, both',
    ...{ value: median(reports.map(({ perSecond }) => perSecond)), unit: '/s' },
  });
  bench.report({
    name: 'redemption authorise + capture, p99 of both together',
    ...{ value: median(reports.map(({ p99 }) => p99)), unit: 'ms', target: atMost(100) },
    note: `p50 ${rounded(median(reports.map(({ p50 }) => p50)))} ms`,
  });
};
