/** Decides one purchase: facts, evaluation, charges, and what it leaves for the next. */
import { classify } from '../../domain/earning/classify.js';
import { evaluate } from '../../domain/earning/evaluate.js';
import { explanationDigest } from '../../domain/earning/explain.js';
import { type ContractTerms, type EarningFacts, PROGRAMME_PARTY, type Purchase } from '../../domain/earning/model.js';
import { addDays } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { chargesFor } from '../../domain/settlement/charges.js';
import type { StandingAccrual } from '../../domain/transactions/model.js';
import type { Accepted, BatchFacts } from './decide.js';
import { encodeFacts } from './decision-facts.js';
import { earningFacts } from './earning-facts.js';
import { purchaseOf } from './load.js';
import type { Item } from './pipeline.js';
import { type Placed, transactionRow } from './placed.js';

export function decidePurchase(
  item: Item,
  { memberNo, terms, version, outlet }: Placed,
  { reference, programmeNo, state, newId }: BatchFacts,
): Accepted {
  const { command } = item;
  const purchase = purchaseOf(item, reference);
  const facts = earningFacts(purchase, memberNo, terms, programmeNo, reference, state);
  const evaluation = evaluate(purchase, facts, terms);
  const id = newId();
  const accruals = evaluation.accruals.map((accrual): StandingAccrual => {
    const contract = contractOfFunder(accrual.funderNo, purchase, facts);
    return {
      ...accrual,
      id: newId(),
      ...chargesFor(accrual.units, terms.unit.priceMinor, contract),
      pending: true,
      ...(contract && { contract }),
    };
  });
  for (const use of evaluation.capUses)
    state.changeUse({ memberNo, capCode: use.capCode, period: use.period }, use.units);
  // Cash and the like earn nothing and lift nobody into a tier.
  if (classify(purchase, terms).excluded === undefined)
    state.changeSpend(memberNo, command.businessDate, command.amountMinor);
  state.putPurchase({
    id,
    memberNo,
    ...(item.card && { cardId: item.card.id }),
    ...(purchase.merchant && { merchantNo: purchase.merchant.partnerNo }),
    ...(command.descriptor !== undefined && { descriptor: command.descriptor }),
    refundedMinor: 0n,
    purchase,
    facts,
    programmeVersion: version,
    accruals,
  });
  return {
    item,
    memberNo,
    transactionId: id,
    accruals,
    availableOn: addDays(command.businessDate, terms.holdDays),
    reversals: [],
    transaction: {
      ...transactionRow(item, memberNo, id, outlet),
      kind: 'PURCHASE',
      merchantNo: purchase.merchant?.partnerNo ?? null,
      mcc: purchase.mcc ?? null,
      channel: purchase.channel ?? null,
      categoryCode: evaluation.category,
      facts: encodeFacts(version, purchase, facts),
      explanationDigest: explanationDigest(evaluation.explanation),
    },
  };
}

function contractOfFunder(funderNo: number, purchase: Purchase, facts: EarningFacts): ContractTerms | undefined {
  if (funderNo === PROGRAMME_PARTY) return undefined;
  const contract = funderNo === purchase.merchant?.partnerNo ? facts.merchantContract : facts.issuerContract;
  invariant(contract, `funder ${funderNo} pays without a contract`);
  return contract;
}
