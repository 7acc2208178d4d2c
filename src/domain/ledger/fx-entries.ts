/** Entry 28: what a partner owes or is owed in one currency becomes as much of another, through FX clearing. */
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { Account } from './accounts.js';
import { EntryKind, type JournalEntry, type Posting, SYSTEM_MEMBER } from './entry.js';

/** Party of accounts that are the programme's own. */
const PROGRAMME = 0;

export interface Conversion {
  readonly partnerNo: number;
  /** In the programme's currency; + it owes. */
  readonly amountMinor: bigint;
  readonly currencyCode: string;
  /** The same in that currency, with the same sign. */
  readonly convertedMinor: bigint;
  readonly businessDate: BusinessDate;
}

/**
 * Dr 1200 EUR a · Cr 1900 EUR a; Dr 1900 b · Cr 1200 b, the other way round for a partner that is owed. Each currency
 * sums to zero.
 */
export function conversionEntry(conversion: Conversion): JournalEntry {
  const { partnerNo, amountMinor, currencyCode, convertedMinor, businessDate } = conversion;
  invariant(amountMinor !== 0n, 'nothing is not converted');
  const own: Posting[] = [
    { book: 'MONEY', account: Account.FX_CLEARING, party: PROGRAMME, amount: amountMinor },
    { book: 'MONEY', account: Account.SETTLED_UNPAID, party: partnerNo, amount: -amountMinor },
  ];
  const other: Posting[] = [
    { book: 'MONEY', account: Account.SETTLED_UNPAID, party: partnerNo, amount: convertedMinor, currencyCode },
    { book: 'MONEY', account: Account.FX_CLEARING, party: PROGRAMME, amount: -convertedMinor, currencyCode },
  ];
  const postings = convertedMinor === 0n ? own : [...other, ...own];
  return { kind: EntryKind.FX, memberNo: SYSTEM_MEMBER, businessDate, postings };
}

/**
 * What FX clearing holds of a currency is worth more or less than when it came in: Dr 1900 · Cr 5040, the other way
 * round when it is a loss. In the programme's currency alone.
 */
export function revaluationEntry(differenceMinor: bigint, businessDate: BusinessDate): JournalEntry {
  invariant(differenceMinor !== 0n, 'what is worth the same is not revalued');
  const postings: Posting[] = [
    { book: 'MONEY', account: Account.FX_CLEARING, party: PROGRAMME, amount: differenceMinor },
    { book: 'MONEY', account: Account.FX_DIFFERENCES, party: PROGRAMME, amount: -differenceMinor },
  ];
  return { kind: EntryKind.FX, memberNo: SYSTEM_MEMBER, businessDate, postings };
}
