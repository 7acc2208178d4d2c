/**
 * Marks that a refund takes away again: "spend 10,000, get 1,000" holds only while 10,000 are kept, whichever
 * purchase of the period was returned.
 */
import { addsTo } from './conditions/mark.js';
import type { ProgrammeTerms, ProgressBefore, Purchase } from './model.js';
import { type PastPurchase, progressBefore } from './progress.js';

/**
 * The progress with which a purchase that reached marks is decided again. While everything kept of the period
 * (the other purchases, earlier and later, and this one) still comes to the marks that were reached, the
 * progress stays as it was; else it is what is left, and the mark is missed.
 *
 * @param purchase with the amount that is kept of it now
 * @param others kept purchases of the member without this one
 * @param decided the progress that the first decision saw
 */
export function progressNow(
  terms: ProgrammeTerms,
  purchase: Purchase,
  category: string,
  others: readonly PastPurchase[],
  decided: Readonly<Record<string, ProgressBefore>>,
): Record<string, ProgressBefore> {
  const now = progressBefore(terms, purchase, category, others);
  const progress: Record<string, ProgressBefore> = { ...decided };
  for (const { code, when } of terms.rules) {
    const { reaches } = when;
    if (reaches === undefined) continue;
    const [then, left] = [decided[code] ?? NOTHING_YET, now[code] ?? NOTHING_YET];
    const total = left.before + addsTo(reaches, left, purchase);
    const after = then.before + addsTo(reaches, then, purchase);
    const reached = reaches.repeats ? (after / reaches.mark) * reaches.mark : reaches.mark;
    if (total >= reached) continue;
    const before = left.before < then.before ? left.before : then.before;
    progress[code] = left.fresh === undefined ? { before } : { before, fresh: left.fresh };
  }
  return progress;
}

const NOTHING_YET: ProgressBefore = { before: 0n };
