/**
 * Collects the legs of one entry: equal accounts of equal parties become one posting, zeros disappear.
 */
import { invariant } from '../kernel/invariant.js';
import type { AccountCode } from './accounts.js';
import type { Book, Posting } from './entry.js';

/** First account number of the money book; everything below is in reward units. */
const FIRST_MONEY_ACCOUNT = 1000;

export const bookOf = (account: AccountCode): Book => (account < FIRST_MONEY_ACCOUNT ? 'REWARD' : 'MONEY');

export class PostingSheet {
  private readonly legs = new Map<string, { account: AccountCode; party: number; amount: bigint }>();

  debit(account: AccountCode, party: number, amount: bigint): this {
    const key = `${account}:${party}`;
    const leg = this.legs.get(key);
    if (leg === undefined) this.legs.set(key, { account, party, amount });
    else leg.amount += amount;
    return this;
  }

  credit(account: AccountCode, party: number, amount: bigint): this {
    return this.debit(account, party, -amount);
  }

  /** The postings in the order their accounts were first named. Throws when a book does not sum to zero. */
  postings(): Posting[] {
    const excess = { REWARD: 0n, MONEY: 0n };
    const postings: Posting[] = [];
    for (const { account, party, amount } of this.legs.values()) {
      const book = bookOf(account);
      excess[book] += amount;
      if (amount !== 0n) postings.push({ book, account, party, amount });
    }
    invariant(excess.REWARD === 0n && excess.MONEY === 0n, 'a journal entry sums to zero in each book');
    return postings;
  }
}
