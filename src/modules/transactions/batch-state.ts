/**
 * The facts of one batch, as each item leaves them for the next: spend, counters and standing purchases,
 * loaded once under lock, then folded over in arrival order in memory.
 */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { StandingPurchase } from '../../domain/transactions/model.js';
import type { CounterKey, SpendChange, SpendWindow } from '../earning/index.js';

const windowKey = (window: SpendWindow): string => `${window.memberNo}/${window.first}/${window.last}`;
const counterKey = (key: CounterKey): string => `${key.memberNo}/${key.capCode}/${key.period}`;

export class BatchState {
  private readonly storedSpend = new Map<string, bigint>();
  private readonly spendChanges = new Map<number, Map<BusinessDate, bigint>>();
  private readonly storedUse = new Map<string, bigint>();
  private readonly useChanges = new Map<string, CounterKey & { amount: bigint }>();
  private readonly purchases = new Map<string, StandingPurchase>();
  private readonly byMerchant = new Map<string, Map<string, StandingPurchase>>();
  /** Purchases that refunds touched: their rows are written again. */
  readonly refunded = new Set<string>();
  /** Business key text -> transaction, for purchases that refunds of this batch name. */
  readonly named = new Map<string, string>();

  putSpend(windows: readonly SpendWindow[], spend: readonly bigint[]): void {
    windows.forEach((window, index) => {
      this.storedSpend.set(windowKey(window), spend[index] ?? 0n);
    });
  }

  /** Kept spend in a window that was loaded, with what this batch has added so far. */
  spendIn(window: SpendWindow): bigint {
    let spend = this.storedSpend.get(windowKey(window)) ?? 0n;
    for (const [day, amount] of this.spendChanges.get(window.memberNo) ?? []) {
      if (day >= window.first && day <= window.last) spend += amount;
    }
    return spend;
  }

  changeSpend(memberNo: number, day: BusinessDate, amountMinor: bigint): void {
    const days = this.spendChanges.get(memberNo) ?? new Map<BusinessDate, bigint>();
    this.spendChanges.set(memberNo, days);
    days.set(day, (days.get(day) ?? 0n) + amountMinor);
  }

  spendToStore(): SpendChange[] {
    const changes: SpendChange[] = [];
    for (const [memberNo, days] of this.spendChanges) {
      for (const [day, amountMinor] of days) if (amountMinor !== 0n) changes.push({ memberNo, day, amountMinor });
    }
    return changes;
  }

  putUse(rows: readonly (CounterKey & { readonly used: bigint })[]): void {
    for (const row of rows) this.storedUse.set(counterKey(row), row.used);
  }

  usedOf(key: CounterKey): bigint {
    return (this.storedUse.get(counterKey(key)) ?? 0n) + (this.useChanges.get(counterKey(key))?.amount ?? 0n);
  }

  changeUse(key: CounterKey, amount: bigint): void {
    const known = this.useChanges.get(counterKey(key));
    if (known === undefined) this.useChanges.set(counterKey(key), { ...key, amount });
    else known.amount += amount;
  }

  useToStore(): (CounterKey & { readonly amount: bigint })[] {
    return [...this.useChanges.values()].filter((change) => change.amount !== 0n);
  }

  purchase(id: string): StandingPurchase | undefined {
    return this.purchases.get(id);
  }

  /** Remembers a purchase, new or as a refund left it. */
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
