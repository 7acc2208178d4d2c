/**
 * Decides every stored purchase again from what was stored with it, and compares: the digest of the explanation,
 * what every rule gave each funder, and what refunds have left of it.
 */
import { evaluate } from '../../src/domain/earning/evaluate.js';
import { explanationDigest } from '../../src/domain/earning/explain.js';
import type { AccrualDecision } from '../../src/domain/earning/model.js';
import { reevaluate } from '../../src/domain/earning/refund.js';
import { type DecidedRow, decodeDecision } from '../../src/modules/transactions/decision-facts.js';
import { type Reference, ReferenceCache } from '../../src/modules/transactions/index.js';
import type { TestDatabase } from './database.js';

interface StoredDecision extends DecidedRow {
  readonly id: string;
  readonly refundedMinor: bigint;
  readonly digest: Buffer;
  /** "rule/funder/given/left" */
  readonly accruals: readonly string[];
}

const PAGE = 5_000;

export interface Recomputed {
  readonly decisions: number;
  readonly accruals: number;
  /** Ids of purchases that come out differently, with what does; a hundred at most. */
  readonly faults: readonly string[];
}

export async function recomputeDecisions({ database, superuser }: TestDatabase): Promise<Recomputed> {
  const reference = await database.command((tx) => new ReferenceCache().current(tx));
  const faults: string[] = [];
  let [decisions, accruals, after] = [0, 0, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const { rows } = await superuser.query<
      Omit<StoredDecision, 'amountMinor' | 'refundedMinor'> & Record<'amountMinor' | 'refundedMinor', string>
    >(
      `select t.id, t.programme_no as "programmeNo", t.amount_minor::text as "amountMinor", t.refunded_minor::text as "refundedMinor",
              t.business_date::text as "businessDate", t.channel, t.mcc, t.descriptor, t.card_id as "cardId",
              t.merchant_no as "merchantNo", t.outlet_id as "outletId", t.action, t.lines, t.facts,
              t.explanation_digest as digest,
              array(select concat_ws('/', a.rule_code, a.funder_no, a.units, l.units)
                    from accrual a join lot l on l.id = a.id and l.member_no = a.member_no
                    where a.transaction_id = t.id and a.member_no = t.member_no order by a.id) as accruals
       from transaction t where t.kind in ('PURCHASE', 'ACTION') and t.id > $1 order by t.id limit ${PAGE}`,
      [after],
    );
    for (const row of rows) {
      decisions += 1;
      accruals += row.accruals.length;
      const stored = { ...row, amountMinor: BigInt(row.amountMinor), refundedMinor: BigInt(row.refundedMinor) };
      const fault = faultOf(stored, reference);
      if (fault !== undefined && faults.length < 100) faults.push(`${row.id}: ${fault}`);
    }
    const last = rows.at(-1);
    if (last === undefined) return { decisions, accruals, faults };
    after = last.id;
  }
}

function faultOf(row: StoredDecision, reference: Reference): string | undefined {
  const { purchase, facts, terms } = decodeDecision(row, reference);
  const decision = evaluate(purchase, facts, terms);
  if (!explanationDigest(decision.explanation).equals(row.digest)) return 'another digest';
  const kept = { ...purchase, amountMinor: purchase.amountMinor - row.refundedMinor };
  const left =
    row.refundedMinor === 0n ? decision.accruals : reevaluate(purchase, facts, terms, kept, decision.accruals).kept;
  const [expected, actual] = [spell(decision.accruals, left), row.accruals.toSorted().join(' ')];
  return expected === actual ? undefined : `expected ${expected}, stored ${actual}`;
}

const spell = (given: readonly AccrualDecision[], left: readonly AccrualDecision[]): string =>
  given
    .map(({ ruleCode, funderNo, units }, index) => `${ruleCode}/${funderNo}/${units}/${left[index]?.units ?? 0n}`)
    .sort()
    .join(' ');
