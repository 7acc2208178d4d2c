import fc from 'fast-check';
import { Account } from '../../../src/domain/ledger/accounts.js';
import { EntryKind, type JournalEntry } from '../../../src/domain/ledger/entry.js';
import {
  payoutBooked,
  payoutInstructed,
  payoutRejected,
  payoutReturned,
  receipt,
  receiptAllocated,
} from '../../../src/domain/ledger/payment-entries.js';

const DAY = '2026-03-01';
const all = (entry: JournalEntry | readonly JournalEntry[]) => [entry].flat() as JournalEntry[];
const legs = ({ postings }: JournalEntry) => postings.map(({ account, party, amount }) => [account, party, amount]);
const settlement = { purpose: 'SETTLEMENT', partnerNo: 7, amountMinor: 3_243n } as const;
const deposit = { purpose: 'DEPOSIT', partnerNo: 7, amountMinor: 500n } as const;
const charity = { purpose: 'CHARITY', partnerNo: 9, amountMinor: 100n } as const;

test.each<[string, JournalEntry | readonly JournalEntry[], number, unknown[]]>([
  [
    '17',
    payoutInstructed(settlement, DAY),
    EntryKind.PAYOUT_INSTRUCTED,
    [
      [1200, 7, 3_243n],
      [1010, 0, -3_243n],
    ],
  ],
  [
    '34',
    payoutInstructed(charity, DAY),
    EntryKind.CHARITY_PAID,
    [
      [2110, 9, 100n],
      [1010, 0, -100n],
    ],
  ],
  [
    '18',
    payoutBooked(settlement, 1, DAY),
    EntryKind.PAYOUT_BOOKED,
    [
      [1010, 0, 3_243n],
      [1000, 1, -3_243n],
    ],
  ],
  [
    '19',
    payoutRejected(settlement, DAY),
    EntryKind.PAYOUT_REJECTED,
    [
      [1010, 0, 3_243n],
      [1200, 7, -3_243n],
    ],
  ],
  [
    '19 of a donation',
    payoutRejected(charity, DAY),
    EntryKind.PAYOUT_REJECTED,
    [
      [1010, 0, 100n],
      [2110, 9, -100n],
    ],
  ],
  [
    '19 after booking',
    payoutReturned(settlement, 1, DAY),
    EntryKind.PAYOUT_REJECTED,
    [
      [1000, 1, 3_243n],
      [1200, 7, -3_243n],
    ],
  ],
  [
    '20',
    receipt({ amountMinor: 50n, partnerNo: 7, paidMinor: 50n }, 1, DAY),
    EntryKind.RECEIPT,
    [
      [1000, 1, 50n],
      [1200, 7, -50n],
    ],
  ],
  [
    '20 in part',
    receipt({ amountMinor: 50n, partnerNo: 7, paidMinor: 20n }, 1, DAY),
    EntryKind.RECEIPT,
    [
      [1000, 1, 50n],
      [1200, 7, -20n],
      [1020, 0, -30n],
    ],
  ],
  [
    '20 unknown',
    receipt({ amountMinor: -5n, partnerNo: 0, paidMinor: 0n }, 1, DAY),
    EntryKind.RECEIPT,
    [
      [1000, 1, -5n],
      [1020, 0, 5n],
    ],
  ],
  [
    '18 of a deposit',
    payoutBooked(deposit, 1, DAY),
    EntryKind.PAYOUT_BOOKED,
    [
      [1010, 0, 500n],
      [1000, 1, -500n],
    ],
  ],
  [
    '19 of a deposit after booking',
    payoutReturned(deposit, 1, DAY),
    EntryKind.PAYOUT_REJECTED,
    [
      [1000, 1, 500n],
      [1010, 0, -500n],
    ],
  ],
  [
    '33',
    receiptAllocated('DEPOSIT', 7, 30n, DAY),
    EntryKind.DEPOSIT,
    [
      [1020, 0, 30n],
      [2300, 7, -30n],
    ],
  ],
  [
    '32',
    receiptAllocated('PREPAID', 7, 30n, DAY),
    EntryKind.PREPAID,
    [
      [1020, 0, 30n],
      [2310, 7, -30n],
    ],
  ],
  [
    '20 allocated',
    receiptAllocated('SETTLEMENT', 7, 30n, DAY),
    EntryKind.RECEIPT,
    [
      [1020, 0, 30n],
      [1200, 7, -30n],
    ],
  ],
])('entry %s', (_, entry, kind, postings) => {
  expect(all(entry).map((one) => [one.kind, legs(one)])).toEqual([[kind, postings]]);
});

test('instructed and booked, or instructed and refused: in transit comes to zero, and no position moves', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 15n }),
      fc.constantFrom('SETTLEMENT', 'CHARITY'),
      (amountMinor, purpose) => {
        const payout = { purpose, partnerNo: 3, amountMinor } as const;
        for (const end of [payoutBooked(payout, 1, DAY), payoutRejected(payout, DAY)]) {
          const postings = [payoutInstructed(payout, DAY), end].flatMap(all).flatMap((entry) => entry.postings);
          const transit = postings.filter(({ account }) => account === Account.PAYMENTS_IN_TRANSIT);
          expect(transit.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
          expect(postings.some(({ account }) => account === Account.POSITION)).toBe(false);
        }
      },
    ),
  );
});

test('a deposit is in transit since its return was approved', () => {
  expect([payoutInstructed(deposit, DAY), payoutRejected(deposit, DAY)]).toEqual([[], []]);
});

test('nothing is paid with nothing', () => {
  expect(() => payoutInstructed({ ...settlement, amountMinor: 0n }, DAY)).toThrow('more than nothing');
  expect(() => receipt({ amountMinor: 5n, partnerNo: 7, paidMinor: 6n }, 1, DAY)).toThrow('no more than it is');
});
