/** Closing a window of a million entries while others write, and smaller ones after it. */
import { PROGRAMME } from '../../src/demo/cast.js';
import { GraphQLClient } from '../../src/demo/graphql-client.js';
import { atMost, rounded } from './figures.js';
import type { Workload } from './workload.js';

const CLOSE = `mutation ($input: SettlementWindowCloseInput!) {
  settlementWindowClose(input: $input) { window { entryCount postingCount } userErrors { code message } } }`;
const WRITERS = { connections: 4, restMs: 20 };
/** Writers are there a little before and after. */
const BEFORE_MS = 500;

interface Closed {
  readonly settlementWindowClose: {
    readonly window: { readonly entryCount: number; readonly postingCount: number } | null;
    readonly userErrors: readonly { readonly message: string }[];
  };
}

export const closing: Workload = async (bench) => {
  const { stage, options } = bench;
  const admin = await GraphQLClient.signIn(stage.url, { principal: 'ADMIN' });
  const token = await stage.token({ principal: 'PARTNER', partner: 'hanse-bank' });
  const writers = (milliseconds: number) =>
    stage.load.run({
      ...{ kind: 'HTTP', url: stage.url, asker: 'submit', milliseconds, ...WRITERS },
      parameters: { token, run: bench.nextRun(), members: options.members, instant: bench.instant() },
    });
  const idle = await writers(options.phaseMs);
  const meanwhile = writers(options.phaseMs);
  await new Promise((wait) => setTimeout(wait, BEFORE_MS));
  const before = stage.cpu();
  const started = performance.now();
  const { settlementWindowClose } = await admin.run<Closed>(CLOSE, {
    input: { programmeCode: PROGRAMME, idempotencyKey: `${bench.nextRun()}-close` },
  });
  const seconds = (performance.now() - started) / 1_000;
  const cpu = ((stage.cpu().postgres ?? 0) - (before.postgres ?? 0)) / 1_000;
  const { window, userErrors } = settlementWindowClose;
  if (window === null)
    throw new Error(`the window was not closed: ${userErrors.map(({ message }) => message).join(' ')}`);
  const { longest } = await meanwhile;
  bench.report({
    name: 'window close',
    ...{ value: seconds, unit: 's', target: atMost(2) },
    note: `${window.entryCount} entries, ${window.postingCount} postings; ${rounded(cpu)} s of CPU of PostgreSQL`,
  });
  bench.report({
    name: 'window close, longest a writer waited for its answer meanwhile',
    ...{ value: longest, unit: 'ms', target: atMost(100) },
    note: `${rounded(idle.longest)} ms without a close`,
  });
};
