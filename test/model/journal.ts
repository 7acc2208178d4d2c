/**
 * The journal of the reference model: accounts are written as in the ledger's design ("P110:a", "1100:M1",
 * "2010"), + is debit, - is credit, and an entry carries the number of its row there.
 *
 * Nothing in this folder is shared with the product except exact rationals: a model that shares its code would
 * share its mistakes.
 */

/** "P110:a" is in reward units; "1100:M1" in the programme's currency, "1200:M1@EUR" in another one. */
export type Account = string;
export type Leg = readonly [account: Account, amount: bigint];

export const dr = (account: Account, amount: bigint): Leg => [account, amount];
export const cr = (account: Account, amount: bigint): Leg => [account, -amount];

export interface Entry {
  /** Row of section 2 of the design. */
  readonly row: number;
  /** "" for entries between partners only. */
  readonly member: string;
  /** The window it belongs to; entry 16 alone names a closed one. */
  readonly window: number;
  readonly legs: readonly Leg[];
}

/** What may never be mixed within one sum: reward units, the programme's currency, any other currency. */
const unitOf = (account: Account): string => (account.startsWith('P') ? 'units' : (account.split('@')[1] ?? 'money'));

export class Journal {
  readonly entries: Entry[] = [];
  /** The open window. */
  window = 1;
  private readonly sums = new Map<Account, bigint>();
  private readonly windowSums = new Map<Account, Map<number, bigint>>();

  /** Records one entry. Legs of zero vanish; an entry that moves nothing is none. */
  record(row: number, member: string, legs: readonly Leg[], window = this.window): void {
    const moving = legs.filter(([, amount]) => amount !== 0n);
    if (moving.length === 0) return;
    const excess = new Map<string, bigint>();
    for (const [account, amount] of moving) {
      const unit = unitOf(account);
      excess.set(unit, (excess.get(unit) ?? 0n) + amount);
      this.sums.set(account, (this.sums.get(account) ?? 0n) + amount);
      const byWindow = this.windowSums.get(account) ?? new Map<number, bigint>();
      byWindow.set(window, (byWindow.get(window) ?? 0n) + amount);
      this.windowSums.set(account, byWindow);
    }
    for (const [unit, sum] of excess) {
      if (sum !== 0n) throw new Error(`Row ${row} is off by ${sum} ${unit}: ${moving.join(' · ')}`);
    }
    this.entries.push({ row, member, window, legs: moving });
  }

  /** + debit, - credit. */
  balance(account: Account): bigint {
    return this.sums.get(account) ?? 0n;
  }

  balanceIn(account: Account, window: number): bigint {
    return this.windowSums.get(account)?.get(window) ?? 0n;
  }

  /** Every account that does not stand at zero. */
  balances(): Map<Account, bigint> {
    return new Map([...this.sums].filter(([, sum]) => sum !== 0n).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Legs of all entries of these windows, without the entries that settle them. */
  *legsIn(windows: ReadonlySet<number>): Iterable<{ readonly entry: Entry; readonly leg: Leg }> {
    for (const entry of this.entries) {
      if (entry.row === 16 || !windows.has(entry.window)) continue;
      for (const leg of entry.legs) yield { entry, leg };
    }
  }
}
