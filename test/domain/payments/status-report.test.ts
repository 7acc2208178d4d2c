import type { KnownPayment } from '../../../src/domain/payments/match.js';
import { decideReport, type SaidOfFile } from '../../../src/domain/payments/status-report.js';

const payment = (id: string, state: KnownPayment['state'] = 'INSTRUCTED'): KnownPayment => ({
  id,
  endToEndId: `E-${id}`,
  fileReference: 'M1',
  amountMinor: 100n,
  state,
});
const said = (of: Partial<SaidOfFile>): SaidOfFile => ({ groups: [], ...of });

test.each<[string, SaidOfFile, string]>([
  [
    'names an unknown payment',
    said({ groups: [{ payments: [{ endToEndId: 'E-9', status: 'REJECTED' }] }] }),
    'UNKNOWN_PAYMENT',
  ],
  ['rejects what is booked', said({ status: 'REJECTED' }), 'PAYMENT_ALREADY_BOOKED'],
])('a report that %s is refused', (_, report, code) => {
  const decided = decideReport(report, [payment('1'), payment('2', 'BOOKED')]);
  expect(!decided.ok && decided.failure.code).toBe(code);
});

test.each<[string, SaidOfFile, readonly object[]]>([
  [
    'accepts all',
    said({ status: 'ACCEPTED' }),
    [
      { paymentId: '1', state: 'ACCEPTED' },
      { paymentId: '2', state: 'ACCEPTED' },
    ],
  ],
  [
    'rejects the whole file with its reason',
    said({ status: 'REJECTED', reasonCode: 'AM04' }),
    [
      { paymentId: '1', state: 'REJECTED', reasonCode: 'AM04' },
      { paymentId: '2', state: 'REJECTED', reasonCode: 'AM04' },
    ],
  ],
  [
    'accepts the group and rejects one',
    said({
      status: 'PARTLY',
      groups: [{ status: 'ACCEPTED', payments: [{ instructionId: 'E-2', status: 'REJECTED', reasonCode: 'AC01' }] }],
    }),
    [
      { paymentId: '1', state: 'ACCEPTED' },
      { paymentId: '2', state: 'REJECTED', reasonCode: 'AC01' },
    ],
  ],
  ['says it is still looking', said({ status: 'PENDING' }), []],
])('a report that %s', (_, report, changes) => {
  expect(decideReport(report, [payment('1'), payment('2')])).toEqual({ ok: true, value: changes });
});

test('saying it twice changes nothing', () => {
  const standing = [payment('1', 'REJECTED'), payment('2', 'ACCEPTED'), payment('3', 'RETURNED')];
  expect(decideReport(said({ status: 'ACCEPTED' }), standing)).toEqual({ ok: true, value: [] });
});
