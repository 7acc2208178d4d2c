/** Entries between the programme and one partner that no purchase causes: LEDGER 2, entries 25, 32 and 33. */
import type { PartnerAdjustment } from '../adjustments/adjustment.js';
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { Account, type AccountCode } from './accounts.js';
import { EntryKind, type EntryKindCode, type JournalEntry, SYSTEM_MEMBER } from './entry.js';
import { PostingSheet } from './posting-sheet.js';

/** Party of accounts that are the programme's own. */
const PROGRAMME = 0;

export interface PartnerMoney {
  readonly partnerNo: number;
  /** Minor units, above zero. */
  readonly amountMinor: bigint;
  readonly businessDate: BusinessDate;
}

type Leg = readonly [account: AccountCode, party: number];

/**
 * An approved adjustment of a partner. Bad debt (25): Dr 5010 · Cr 1200. Use of its deposit (25): Dr 2300 · Cr
 * 1200. Deposit returned (33): Dr 2300 · Cr 1010. Correction of its open position, a goodwill in money (24):
 * Dr 1100 · Cr 5020, the other way round when it is below zero.
 */
export function partnerAdjustmentEntry(adjustment: PartnerAdjustment, businessDate: BusinessDate): JournalEntry {
  const { kind, partnerNo, amountMinor } = adjustment;
  const money = { partnerNo, amountMinor, businessDate };
  switch (kind) {
    case 'BAD_DEBT':
      return moved(EntryKind.BAD_DEBT, money, [Account.WRITE_OFFS, PROGRAMME], [Account.SETTLED_UNPAID, partnerNo]);
    case 'DEPOSIT_USE':
      return moved(
        EntryKind.BAD_DEBT,
        money,
        [Account.PARTNER_DEPOSIT, partnerNo],
        [Account.SETTLED_UNPAID, partnerNo],
      );
    case 'DEPOSIT_RETURN':
      return moved(
        EntryKind.DEPOSIT,
        money,
        [Account.PARTNER_DEPOSIT, partnerNo],
        [Account.PAYMENTS_IN_TRANSIT, PROGRAMME],
      );
    case 'CORRECTION':
      return moved(EntryKind.GOODWILL, money, [Account.POSITION, partnerNo], [Account.GOODWILL, PROGRAMME]);
  }
}

/** Entry 32, bought: Dr 1200 · Cr 2310. It is paid like anything else that is owed. */
export const prepaidBought = (money: PartnerMoney): JournalEntry =>
  moved(EntryKind.PREPAID, money, [Account.SETTLED_UNPAID, money.partnerNo], [Account.PREPAID_BLOCK, money.partnerNo]);

/** Entry 32, consumed by charges of the open window: Dr 2310 · Cr 1100. */
export const prepaidConsumed = (money: PartnerMoney): JournalEntry =>
  moved(EntryKind.PREPAID, money, [Account.PREPAID_BLOCK, money.partnerNo], [Account.POSITION, money.partnerNo]);

function moved(kind: EntryKindCode, money: PartnerMoney, debit: Leg, credit: Leg): JournalEntry {
  const { amountMinor, businessDate } = money;
  invariant(amountMinor !== 0n, 'a journal entry moves something');
  const sheet = new PostingSheet().debit(...debit, amountMinor).credit(...credit, amountMinor);
  return { kind, memberNo: SYSTEM_MEMBER, businessDate, postings: sheet.postings() };
}
