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
    `seed ${seed}, ${rounds.length + violations.length} rounds in ${Math.round(seconds)} s`,
    '',
    '| What | How often |',
    '|---|---|',
    `| operations | ${sum((round) => round.operations)} |`,
    `| requests sent again | ${sum((round) => round.resent)} |`,
    `| snapshots of the books under load | ${sum((round) => round.snapshots)} |`,
    `| windows closed under load | ${sum((round) => round.windowsClosedMeanwhile)} |`,
    `| deadlocks injected and survived | ${sum((round) => round.deadlocks)} |`,
    ...faults,
    `| rounds that failed | ${violations.length} |`,
    ...(diskFilled ? [] : ['', 'NOT TESTED: a full disk.']),
  ].join('\n');
}
