/** Quotes over the API. */
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Failure } from '../../domain/kernel/result.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { TransactionErrorCode } from '../../domain/transactions/model.js';
import type { GatewayContext } from '../../graphql/context.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { present } from './explain.js';
import { funderCode } from './funder-code.js';
import { AccrualQuote, AccrualQuoteInput } from './quote.graphql.js';
import { quote } from './quote.js';
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
    const { evaluation, programme, tier } = result.value;
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
      explanation: present([evaluation.explanation]),
      userErrors: [],
    };
  }
}

const emptyQuote = (failure: Failure<TransactionErrorCode>): AccrualQuote => ({
  units: null,
  shortfallUnits: null,
  tier: null,
  category: null,
  accruals: [],
  explanation: null,
  userErrors: TransactionUserError.from(failure),
});
