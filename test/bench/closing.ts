/** Closing a window of a million entries while others write, and smaller ones after it. */
import { PROGRAMME } from '../../src/demo/cast.js';
import { GraphQLClient } from '../../src/demo/graphql-client.js';
import { atMost, rounded } from './figures.js';
import type { Bench, Workload } from './workload.js';

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

/** Closes the open window of the programme. */
export async function closeWindow({ stage, nextRun }: Bench): Promise<{
  readonly entryCount: number;
  readonly postingCount: number;
  readonly milliseconds: number;
}> {
  const admin = await GraphQLClient.signIn(stage.url, { principal: 'ADMIN' });
  const started = performance.now();
  const { settlementWindowClose } = await admin.run<Closed>(CLOSE, {
    input: { programmeCode: PROGRAMME, idempotencyKey: `${nextRun()}-close` },
  });
  const milliseconds = performance.now() - started;
  const { window, userErrors } = settlementWindowClose;
  if (window === null) {
    throw new Error(`the window was not closed: ${userErrors.map(({ message }) => message).join(' ')}`);
  }
  return { ...window, milliseconds };
}

export const closing: Workload = async (bench) => {
  const { stage, options } = bench;
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
  const { entryCount, postingCount, milliseconds } = await closeWindow(bench);
  const cpu = ((stage.cpu().postgres ?? 0) - (before.postgres ?? 0)) / 1_000;
  const { longest } = await meanwhile;
  bench.report({
    name: 'window close',
    ...{ value: milliseconds / 1_000, unit: 's', target: atMost(2) },
    note: `${entryCount} entries, ${postingCount} postings; ${rounded(cpu)} s of CPU of PostgreSQL`,
  });
  bench.report({
    name: 'window close, longest a writer waited for its answer meanwhile',
    ...{ value: longest, unit: 'ms', target: atMost(100) },
    note: `${rounded(idle.longest)} ms without a close`,
  });
};
