/**
 * Why a transaction earned what it earned: the decision is run again on its stored facts by the same code,
 * and the result is compared with the digest stored at the time.
 */
import { evaluate } from '../../domain/earning/evaluate.js';
import { explanationDigest, reason } from '../../domain/earning/explain.js';
import type { Explanation as Reasons } from '../../domain/earning/model.js';
import { reevaluate } from '../../domain/earning/refund.js';
import { decodeDecision } from './decision-facts.js';
import type { Reference } from './reference.js';
import type { TransactionEntity, TransactionSourceEntity } from './transaction.entity.js';
import { Explanation, type ExplanationNode } from './transaction.graphql.js';

export function explainTransaction(
  row: TransactionEntity,
  sources: readonly TransactionSourceEntity[],
  reference: Reference,
): Explanation {
  if (row.kind === 'ORPHAN_REFUND') {
    const matchReason = sources[0]?.matchReason ?? '';
    return present([reason('ORPHAN_REFUND', { reason: matchReason })], row.explanationDigest);
  }
  const { purchase, facts, terms } = decodeDecision(
    {
      programmeNo: row.programmeNo,
      amountMinor: row.amountMinor,
      businessDate: row.businessDate,
      channel: row.channel ?? null,
      mcc: row.mcc ?? null,
      merchantNo: row.merchantNo ?? null,
      outletId: row.outletId ?? null,
      facts: row.facts,
    },
    reference,
  );
  const evaluation = evaluate(purchase, facts, terms);
  const trees: Reasons[] = [evaluation.explanation];
  if (row.refundedMinor > 0n) {
    trees.push(
      reevaluate(purchase, facts, terms, row.amountMinor - row.refundedMinor, evaluation.accruals).explanation,
    );
  }
  return present(trees, row.explanationDigest);
}

/** Reading order, depth first. `digest` is the stored one; none for a quote. The first tree is the decision itself. */
export function present(trees: readonly Reasons[], digest?: Uint8Array): Explanation {
  const reasons: ExplanationNode[] = [];
  const walk = (node: Reasons, depth: number): void => {
    const values = Object.entries(node.values).map(([name, value]) => ({ name, value }));
    reasons.push({ depth, code: node.code, text: node.text, values });
    for (const child of node.children) walk(child, depth + 1);
  };
  for (const tree of trees) walk(tree, 0);
  const [decision] = trees;
  return Object.assign(new Explanation(), {
    text: reasons.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`).join('\n'),
    reasons,
    verified: digest === undefined || decision === undefined ? null : explanationDigest(decision).equals(digest),
  });
}
