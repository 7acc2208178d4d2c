import type { Progress, ProgressBefore, Purchase } from '../model.js';

const NOTHING_YET: ProgressBefore = { before: 0n };

/** How many marks this very purchase reaches: 0 when none, more than 1 only where marks repeat. */
export function marksReached(mark: Progress, progress: ProgressBefore = NOTHING_YET, purchase: Purchase): bigint {
  const after = progress.before + addsTo(mark, progress, purchase);
  if (mark.repeats) return after / mark.mark - progress.before / mark.mark;
  return progress.before < mark.mark && after >= mark.mark ? 1n : 0n;
}

/** What this purchase adds to the metric; nothing when it is not one that counts (`fresh` false). */
export function addsTo({ metric }: Progress, { fresh }: ProgressBefore, { amountMinor }: Purchase): bigint {
  if (fresh === false) return 0n;
  switch (metric) {
    case 'PURCHASES':
      return 1n;
    case 'SPEND':
      return amountMinor;
    case 'PARTNERS':
    case 'CATEGORIES':
      return 1n;
  }
}
