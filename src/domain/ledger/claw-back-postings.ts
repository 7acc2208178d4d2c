/**
 * What a refund of confirmed units posts (LEDGER 2: 6, 7, 7b, 7c in all their forms): each funder is given back
 * exactly its part, wherever the units came from.
 */
import type { ClawedShare, LotEvent, Move } from '../redemption/events.js';
import { isBreakageReturned, isChargedWhenUsed } from '../redemption/lot.js';
import { NO_PART } from '../redemption/part.js';
import { Account, type AccountCode } from './accounts.js';
import { EntryKind, type EntryKindCode, type Posting } from './entry.js';
import { PostingSheet } from './posting-sheet.js';

/** Party of accounts that are the programme's own. */
const PROGRAMME = 0;

/** A claw-back as soon as units of the purchase were spent. */
export const clawBackKind = (shares: readonly ClawedShare[]): EntryKindCode =>
  shares.some(({ others, debt, borne }) => others.units + debt.units + (borne?.part.units ?? 0n) > 0n)
    ? EntryKind.CLAWBACK
    : EntryKind.REFUND;

/** One group of postings per funder. What other units of the member cost their own funders is no part of it. */
export function clawBackPostings(
  { shares, moves }: Extract<LotEvent, { kind: 'CLAWED_BACK' }>,
  memberNo: number,
): Posting[] {
  const taken = Map.groupBy(
    moves.filter(({ to }) => to === 'clawedBack'),
    ({ funding }) => funding.funderNo,
  );
  return [...Map.groupBy(shares, ({ funding }) => funding.funderNo)].flatMap(([funderNo, ofFunder]) => {
    const sheet = new PostingSheet();
    for (const share of ofFunder) bookShare(sheet, memberNo, share);
    let foundMinor = 0n;
    for (const move of taken.get(funderNo) ?? []) {
      bookTaken(sheet, move);
      foundMinor += move.part.valueMinor;
    }
    for (const { others, debt, borne, returned } of ofFunder) {
      const borneMinor = borne?.by === 'PROGRAMME' ? borne.part.valueMinor : 0n;
      foundMinor += others.valueMinor + debt.valueMinor + borneMinor - returned.valueMinor;
    }
    return sheet.credit(Account.GOODWILL, PROGRAMME, foundMinor).postings();
  });
}

/** What the funder is given back, and what of it the member or somebody else stands for beside the purchase's own lots. */
function bookShare(
  sheet: PostingSheet,
  memberNo: number,
  { funding, returned, own, unused, others, debt, borne = { by: 'FUNDER', part: NO_PART } }: ClawedShare,
): void {
  const { funderNo } = funding;
  const { units, valueMinor, commissionMinor, taxMinor } = returned;
  sheet
    .debit(Account.MEMBER_AVAILABLE, memberNo, own.units + others.units + debt.units)
    .debit(Account.EXPIRED, PROGRAMME, unused.units)
    .debit(Account.CLAWBACK_WRITTEN_OFF, PROGRAMME, borne.part.units)
    .credit(Account.ISSUED, funderNo, units);
  sheet
    .debit(Account.LIABILITY_AVAILABLE, PROGRAMME, others.valueMinor)
    .debit(Account.MEMBER_RECEIVABLE, memberNo, debt.valueMinor);
  if (borne.by === 'PROGRAMME') sheet.debit(Account.WRITE_OFFS, PROGRAMME, borne.part.valueMinor);
  if (funderNo === PROGRAMME) {
    sheet.credit(Account.PROGRAMME_REWARDS, PROGRAMME, valueMinor);
  } else {
    sheet
      .credit(Account.POSITION, funderNo, valueMinor + commissionMinor + taxMinor)
      .debit(Account.COMMISSION, funderNo, commissionMinor)
      .debit(Account.OUTPUT_TAX, funderNo, taxMinor);
  }
}

/** Out of a lot of the purchase; a funder who has not been charged for these units is relieved of them instead. */
function bookTaken(sheet: PostingSheet, { funding, from, part: { valueMinor } }: Move): void {
  const { funderNo } = funding;
  const wentBack = from === 'expired' && isBreakageReturned(funding);
  const position: [AccountCode, number] = [Account.POSITION, funderNo];
  // What has gone back to the funder when it expired, it is not given twice.
  if (wentBack) {
    sheet.debit(...position, valueMinor);
    return;
  }
  sheet.debit(from === 'left' ? Account.LIABILITY_AVAILABLE : Account.BREAKAGE, PROGRAMME, valueMinor);
  if (from === 'left' && isChargedWhenUsed(funding))
    sheet.debit(...position, valueMinor).credit(Account.FUNDING_PENDING, funderNo, valueMinor);
}
