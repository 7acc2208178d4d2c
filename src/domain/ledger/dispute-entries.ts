/** Entries 22 and 23: what a partner contests stands aside (1250) until somebody has decided. */
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { Account } from './accounts.js';
import { EntryKind, type EntryKindCode, type JournalEntry, SYSTEM_MEMBER } from './entry.js';
import { PostingSheet } from './posting-sheet.js';

export interface Contested {
  readonly partnerNo: number;
  /** Minor units, above zero. */
  readonly amountMinor: bigint;
  readonly businessDate: BusinessDate;
}

/** Entry 22: out of what is settled and not yet paid. */
export const disputeOpenedEntry = (contested: Contested): JournalEntry =>
  entry(EntryKind.DISPUTE_OPENED, contested, (sheet, { partnerNo, amountMinor }) =>
    sheet.debit(Account.DISPUTED, partnerNo, amountMinor).credit(Account.SETTLED_UNPAID, partnerNo, amountMinor),
  );

/** Entry 23, upheld: the programme bears it. */
export const disputeUpheldEntry = (contested: Contested): JournalEntry =>
  entry(EntryKind.DISPUTE_RESOLVED, contested, (sheet, { partnerNo, amountMinor }) =>
    sheet.debit(Account.GOODWILL, 0, amountMinor).credit(Account.DISPUTED, partnerNo, amountMinor),
  );

/** Entry 23, rejected: it is to be paid after all. */
export const disputeRejectedEntry = (contested: Contested): JournalEntry =>
  entry(EntryKind.DISPUTE_RESOLVED, contested, (sheet, { partnerNo, amountMinor }) =>
    sheet.debit(Account.SETTLED_UNPAID, partnerNo, amountMinor).credit(Account.DISPUTED, partnerNo, amountMinor),
  );

function entry(
  kind: EntryKindCode,
  contested: Contested,
  post: (sheet: PostingSheet, contested: Contested) => PostingSheet,
): JournalEntry {
  invariant(contested.amountMinor > 0n, 'a dispute is about something');
  const { businessDate } = contested;
  return { kind, memberNo: SYSTEM_MEMBER, businessDate, postings: post(new PostingSheet(), contested).postings() };
}
