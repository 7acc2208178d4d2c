/**
 * Why a transaction earned what it earned: the decision is run again on its stored facts by the same code,
 * and the result is compared with the digest stored at the time.
 */
import { explanationDigest, reason } from '../../domain/earning/explain.js';
import { ENGINE_REVISION, type Explanation as Reasons } from '../../domain/earning/model.js';
import { reevaluate } from '../../domain/earning/refund.js';
import { scaleLines } from '../../domain/transactions/basket.js';
import { purchaseState } from '../../domain/transactions/lifecycle.js';
import { type DecidedPurchase, decisionOn, settle } from '../../domain/transactions/restate.js';
import { decodeDecision } from './decision-facts.js';
import { duplicateReason } from './merge.js';
import { storedMessage } from './message.js';
import type { StoredPayload } from './payload.js';
import type { Reference } from './reference.js';
import type { TransactionEntity, TransactionSourceEntity } from './transaction.entity.js';
import { Explanation, type ExplanationNode } from './transaction.graphql.js';

export interface AboutIt {
  readonly source: TransactionSourceEntity;
  /** It tells of the purchase that was made in exchange for the one it is about. */
  readonly exchanges: boolean;
}

/** @param sources its messages; needed where something came back of it, or where it is an orphan */
export function explainTransaction(
  row: TransactionEntity,
  sources: readonly AboutIt[],
  reference: Reference,
): Explanation {
  if (row.kind === 'DUPLICATE') return present([duplicateReason(row.joinReason ?? '')], row.explanationDigest);
  if (row.kind !== 'PURCHASE' && row.kind !== 'ACTION') {
    const matchReason = sources[0]?.source.matchReason ?? '';
    const orphan = reason('ORPHAN_REFUND', () => ({ reason: matchReason }));
    const { joinReason } = row;
    const joined = joinReason == null ? [] : [reason('ORPHAN_JOINED', () => ({ by: joinReason }))];
    return present([orphan, ...joined], row.explanationDigest);
  }
  const decided = decidedOf(row, reference);
  const { purchase, facts, terms } = decided;
  const { explanation } = decisionOn(purchase, facts, terms);
  return present(
    [explanation, ...dayOf(row, decided), ...returnsOf(row, decided, sources, reference)],
    // An engine of another revision decided it; what this one says is no proof of that.
    row.facts.r === ENGINE_REVISION ? row.explanationDigest : undefined,
  );
}

function decidedOf(row: TransactionEntity, reference: Reference): DecidedPurchase {
  const { purchase, facts, terms } = decodeDecision(
    {
      programmeNo: row.programmeNo,
      amountMinor: row.amountMinor,
      businessDate: row.businessDate,
      channel: row.channel ?? null,
      mcc: row.mcc ?? null,
      merchantNo: row.merchantNo ?? null,
      outletId: row.outletId ?? null,
      descriptor: row.descriptor ?? null,
      cardId: row.cardId ?? null,
      action: row.action ?? null,
      lines: row.lines ?? null,
      facts: row.facts,
    },
    reference,
  );
  return {
    purchase,
    facts,
    terms,
    programmeVersion: row.facts.v,
    messages: [],
  };
}

/** Which of its days counts, where there are several. */
function dayOf({ businessDate, authorisedOn, postedOn }: TransactionEntity, { terms }: DecidedPurchase): Reasons[] {
  if (authorisedOn == null && postedOn == null) return [];
  return [
    reason('ATTRIBUTED', () => ({
      date: businessDate,
      authorised: authorisedOn ?? businessDate,
      posted: postedOn ?? businessDate,
      policy: terms.attribution,
    })),
  ];
}

function returnsOf(
  { refundedMinor, programmeNo }: TransactionEntity,
  decided: DecidedPurchase,
  sources: readonly AboutIt[],
  { programmes }: Reference,
): readonly Reasons[] {
  if (refundedMinor === 0n) return [];
  const messages = sources.map(({ source, exchanges }) =>
    storedMessage({
      partnerNo: source.partnerNo,
      kindNo: source.kind,
      reference: source.reference,
      amountMinor: source.amountMinor,
      side: source.side,
      payload: source.payload as StoredPayload,
      exchanges,
    }),
  );
  const { purchase, facts, terms } = decided;
  const tells = messages.some(({ kind }) => kind !== 'REFUND' && kind !== 'REVERSAL' && kind !== 'EXCHANGE');
  const life = tells ? purchaseState(messages) : undefined;
  if (life?.refundedMinor === refundedMinor && life.grossMinor === purchase.amountMinor) {
    const termsOn = (date: string) => programmes.inForce(programmeNo, date)?.terms;
    return settle(decided, life, { termsOn }).explanations;
  }
  // Not every message is for this reader to see: all that came back, at once.
  const amountMinor = purchase.amountMinor - refundedMinor;
  const kept = { ...purchase, amountMinor, ...(purchase.lines && { lines: scaleLines(purchase.lines, amountMinor) }) };
  return [reevaluate(purchase, facts, terms, kept, decisionOn(purchase, facts, terms).accruals).explanation];
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
