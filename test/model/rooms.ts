/** Partners that pay in advance give no more than their block holds. */
import { allocate } from '../../src/domain/money/allocate.js';
import { type Books, refuseIf } from './books.js';
import { type Rule, unitsOf } from './earning.js';
import { PRG } from './terms.js';

/** The bank, which sends purchases with its card itself, is refused those that would cost more than it has paid for. */
export function refuseExhausted(books: Books, rules: readonly Rule[], amount: bigint): void {
  const charges = new Map<string, bigint>();
  for (const rule of rules) {
    const parts = allocate(
      unitsOf(books, rule, amount),
      rule.funders.map((each) => each.share),
    );
    for (const [index, { funder }] of rule.funders.entries()) {
      if (funder === PRG) continue;
      const { value, commission, tax } = books.priced(parts[index] as bigint, books.contractOf(funder));
      charges.set(funder, (charges.get(funder) ?? 0n) + value + commission + tax);
    }
  }
  for (const [funder, charge] of charges) refuseIf(charge > 0n && books.isExhausted(funder, charge), 'BLOCK_EMPTY');
}
