import { creditorReference } from '../../../src/domain/payments/creditor-reference.js';
import {
  type BankMovement,
  type KnownPayment,
  matchMovements,
  type Payer,
} from '../../../src/domain/payments/match.js';

const payment = (no: number, state: KnownPayment['state'] = 'INSTRUCTED'): KnownPayment => ({
  id: `payment-${no}`,
  endToEndId: `E${no}`,
  fileReference: 'FILE-1',
  amountMinor: 100n * BigInt(no),
  state,
});
const payer = (partnerNo: number, openMinor: bigint, ibans: readonly string[] = []): Payer => ({
  partnerNo,
  ibans,
  lines: openMinor === 0n ? [] : [{ lineId: `line-${partnerNo}`, settlementNo: 7, openMinor }],
  besidesMinor: 0n,
});
const movement = (amountMinor: bigint, more: Partial<BankMovement> = {}): BankMovement => ({
  amountMinor,
  remittance: [],
  ...more,
});
const PAYMENTS = [payment(1), payment(2, 'ACCEPTED'), payment(3, 'BOOKED'), payment(4, 'REJECTED')];
const PAYERS = [
  payer(1, 4_480n, ['DE1']),
  payer(2, 143n, ['DE2', 'DE9']),
  payer(3, 500n, ['DE9']),
  payer(4, 0n, ['DE4']),
];

test.each<[string, BankMovement, object]>([
  ['a debit of ours is booked', movement(-100n, { endToEndId: 'E1' }), { kind: 'BOOKED', paymentIds: ['payment-1'] }],
  [
    'a debit of ours with another amount',
    movement(-99n, { endToEndId: 'E1' }),
    { kind: 'UNMATCHED', reason: 'AMOUNT_DIFFERS' },
  ],
  [
    'a debit that is booked already',
    movement(-300n, { endToEndId: 'E3' }),
    { kind: 'UNMATCHED', reason: 'PAYMENT_NOT_OPEN' },
  ],
  [
    'a debit of a rejected payment',
    movement(-400n, { endToEndId: 'E4' }),
    { kind: 'UNMATCHED', reason: 'PAYMENT_NOT_OPEN' },
  ],
  [
    'a debit of the whole file',
    movement(-300n, { fileReference: 'FILE-1' }),
    { kind: 'BOOKED', paymentIds: ['payment-1', 'payment-2'] },
  ],
  [
    'a debit of a part of the file',
    movement(-200n, { fileReference: 'FILE-1' }),
    { kind: 'UNMATCHED', reason: 'AMOUNT_DIFFERS' },
  ],
  ["a debit that nobody knows, such as the bank's fee", movement(-5n), { kind: 'UNMATCHED', reason: 'UNKNOWN_DEBIT' }],
  [
    'a booked payment that comes back',
    movement(300n, { endToEndId: 'E3' }),
    { kind: 'RETURNED', paymentId: 'payment-3' },
  ],
  [
    'a payment that comes back without a fee',
    movement(290n, { endToEndId: 'E3' }),
    { kind: 'UNMATCHED', reason: 'AMOUNT_DIFFERS' },
  ],
  [
    'a return of what was never booked',
    movement(100n, { endToEndId: 'E1' }),
    { kind: 'UNMATCHED', reason: 'PAYMENT_NOT_OPEN' },
  ],
  [
    'a receipt that quotes the reference',
    movement(4_480n, { remittance: [`Invoice ${creditorReference(7, 1)}`] }),
    {
      kind: 'RECEIVED',
      partnerNo: 1,
      by: 'REFERENCE',
      lines: [{ lineId: 'line-1', amountMinor: 4_480n, full: true }],
      paidMinor: 4_480n,
    },
  ],
  [
    'a part of what is owed',
    movement(480n, { counterpartyIban: 'DE1' }),
    {
      kind: 'RECEIVED',
      partnerNo: 1,
      by: 'ACCOUNT',
      lines: [{ lineId: 'line-1', amountMinor: 480n, full: false }],
      paidMinor: 480n,
    },
  ],
  [
    'more than is owed',
    movement(5_000n, { counterpartyIban: 'DE1' }),
    {
      kind: 'RECEIVED',
      partnerNo: 1,
      by: 'ACCOUNT',
      lines: [{ lineId: 'line-1', amountMinor: 4_480n, full: true }],
      paidMinor: 4_480n,
    },
  ],
  [
    'one account of two partners: who owes exactly this',
    movement(500n, { counterpartyIban: 'DE9' }),
    {
      kind: 'RECEIVED',
      partnerNo: 3,
      by: 'ACCOUNT',
      lines: [{ lineId: 'line-3', amountMinor: 500n, full: true }],
      paidMinor: 500n,
    },
  ],
  [
    'one account of two partners, another amount',
    movement(501n, { counterpartyIban: 'DE9' }),
    { kind: 'UNMATCHED', reason: 'SEVERAL_PAYERS' },
  ],
  [
    'references of two partners',
    movement(9n, { remittance: [creditorReference(7, 1), creditorReference(7, 2)] }),
    { kind: 'UNMATCHED', reason: 'SEVERAL_PAYERS' },
  ],
  [
    'a partner that owes nothing',
    movement(9n, { counterpartyIban: 'DE4' }),
    { kind: 'UNMATCHED', reason: 'NOTHING_OWED', partnerNo: 4 },
  ],
  ['an unknown payer', movement(9n, { counterpartyIban: 'DE5' }), { kind: 'UNMATCHED', reason: 'UNKNOWN_PAYER' }],
  ['no payer at all', movement(9n), { kind: 'UNMATCHED', reason: 'UNKNOWN_PAYER' }],
])('%s', (_, given, match) => {
  expect(matchMovements([given], PAYMENTS, PAYERS)).toEqual([match]);
});

test('each movement sees what the ones before it left', () => {
  const twice = movement(4_480n, { counterpartyIban: 'DE1' });
  const matches = matchMovements(
    [movement(100n, { endToEndId: 'E1' }), movement(-100n, { endToEndId: 'E1' }), twice, twice],
    PAYMENTS,
    PAYERS,
  );
  // Booked and returned on one statement is both, in whatever order the bank lists them.
  expect(matches.map((match) => (match.kind === 'UNMATCHED' ? match.reason : match.kind))).toEqual([
    'RETURNED',
    'BOOKED',
    'RECEIVED',
    'NOTHING_OWED',
  ]);
});
