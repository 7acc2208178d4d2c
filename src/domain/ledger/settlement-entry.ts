import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { Account } from './accounts.js';
import { EntryKind, type JournalEntry, SYSTEM_MEMBER } from './entry.js';
import { PostingSheet } from './posting-sheet.js';

/**
 * Entry 16: moves what one partner owes (+) or is owed (-) out of one closed window into "settled, not yet
 * paid". It is recorded under that closed window, whose 1100 it brings to zero; a net of zero needs none.
 */
export function settlementEntry(settled: {
  partnerNo: number;
  netMinor: bigint;
  businessDate: BusinessDate;
}): JournalEntry {
  const { partnerNo, netMinor, businessDate } = settled;
  invariant(netMinor !== 0n, 'a net of zero is settled without an entry');
  const sheet = new PostingSheet();
  sheet.debit(Account.SETTLED_UNPAID, partnerNo, netMinor).credit(Account.POSITION, partnerNo, netMinor);
  return { kind: EntryKind.SETTLEMENT, memberNo: SYSTEM_MEMBER, businessDate, postings: sheet.postings() };
}
