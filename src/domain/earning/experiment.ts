/**
 * Which variant of an experiment a member belongs to.
 *
 * A draw by hash: the same member is in the same variant on every machine and for ever, nothing is stored to
 * know it, and members of different experiments are drawn independently.
 */
import { canonicalDigest } from '../kernel/canonical.js';
import { invariant } from '../kernel/invariant.js';
import type { Experiment, ProgrammeTerms } from './model.js';

const DRAW_BITS = 64n;

/** Experiment code -> variant of this member, for every experiment of the terms. */
export const variantsOf = (terms: ProgrammeTerms, memberId: string): Record<string, string> =>
  Object.fromEntries(terms.experiments.map((experiment) => [experiment.code, variantOf(experiment, memberId)]));

/** The variant of one experiment; the weights are parts of their sum, whole numbers of which one is not zero. */
export function variantOf(experiment: Experiment, memberId: string): string {
  const weights = experiment.variants.map(({ weight }) => BigInt(weight));
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  invariant(total > 0n, `the experiment ${experiment.code} has weights`);
  const drawn = canonicalDigest([experiment.code, memberId]).readBigUInt64BE(0);
  // Scaled into the sum instead of taken modulo: no variant is favoured.
  let position = (drawn * total) >> DRAW_BITS;
  for (const [index, weight] of weights.entries()) {
    if (position < weight) return experiment.variants[index]?.code as string;
    position -= weight;
  }
  throw new Error(`Invariant broken: a draw of ${experiment.code} lies within its weights`);
}
