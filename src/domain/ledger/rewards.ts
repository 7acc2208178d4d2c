/**
 * Journal entries of an accrual's life before its units are the member's to use: LEDGER 2, entries 1 to 5 with
 * their programme (p) and settle-at-redemption (R) forms. What comes after that is lot-entries.ts.
 *
 * Each builder takes the parts of all funders together and writes one entry. Parts of one funder merge into
 * one posting per account, zero postings are dropped, and every book sums to zero. Commission (4000) and tax
 * on it (2200) are posted with the partner who owes them as party, so that a statement adds up from its own
 * postings.
 */
import type { ContractTerms } from '../earning/model.js';
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { Account } from './accounts.js';
import { EntryKind, type EntryKindCode, type JournalEntry, type Posting } from './entry.js';
import { PostingSheet } from './posting-sheet.js';

/** One funder's part of a reward, or of what is taken back of it. All amounts >= 0. */
export interface FundedShare {
  /** Partner number; 0 = the programme pays itself, without commission or tax. */
  readonly funderNo: number;
  /** Reward steps. */
  readonly units: bigint;
  /** Their money at issue price, minor units; fixed at accrual. */
  readonly valueMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
  /** When it becomes a debt to the programme: at confirmation, or when the units are used up. Of no meaning for the programme. */
  readonly model: ContractTerms['model'];
}

export interface RewardEvent {
  readonly memberNo: number;
  readonly businessDate: BusinessDate;
  /** The message that caused it; absent for confirmations. */
  readonly sourceId?: string;
  readonly shares: readonly FundedShare[];
}

/** Party of accounts that are the programme's own. */
const PROGRAMME = 0;

/** Entries 1, 2, 3: a reward is earned and waits for confirmation. */
export function accrualEntry(event: RewardEvent): JournalEntry {
  const sheet = new PostingSheet();
  for (const { funderNo, units, valueMinor } of funded(event)) {
    sheet.debit(Account.ISSUED, funderNo, units).credit(Account.MEMBER_PENDING, event.memberNo, units);
    sheet.debit(...fundingPending(funderNo), valueMinor).credit(Account.LIABILITY_PENDING, PROGRAMME, valueMinor);
  }
  return entry(EntryKind.ACCRUAL, event, sheet.postings());
}

/**
 * Entries 4, 4p, 4R: the reward becomes available; who settles at issuance owes it from now on, with
 * commission and tax. The postings come in one group per funder and model, each opened by its P100 leg: that
 * is how a statement knows the units behind a charge.
 */
export function confirmationEntry(event: RewardEvent): JournalEntry {
  const postings: Posting[] = [];
  for (const shares of Map.groupBy(funded(event), (share) => `${share.funderNo}/${share.model}`).values()) {
    const sheet = new PostingSheet();
    for (const share of shares) {
      const { funderNo, units, valueMinor } = share;
      sheet
        .debit(Account.MEMBER_PENDING, event.memberNo, units)
        .credit(Account.MEMBER_AVAILABLE, event.memberNo, units);
      sheet.debit(Account.LIABILITY_PENDING, PROGRAMME, valueMinor);
      sheet.credit(Account.LIABILITY_AVAILABLE, PROGRAMME, valueMinor);
      if (funderNo === PROGRAMME) {
        sheet.debit(Account.PROGRAMME_REWARDS, PROGRAMME, valueMinor).credit(...fundingPending(funderNo), valueMinor);
      } else if (share.model === 'SETTLE_AT_ISSUANCE') {
        sheet.debit(Account.POSITION, funderNo, charge(share)).credit(...fundingPending(funderNo), valueMinor);
        sheet
          .credit(Account.COMMISSION, funderNo, share.commissionMinor)
          .credit(Account.OUTPUT_TAX, funderNo, share.taxMinor);
      }
    }
    postings.push(...sheet.postings());
  }
  return entry(EntryKind.CONFIRMATION, event, postings);
}

/** Entries 5, 5p: taken back while still pending; nobody was charged yet. */
export function voidEntry(event: RewardEvent): JournalEntry {
  const sheet = new PostingSheet();
  for (const { funderNo, units, valueMinor } of funded(event)) {
    sheet.debit(Account.MEMBER_PENDING, event.memberNo, units).credit(Account.ISSUED, funderNo, units);
    sheet.debit(Account.LIABILITY_PENDING, PROGRAMME, valueMinor).credit(...fundingPending(funderNo), valueMinor);
  }
  return entry(EntryKind.VOID, event, sheet.postings());
}

const charge = (share: FundedShare): bigint => share.valueMinor + share.commissionMinor + share.taxMinor;

const fundingPending = (funderNo: number) =>
  [funderNo === PROGRAMME ? Account.PROGRAMME_FUNDING_PENDING : Account.FUNDING_PENDING, funderNo] as const;

function funded(event: RewardEvent): readonly FundedShare[] {
  for (const { units, valueMinor, commissionMinor, taxMinor } of event.shares) {
    invariant(units >= 0n && valueMinor >= 0n && commissionMinor >= 0n && taxMinor >= 0n, 'shares are never negative');
  }
  return event.shares;
}

function entry(kind: EntryKindCode, event: RewardEvent, postings: readonly Posting[]): JournalEntry {
  invariant(postings.length > 0, 'a journal entry moves something');
  const { memberNo, businessDate, sourceId } = event;
  return { kind, memberNo, businessDate, postings, ...(sourceId === undefined ? {} : { sourceId }) };
}
