/** Quotes over the API. */
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { inMeasure } from '../../domain/earning/explain-decision.js';
import type { Headroom } from '../../domain/earning/headroom.js';
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import type { Failure } from '../../domain/kernel/result.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { TransactionErrorCode } from '../../domain/transactions/model.js';
import type { GatewayContext } from '../../graphql/context.js';
import { toMoney } from '../../graphql/money.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { present } from './explain.js';
import { funderCode } from './funder-code.js';
import { AccrualQuote, AccrualQuoteInput, type QuotedHeadroom, type QuotedThreshold } from './quote.graphql.js';
import { type Quote, quote } from './quote.js';
import type { ReferenceCache } from './reference.js';
import { TransactionUserError } from './transaction.graphql.js';
import { purchaseFactsOf } from './translate.js';

@Resolver()
export class QuoteResolver {
  constructor(
    private readonly database: Database,
    private readonly cache: ReferenceCache,
  ) {}

  @Query(() => AccrualQuote, { nullable: true, description: 'What a purchase would earn, before paying.' })
  async accrualQuote(
    @Arg('input', () => AccrualQuoteInput, { description: 'The purchase.' }) input: AccrualQuoteInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<AccrualQuote> {
    const result = await quote(
      this.database,
      this.cache,
      input.programmeCode,
      (programme) => purchaseFactsOf(input, programme),
      input.occurredAt ?? undefined,
      (memberNo) => authorize(principal, 'accrual.preview', memberNo === undefined ? {} : { memberNo }),
    );
    if (!result.ok) return emptyQuote(result.failure);
    const { evaluation, programme, terms, tier, headroom } = result.value;
    return {
      units: formatDecimal(evaluation.totalUnits, programme.unitScale),
      shortfallUnits: formatDecimal(evaluation.shortfallUnits, programme.unitScale),
      tier,
      category: evaluation.category,
      accruals: await Promise.all(
        evaluation.accruals.map(async (accrual) => ({
          rule: accrual.ruleCode,
          funder: await funderCode(accrual.funderNo, this.database, this.cache),
          units: formatDecimal(accrual.units, programme.unitScale),
        })),
      ),
      headroom: headroom.map((room) => shownHeadroom(room, terms)),
      nextThreshold: shownThreshold(result.value),
      explanation: present([evaluation.explanation]),
      userErrors: [],
    };
  }
}

const shownHeadroom = ({ cap, left, leftAfter, until }: Headroom, terms: ProgrammeTerms): QuotedHeadroom => ({
  cap: cap.code,
  shared: cap.holder === 'EVERYONE',
  measure: cap.measure,
  max: inMeasure(cap, cap.max, terms),
  left: inMeasure(cap, left, terms),
  leftAfter: inMeasure(cap, leftAfter, terms),
  until,
});

function shownThreshold({ nextThreshold, programme }: Quote): QuotedThreshold | null {
  if (nextThreshold === undefined) return null;
  const { ruleCode, ruleName, missingMinor, totalUnits } = nextThreshold;
  const missing = toMoney(missingMinor, programme.currencyCode);
  const units = formatDecimal(totalUnits, programme.unitScale);
  const text = `${missing.amount} ${missing.currencyCode} more and you earn ${units} ${programme.unitCode}, by "${ruleName}".`;
  return { missing, rule: ruleCode, units, text };
}

const emptyQuote = (failure: Failure<TransactionErrorCode>): AccrualQuote => ({
  units: null,
  shortfallUnits: null,
  tier: null,
  category: null,
  accruals: [],
  headroom: [],
  nextThreshold: null,
  explanation: null,
  userErrors: TransactionUserError.from(failure),
});
