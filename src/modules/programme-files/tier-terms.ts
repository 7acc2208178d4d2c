/** The tier ladder of a programme file: it begins at zero and rises. */
import type { TierLadder } from '../../domain/earning/model.js';
import { type FileCheck, minorUnits } from './file-check.js';

const UPPER = { month: 'MONTH', quarter: 'QUARTER', year: 'YEAR' } as const;

/** Decimals of the metric's own measure. */
export const metricScale = (check: FileCheck): number =>
  ({ KEPT_SPEND: check.moneyScale, REWARDS_ACCRUED: check.unitScale, PURCHASES: 0 })[check.file.tiers.metric];

export function ladderOf(check: FileCheck): TierLadder {
  const { metric, rollingDays, calendar, downgrade, levels } = check.file.tiers;
  check.unique(
    'tier',
    levels.map(({ code }) => code),
    (index) => ['tiers', 'levels', index, 'code'],
  );
  for (const [index, { benefits }] of levels.entries()) {
    check.unique(
      'benefit',
      benefits.map(({ code }) => code),
      (each) => ['tiers', 'levels', index, 'benefits', each, 'code'],
    );
  }
  if (downgrade.to === 'IMMEDIATE' && downgrade.graceDays > 0) {
    check.report(
      ['tiers', 'downgrade', 'graceDays'],
      'A tier that falls at any moment has no grace days; remove them, or write EARNED, ONE_STEP or NEVER.',
    );
  }
  return {
    metric,
    window:
      calendar === undefined
        ? { kind: 'ROLLING', days: rollingDays as number }
        : { kind: 'CALENDAR', unit: UPPER[calendar] },
    downgrade,
    levels: levelsOf(check),
  };
}

function levelsOf(check: FileCheck): TierLadder['levels'] {
  const written = check.file.tiers.levels;
  let readable = true;
  const levels = written.map(({ code, name, from, benefits }, index) => {
    const threshold = minorUnits(from, metricScale(check), ['tiers', 'levels', index, 'from'], (path, message) => {
      readable = false;
      check.report(path, message);
    });
    return { code, name, from: threshold, benefits };
  });
  for (const [index, level] of readable ? levels.entries() : []) {
    const below = levels[index - 1];
    const path = ['tiers', 'levels', index, 'from'];
    if (below === undefined) {
      if (level.from !== 0n) check.report(path, 'The first tier starts at 0, so that every member has one.');
    } else if (level.from <= below.from) {
      const start = written[index - 1]?.from;
      check.report(path, `A tier starts above the one before it, and "${below.code}" starts at ${start}.`);
    }
  }
  return levels;
}
