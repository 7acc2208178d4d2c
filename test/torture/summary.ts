/** What a torture came to, for people. */
import { FAULT_KINDS } from './faults.js';
import type { Total } from './run.js';

export function summaryOf({ seed, rounds, violations, seconds, diskFilled }: Total): string {
  const sum = (of: (round: Total['rounds'][number]) => number): number =>
    rounds.reduce((all, each) => all + of(each), 0);
  const faults = FAULT_KINDS.filter((kind) => kind !== 'NOTHING').map(
    (kind) => `| ${kind} | ${sum(({ struck }) => struck.get(kind) ?? 0)} |`,
  );
  return [
    `Seed ${seed}, ${rounds.length + violations.length} rounds in ${Math.round(seconds)} s:`,
    '',
    '| What | How often |',
    '|---|---|',
    `| operations | ${sum((round) => round.operations)} |`,
    `| requests sent again | ${sum((round) => round.resent)} |`,
    `| answers asked for again at the end of a round, and the same | ${sum((round) => round.acknowledged)} |`,
    `| events told by webhook, each of them and in order | ${sum((round) => round.events)} |`,
    `| snapshots of the books under load | ${sum((round) => round.snapshots)} |`,
    `| windows closed under load | ${sum((round) => round.windowsClosedMeanwhile)} |`,
    `| deadlocks injected and survived | ${sum((round) => round.deadlocks)} |`,
    ...faults,
    ...['lost', 'doubled', 'violations of an invariant, of a snapshot, or of the model'].map(
      (what) => `| ${what} | ${violations.length === 0 ? 0 : 'see above'} |`,
    ),
    `| rounds that failed | ${violations.length} |`,
    ...(diskFilled ? [] : ['', 'NOT TESTED: a full disk.']),
  ].join('\n');
}

/** The page of figures, as the last run of this size has them. */
export const reliabilityOf = (total: Total): string => `# Reliability

\`npm run torture -- --rounds ${total.rounds.length + total.violations.length} --seed ${total.seed} --write\` has written this page. Two gateways with their workers ran on one
PostgreSQL (fsync on; their own clocks a day off) while a client sent what the reference model drew, with the same key until it
was answered. After each round the model and the product agreed on every account, lot, debt and hold, every invariant of
\`hansa ledger verify\` held, everything that was ever acknowledged was asked again and answered by the same ids, and a webhook
had told of every event.
How it is done: ARCHITECTURE.md. That it finds what it should, with the fence, the order of locks or the wait for COMMIT taken
out of a copy of the product: \`test/torture/planted.long.test.ts\`.

${summaryOf(total)}
`;
