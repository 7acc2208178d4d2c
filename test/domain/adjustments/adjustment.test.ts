import fc from 'fast-check';
import {
  type Adjustment,
  checkAdjustment,
  checkStanding,
  decideApproval,
  decideRejection,
  type Evidence,
  type PartnerAdjustment,
} from '../../../src/domain/adjustments/adjustment.js';
import { Account } from '../../../src/domain/ledger/accounts.js';
import { partnerAdjustmentEntry } from '../../../src/domain/ledger/treasury-entries.js';

const TODAY = '2026-03-10';
const why = { reason: 'A promise of the shop.', evidence: [] };
const badDebt: Adjustment = { kind: 'BAD_DEBT', partnerNo: 1, amountMinor: 100n };
const goodwill: Adjustment = { kind: 'GOODWILL', memberNo: 1, units: 33n, amountMinor: 33n };
const shown = (but: Partial<Evidence>): { reason: string; evidence: Evidence[] } => ({
  ...why,
  evidence: [{ description: 'A letter', ...but }],
});

it.each<[string, Adjustment, { reason: string; evidence: readonly Evidence[] }, string | undefined]>([
  ['nothing of a debt', { ...badDebt, amountMinor: 0n }, why, 'AMOUNT_NOT_POSITIVE'],
  ['less than nothing of a debt', { ...badDebt, amountMinor: -1n }, why, 'AMOUNT_NOT_POSITIVE'],
  ['a correction of nothing', { ...badDebt, kind: 'CORRECTION', amountMinor: 0n }, why, 'AMOUNT_NOT_POSITIVE'],
  ['no units', { ...goodwill, units: 0n }, why, 'AMOUNT_NOT_POSITIVE'],
  ['units that have expired', { ...goodwill, expiresOn: '2026-03-09' }, why, 'EXPIRY_IN_THE_PAST'],
  ['no reason', badDebt, { ...why, reason: ' ' }, 'MALFORMED_REASON'],
  ['too long a reason', badDebt, { ...why, reason: 'x'.repeat(1_001) }, 'MALFORMED_REASON'],
  ['too much evidence', badDebt, { ...why, evidence: Array(11).fill({ description: 'x' }) }, 'TOO_MUCH_EVIDENCE'],
  ['nameless evidence', badDebt, shown({ description: '' }), 'MALFORMED_EVIDENCE'],
  ['an address that is none', badDebt, shown({ url: 'javascript:alert(1)' }), 'MALFORMED_EVIDENCE'],
  ['a hash that is none', badDebt, shown({ sha256: 'ABC' }), 'MALFORMED_EVIDENCE'],
  ['a debt', badDebt, shown({ url: 'https://example.org/1', sha256: 'a'.repeat(64) }), undefined],
  ['a correction below zero', { ...badDebt, kind: 'CORRECTION', amountMinor: -5n }, why, undefined],
  ['units to the end of the day', { ...goodwill, expiresOn: TODAY }, why, undefined],
  ['units worth less than a penny', { ...goodwill, amountMinor: 0n }, why, undefined],
])('%s', (_what, wanted, said, code) => {
  const result = checkAdjustment(wanted, said, TODAY);
  expect(result.ok ? undefined : result.failure.code).toBe(code);
});

it('takes two people to approve, and lets one withdraw', () => {
  const mine = { state: 'PENDING', requestedBy: 'me' } as const;
  expect(decideApproval(mine, 'me')).toMatchObject({ failure: { code: 'SAME_PERSON' } });
  expect(decideApproval(mine, 'you')).toEqual({ ok: true, value: 'APPROVED' });
  expect(decideRejection(mine, 'you')).toEqual({ ok: true, value: 'REJECTED' });
  expect(decideRejection(mine, 'me')).toEqual({ ok: true, value: 'WITHDRAWN' });
  for (const state of ['APPROVED', 'REJECTED', 'WITHDRAWN'] as const) {
    expect(decideApproval({ ...mine, state }, 'you')).toMatchObject({ failure: { code: 'ADJUSTMENT_DECIDED' } });
    expect(decideRejection({ ...mine, state }, 'you')).toMatchObject({ failure: { code: 'ADJUSTMENT_DECIDED' } });
  }
});

it.each<[PartnerAdjustment['kind'], bigint, bigint, string | undefined]>([
  ['BAD_DEBT', 99n, 0n, 'MORE_THAN_OWED'],
  ['BAD_DEBT', 100n, 0n, undefined],
  ['DEPOSIT_USE', 99n, 100n, 'MORE_THAN_OWED'],
  ['DEPOSIT_USE', 100n, 99n, 'MORE_THAN_DEPOSITED'],
  ['DEPOSIT_USE', 100n, 100n, undefined],
  ['DEPOSIT_RETURN', 0n, 99n, 'MORE_THAN_DEPOSITED'],
  ['DEPOSIT_RETURN', 0n, 100n, undefined],
  ['CORRECTION', 0n, 0n, undefined],
])('%s of 100 with %s owed and %s deposited', (kind, unpaidMinor, depositMinor, code) => {
  const result = checkStanding({ kind, partnerNo: 1, amountMinor: 100n }, { unpaidMinor, depositMinor });
  expect(result.ok ? undefined : result.failure.code).toBe(code);
});

it('posts what LEDGER 2 says, and every entry sums to zero', () => {
  const legs = {
    BAD_DEBT: [Account.WRITE_OFFS, Account.SETTLED_UNPAID],
    DEPOSIT_USE: [Account.PARTNER_DEPOSIT, Account.SETTLED_UNPAID],
    DEPOSIT_RETURN: [Account.PARTNER_DEPOSIT, Account.PAYMENTS_IN_TRANSIT],
    CORRECTION: [Account.POSITION, Account.GOODWILL],
  };
  fc.assert(
    fc.property(
      fc.constantFrom('BAD_DEBT', 'DEPOSIT_USE', 'DEPOSIT_RETURN', 'CORRECTION'),
      fc.bigInt(1n, 10n ** 15n),
      fc.boolean(),
      (kind, size, below) => {
        const amountMinor = kind === 'CORRECTION' && below ? -size : size;
        const { postings } = partnerAdjustmentEntry({ kind, partnerNo: 7, amountMinor }, TODAY);
        expect(postings.map(({ account }) => account)).toEqual(legs[kind]);
        expect(postings.map(({ amount }) => amount)).toEqual([amountMinor, -amountMinor]);
      },
    ),
  );
});
