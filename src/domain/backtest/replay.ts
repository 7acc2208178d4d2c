/**
 * History decided once more: the same purchases, in the order in which they were recorded, by the same engine
 * and the same books as the day they came in, under terms of somebody's choice. Nothing of it is stored.
 */
import { CounterBook, MemberBooks, type PurchaseContracts } from '../earning/books.js';
import { decide } from '../earning/evaluate.js';
import { type ContractTerms, PROGRAMME_PARTY, type ProgrammeTerms, type Purchase } from '../earning/model.js';
import type { MemberTraits } from '../earning/traits.js';
import { invariant } from '../kernel/invariant.js';
import { chargesFor } from '../settlement/charges.js';
import { CostTally } from './cost.js';

/** A stored purchase with what is left of it after refunds. */
export interface PastEvent {
  readonly id: string;
  readonly purchase: Purchase;
  /** Of its day, as the decision had them. */
  readonly contracts: PurchaseContracts;
  /** The version that decided it. */
  readonly version: number;
}

/** One of the two replays: all that differs between them are the terms. */
export class Replay {
  readonly tally = new CostTally();
  /** Budgets are shared by all members. */
  private readonly budgets = new CounterBook();
  /** Units that caps and budgets withheld. */
  withheldUnits = 0n;

  constructor(private readonly termsOf: (version: number) => ProgrammeTerms) {}

  /** The books of a member of whom nothing is decided yet. */
  begin(traits: MemberTraits | undefined): MemberReplay {
    return new MemberReplay(this, new MemberBooks(traits, this.budgets));
  }

  /** Decides the next purchase of a member. @returns the units it earns */
  decide(books: MemberBooks, { id, purchase, contracts, version }: PastEvent, counts: boolean): bigint {
    const terms = this.termsOf(version);
    const evaluation = decide(purchase, books.facts(purchase, terms, contracts), terms);
    books.record(id, purchase, terms, evaluation);
    if (!counts) return 0n;
    this.withheldUnits += evaluation.shortfallUnits;
    const month = `${purchase.businessDate.slice(0, 7)}-01`;
    for (const { ruleCode, funderNo, units } of evaluation.accruals) {
      const charges = chargesFor(units, terms.unit.priceMinor, contractOf(funderNo, purchase, contracts));
      this.tally.add({ funderNo, category: evaluation.category, ruleCode, month }, { units, ...charges });
    }
    return evaluation.totalUnits;
  }
}

/** One member in one replay. */
export class MemberReplay {
  /** Earned with the purchases that count. */
  units = 0n;

  constructor(
    private readonly replay: Replay,
    private readonly books: MemberBooks,
  ) {}

  /** @param counts false while the replay only warms up */
  next(event: PastEvent, counts: boolean): void {
    this.units += this.replay.decide(this.books, event, counts);
  }
}

function contractOf(funderNo: number, { merchant }: Purchase, contracts: PurchaseContracts): ContractTerms | undefined {
  if (funderNo === PROGRAMME_PARTY) return undefined;
  const contract = funderNo === merchant?.partnerNo ? contracts.merchantContract : contracts.issuerContract;
  invariant(contract, `funder ${funderNo} pays without a contract`);
  return contract;
}
