/**
 * One partner hangs: what does it cost those who ask the others? Pairs of phases, one in which all are well and one in
 * which one of six accepts every call and answers none; the 99th percentile of the others, as a ratio.
 */
import { PROGRAMME } from '../../src/demo/cast.js';
import { statement } from '../../src/infrastructure/db/database.js';
import { createOutbound } from '../../src/infrastructure/outbound/index.js';
import { createServices } from '../../src/services.js';
import { openPartnerServer } from '../support/partners/partner-server.js';
import { admin } from '../support/principals.js';
import { atMost, median, percentile, rounded } from './figures.js';
import type { Workload } from './workload.js';

/** Five hanging phases add up to more than 30 s. */
const PHASE_MS = 7_000;
/** Those who ask each of the others, each with a rest after its answer; the one is asked after each rest, answered or not. */
const ASKERS = 3;
const REST_MS = 10;

const PARTNER_NOS = statement('bench.partner-nos', 'select no, code from partner order by no limit 6');

export const benchPartners: Workload = async ({ stage, options, report }) => {
  const { databases } = stage;
  const outbound = createOutbound({ allowLoopback: true });
  const { connectors, live } = createServices(databases, { outbound });
  const partners = await databases.database.command((tx) => tx.run<{ no: number; code: string }>(PARTNER_NOS));
  const servers = await Promise.all(
    partners.map(() => openPartnerServer(({ query }) => [{ item: query.get('items'), available: 1 }])),
  );
  for (const [index, { code }] of partners.entries()) {
    const made = await connectors.create(admin('hansa-bench'), {
      ...{ code: `bench-${code}`, partnerCode: code, programmeCode: PROGRAMME, secret: undefined },
      terms: {
        ...{ kind: 'HTTP_JSON', address: servers[index]?.url ?? '', auth: { kind: 'NONE' }, everySeconds: 86_400 },
        endpoints: [{ capability: 'STOCK', path: '/stock', fields: [] }],
      },
    });
    if (!made.ok) throw new Error(made.failure.message);
  }
  let items = 0;
  let faults = 0;
  let asked = 0;
  const phase = async (): Promise<number> => {
    const until = performance.now() + PHASE_MS;
    const times: number[] = [];
    const asker = async (index: number): Promise<void> => {
      while (performance.now() < until) {
        items += 1;
        const started = performance.now();
        // An item of its own each time: nothing is answered from memory.
        const answer = await live.stockOf(partners[index]?.no ?? 0, [`item-${items}`]);
        asked += 1;
        times.push(performance.now() - started);
        if (answer === undefined || answer instanceof Error) faults += 1;
        await new Promise((rested) => setTimeout(rested, REST_MS));
      }
    };
    const asking: Promise<unknown>[] = [];
    const crowd = async (): Promise<void> => {
      while (performance.now() < until) {
        items += 1;
        asking.push(live.stockOf(partners[0]?.no ?? 0, [`item-${items}`]));
        await new Promise((rested) => setTimeout(rested, REST_MS));
      }
    };
    const others = partners.slice(1).flatMap((_partner, at) => Array.from({ length: ASKERS }, () => asker(at + 1)));
    await Promise.all([crowd(), ...others]);
    await Promise.all(asking);
    return percentile(times, 0.99);
  };
  const [first] = servers;
  if (first === undefined) throw new Error('there is no partner to ask');
  await phase();
  const well: number[] = [];
  const hanging: number[] = [];
  for (let pair = 0; pair < options.pairs; pair += 1) {
    first.mood = 'WELL';
    well.push(await phase());
    first.mood = 'HANGING';
    hanging.push(await phase());
  }
  const ratios = hanging.map((value, index) => value / (well[index] as number));
  await outbound.close();
  for (const server of servers) await server.close();
  report({
    name: 'p99 of other partners while one hangs, against p99 while none does',
    value: median(ratios),
    unit: '×',
    target: atMost(1.5),
    note:
      `${ratios.map(rounded).join(', ')}; ${rounded(median(well))} and ${rounded(median(hanging))} ms, ` +
      `${faults} of ${asked} unanswered, at most ${first.mostAtOnce} calls to the one`,
  });
};
