/**
 * The facts of one batch, as each item leaves them for the next: members' books, budgets and standing
 * purchases, loaded once under lock, then folded over in arrival order in memory.
 */
import { CounterBook, type DayChange, MemberBooks } from '../../domain/earning/books.js';
import type { CounterKey } from '../../domain/earning/model.js';
import type { StandingMove } from '../../domain/tiers/kept-standing.js';
import type { PurchaseMessage } from '../../domain/transactions/lifecycle.js';
import type { StandingPurchase } from '../../domain/transactions/model.js';
import { ChargeRooms } from '../../domain/treasury/exposure.js';
import type { MarkReached } from '../earning/index.js';
import type { AwaitedKey, Join, RedescribedRow } from './lifecycle.sql.js';

/** A message that names what has not come yet. */
export interface Awaited extends AwaitedKey {
  readonly kindNo: number;
  readonly message: PurchaseMessage;
  /** The orphan, the purchase a clearing made, or the one that was made in exchange. */
  readonly transactionId: string;
}

export class BatchState {
  /** Counters that everyone shares; locked. */
  readonly budgets = new CounterBook();
  /** What partners may still be charged, where a cap or a block bounds it; locked. */
  rooms = new ChargeRooms();
  private readonly books = new Map<number, MemberBooks>();
  private readonly purchases = new Map<string, StandingPurchase>();
  private readonly byMerchant = new Map<string, Map<string, StandingPurchase>>();
  /** Purchases that refunds touched: what was refunded is written again. */
  readonly refunded = new Set<string>();
  /** Purchases that are something else now: their rows are written again. */
  readonly restated = new Set<string>();
  readonly redescribed = new Map<string, RedescribedRow>();
  /** Key text of a message -> its transaction, for purchases that messages of this batch name. */
  readonly named = new Map<string, string>();

  private readonly awaited = new Map<string, Awaited[]>();
  /** What waits because of this batch, and what has found what it waited for. */
  readonly awaitedNew = new Map<string, Awaited>();
  readonly awaitedFound = new Map<string, Awaited>();
  readonly joins: Join[] = [];
  private readonly marks = new Map<number, MarkReached[]>();
  readonly marksNew: MarkReached[] = [];

  putBooks(memberNo: number, books: MemberBooks): void {
    this.books.set(memberNo, books);
  }

  /** Empty ones when nothing was loaded: changes to them are written all the same. */
  booksOf(memberNo: number): MemberBooks {
    let books = this.books.get(memberNo);
    if (books === undefined) {
      books = new MemberBooks(undefined, this.budgets, false);
      this.books.set(memberNo, books);
    }
    return books;
  }

  daysToStore(): (DayChange & { readonly memberNo: number })[] {
    return [...this.books].flatMap(([memberNo, books]) =>
      books.changedDays().map((change) => ({ ...change, memberNo })),
    );
  }

  tiersToStore(): { readonly memberNo: number; readonly moves: readonly StandingMove[] }[] {
    return [...this.books].map(([memberNo, books]) => ({ memberNo, moves: books.tierMoves() }));
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
    const before = this.purchases.get(standing.id);
    this.purchases.set(standing.id, standing);
    const place = placeOf(standing);
    const was = before === undefined ? undefined : placeOf(before);
    if (was !== undefined && was !== place) this.byMerchant.get(was)?.delete(standing.id);
    if (place === undefined) return;
    const there = this.byMerchant.get(place) ?? new Map<string, StandingPurchase>();
    this.byMerchant.set(place, there);
    there.set(standing.id, standing);
  }

  /** A message that was found waiting when the batch began. */
  putAwaited(row: Awaited): void {
    const name = nameOf(row.awaitedPartnerNo, row.awaited);
    this.awaited.set(name, [...(this.awaited.get(name) ?? []), row]);
  }

  /** A message of this batch that waits for one to come. */
  await(row: Awaited): void {
    this.putAwaited(row);
    this.awaitedNew.set(row.sourceId, row);
  }

  get isAwaiting(): boolean {
    return this.awaited.size > 0;
  }

  awaitedBy(name: string): readonly Awaited[] {
    return this.awaited.get(name) ?? [];
  }

  /** It waits no longer. */
  found(row: Awaited): void {
    const name = nameOf(row.awaitedPartnerNo, row.awaited);
    this.awaited.set(
      name,
      this.awaitedBy(name).filter(({ sourceId }) => sourceId !== row.sourceId),
    );
    // One that came with this very batch was never stored as waiting.
    if (!this.awaitedNew.delete(row.sourceId)) this.awaitedFound.set(row.sourceId, row);
  }

  putMark(mark: MarkReached): void {
    this.marks.set(mark.memberNo, [...this.marksOf(mark.memberNo), mark]);
  }

  marksOf(memberNo: number): readonly MarkReached[] {
    return this.marks.get(memberNo) ?? [];
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
