/** What a partner and the programme charge each other by statement or invoice: LEDGER 2, entry 27, and LEDGER 6. */
import type { BusinessDate } from '../kernel/calendar.js';
import type { StatementCharges } from '../settlement/statement-commission.js';
import { Account } from './accounts.js';
import { EntryKind, type JournalEntry, SYSTEM_MEMBER } from './entry.js';
import { PostingSheet } from './posting-sheet.js';

/** Party of accounts that are the programme's own. */
const PROGRAMME = 0;

export interface OfPartner {
  readonly partnerNo: number;
  readonly businessDate: BusinessDate;
}

/** Commission of a whole statement: Dr 1100 · Cr 4000 · Cr 2200. The other way round where it is below zero. */
export function statementCommissionEntry(
  { commissionMinor, taxMinor }: StatementCharges,
  { partnerNo, businessDate }: OfPartner,
): JournalEntry {
  const sheet = new PostingSheet()
    .debit(Account.POSITION, partnerNo, commissionMinor + taxMinor)
    .credit(Account.COMMISSION, partnerNo, commissionMinor)
    .credit(Account.OUTPUT_TAX, partnerNo, taxMinor);
  return {
    kind: EntryKind.STATEMENT_COMMISSION,
    memberNo: SYSTEM_MEMBER,
    businessDate,
    postings: sheet.postings(),
  };
}

/** Entry 27, the tax on what a partner has supplied: Dr 1210 · Cr 1100. */
export function serviceChargeEntry(taxMinor: bigint, { partnerNo, businessDate }: OfPartner): JournalEntry {
  const sheet = new PostingSheet()
    .debit(Account.INPUT_TAX, PROGRAMME, taxMinor)
    .credit(Account.POSITION, partnerNo, taxMinor);
  return { kind: EntryKind.SERVICE_CHARGE, memberNo: SYSTEM_MEMBER, businessDate, postings: sheet.postings() };
}
