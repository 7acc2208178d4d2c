/**
 * The facts of one batch, as each item leaves them for the next: members' books, budgets and standing
 * purchases, loaded once under lock, then folded over in arrival order in memory.
 */
import { CounterBook, type DayChange, MemberBooks } from '../../domain/earning/books.js';
import type { CounterKey } from '../../domain/earning/model.js';
import type { StandingMove } from '../../domain/tiers/kept-standing.js';
import { type PurchaseMessage, tellersOf } from '../../domain/transactions/lifecycle.js';
import type { StandingPurchase } from '../../domain/transactions/model.js';
import type { Likeness } from '../../domain/transactions/same-purchase.js';
import { ChargeRooms } from '../../domain/treasury/exposure.js';
import type { MarkReached } from '../earning/index.js';
import type { AwaitedKey, Join, Merged, RedescribedRow } from './lifecycle.sql.js';

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
  private readonly ofMember = new Map<number, Set<string>>();
  private readonly toldSides = new Map<number, number>();
  /** Members of whom a side tells for the first time. */
  readonly toldNew = new Map<number, number>();
  readonly merged: Merged[] = [];
  /** Purchases that may be one, for somebody to look at. */
  readonly nearMisses: NearMiss[] = [];

  /** Whether the row of a transaction is written once more by this batch, after it was inserted or found. */
  hasChanged(transactionId: string): boolean {
    return (
      this.refunded.has(transactionId) ||
      this.restated.has(transactionId) ||
      this.redescribed.has(transactionId) ||
      this.joins.some(({ id }) => id === transactionId) ||
      this.merged.some(({ id, keptId }) => id === transactionId || keptId === transactionId)
    );
  }

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
    const own = this.ofMember.get(standing.memberNo) ?? new Set<string>();
    this.ofMember.set(standing.memberNo, own.add(standing.id));
    const places = placesOf(standing);
    for (const was of before === undefined ? [] : placesOf(before))
      if (!places.includes(was)) this.byMerchant.get(was)?.delete(standing.id);
    for (const place of places) {
      const there = this.byMerchant.get(place) ?? new Map<string, StandingPurchase>();
      this.byMerchant.set(place, there);
      there.set(standing.id, standing);
    }
  }

  /** Purchases of a member, as far as this batch knows them. */
  purchasesOf(memberNo: number): StandingPurchase[] {
    return [...(this.ofMember.get(memberNo) ?? [])].flatMap((id) => this.purchases.get(id) ?? []);
  }

  putToldSides(memberNo: number, sides: number): void {
    this.toldSides.set(memberNo, sides);
  }

  toldSidesOf(memberNo: number): number {
    return this.toldSides.get(memberNo) ?? 0;
  }

  /** A purchase turned out to be another one: it is found no more, and whoever names it means that one. */
  putMerged(id: string, merged: Merged): void {
    this.merged.push(merged);
    this.ofMember.get(merged.memberNo)?.delete(id);
    for (const there of this.byMerchant.values()) there.delete(id);
    for (const [key, named] of this.named) if (named === id) this.named.set(key, merged.keptId);
    for (const [name, rows] of this.awaited)
      this.awaited.set(
        name,
        rows.map((row) => (row.transactionId === id ? { ...row, transactionId: merged.keptId } : row)),
      );
    for (const [sourceId, row] of this.awaitedNew)
      if (row.transactionId === id) this.awaitedNew.set(sourceId, { ...row, transactionId: merged.keptId });
  }

  /** A side has told of a purchase of the member. */
  tell(memberNo: number, side: number): void {
    const sides = this.toldSidesOf(memberNo) | side;
    if (sides === this.toldSidesOf(memberNo)) return;
    this.toldSides.set(memberNo, sides);
    this.toldNew.set(memberNo, sides);
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

/** Two purchases that may be one. */
export interface NearMiss extends Likeness {
  readonly memberNo: number;
  readonly earlierId: string;
  readonly laterId: string;
}

/** Of a purchase its merchant need not know the card, and the bank not the merchant. */
function placesOf(standing: StandingPurchase): string[] {
  const { cardId: _, ...cardless } = standing;
  if (tellersOf(standing.messages) < 2) return [placeOf(standing)].filter((place) => place !== undefined);
  const { merchantNo: _m, ...raw } = standing;
  const { merchantNo: _n, ...bare } = cardless;
  const places = [standing, cardless, raw, bare].map(placeOf).filter((place) => place !== undefined);
  return [...new Set(places)];
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
