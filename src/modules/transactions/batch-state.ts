/**
 * The facts of one batch, as each item leaves them for the next: members' books, budgets and standing
 * purchases, loaded once under lock, then folded over in arrival order in memory.
 */
import { CounterBook, type DayChange, MemberBooks } from '../../domain/earning/books.js';
import type { CounterKey } from '../../domain/earning/model.js';
import type { StandingPurchase } from '../../domain/transactions/model.js';

export class BatchState {
  /** Counters that everyone shares; locked. */
  readonly budgets = new CounterBook();
  private readonly books = new Map<number, MemberBooks>();
  private readonly purchases = new Map<string, StandingPurchase>();
  private readonly byMerchant = new Map<string, Map<string, StandingPurchase>>();
  /** Purchases that refunds touched: what was refunded is written again. */
  readonly refunded = new Set<string>();
  /** Purchases that are something else now: their rows are written again. */
  readonly restated = new Set<string>();
  /** Reference of a partner's purchase, authorisation or clearing -> transaction; see nameOf. */
  readonly named = new Map<string, string>();

  putBooks(memberNo: number, books: MemberBooks): void {
    this.books.set(memberNo, books);
  }

  /** Empty ones when nothing was loaded: changes to them are written all the same. */
  booksOf(memberNo: number): MemberBooks {
    let books = this.books.get(memberNo);
    if (books === undefined) {
      books = new MemberBooks(undefined, this.budgets);
      this.books.set(memberNo, books);
    }
    return books;
  }

  daysToStore(): (DayChange & { readonly memberNo: number })[] {
    return [...this.books].flatMap(([memberNo, books]) =>
      books.changedDays().map((change) => ({ ...change, memberNo })),
    );
  }

  countersToStore(): { readonly memberNo: number; readonly key: CounterKey; readonly amount: bigint }[] {
    return [...this.books].flatMap(([memberNo, books]) =>
      books.counters.changes().map((change) => ({ ...change, memberNo })),
    );
  }

  purchase(id: string): StandingPurchase | undefined {
    return this.purchases.get(id);
  }

  /** Remembers a purchase, new or as a message left it. */
  putPurchase(standing: StandingPurchase): void {
    this.purchases.set(standing.id, standing);
    const place = placeOf(standing);
    if (place === undefined) return;
    const there = this.byMerchant.get(place) ?? new Map<string, StandingPurchase>();
    this.byMerchant.set(place, there);
    there.set(standing.id, standing);
  }

  /** Purchases of one card at one merchant, as far as this batch knows them. */
  candidates(place: string | undefined): Iterable<StandingPurchase> {
    return place === undefined ? [] : (this.byMerchant.get(place)?.values() ?? []);
  }
}

/** Purchases, authorisations and clearings of a partner share their names. */
export const nameOf = (partnerNo: number, reference: string): string => `${partnerNo}/${reference}`;

/** Card and merchant of a purchase as one key; undefined when the merchant is not known at all. */
export function placeOf(standing: {
  readonly memberNo: number;
  readonly cardId?: string;
  readonly merchantNo?: number;
  readonly descriptor?: string;
}): string | undefined {
  const merchant = standing.merchantNo ?? standing.descriptor;
  return merchant === undefined
    ? undefined
    : `${standing.memberNo}/${standing.cardId ?? ''}/${typeof merchant}/${merchant}`;
}
