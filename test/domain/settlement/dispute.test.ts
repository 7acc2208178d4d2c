import fc from 'fast-check';
import {
  disputeOpenedEntry,
  disputeRejectedEntry,
  disputeUpheldEntry,
} from '../../../src/domain/ledger/dispute-entries.js';
import { checkDispute, checkVerdict, type DisputedLine, resolveLine } from '../../../src/domain/settlement/dispute.js';

const line: DisputedLine = {
  state: 'PENDING',
  settlementState: 'ISSUED',
  closingMinor: 100n,
  dueMinor: 100n,
  disputeUntil: '2026-03-31',
  disputedMinor: 0n,
};

test.each([
  // in order of precedence
  ['nothing', {}, 0n, '2026-04-01', 'AMOUNT_NOT_POSITIVE'],
  ['less than nothing', {}, -1n, '2026-03-31', 'AMOUNT_NOT_POSITIVE'],
  ['a day late', { state: 'CARRIED' }, 1n, '2026-04-01', 'DEADLINE_PASSED'],
  ['carried', { state: 'CARRIED' }, 1n, '2026-03-31', 'LINE_NOT_DISPUTABLE'],
  ['under way', { state: 'INSTRUCTED' }, 1n, '2026-03-31', 'LINE_NOT_DISPUTABLE'],
  ['nothing to pay', { state: 'SETTLED', closingMinor: 0n }, 1n, '2026-03-31', 'LINE_NOT_DISPUTABLE'],
  ['given up', { settlementState: 'ABORTED' }, 1n, '2026-03-31', 'LINE_NOT_DISPUTABLE'],
  ['more than the line', {}, 101n, '2026-03-31', 'AMOUNT_ABOVE_LINE'],
  ['more than is left of it', { state: 'DISPUTED', disputedMinor: 60n }, 41n, '2026-03-31', 'AMOUNT_ABOVE_LINE'],
] as const)('%s is refused', (_, change, amount, today, code) => {
  expect(checkDispute({ ...line, ...change }, amount, today)).toMatchObject({ ok: false, failure: { code } });
});

test.each([
  ['all of it, on the last day', {}, 100n],
  ['what is paid', { state: 'CONFIRMED', dueMinor: 0n, settlementState: 'SETTLED' }, 100n],
  ['what is owed to the partner', { closingMinor: -100n, dueMinor: -100n }, 100n],
  ['what is left of it', { state: 'DISPUTED', disputedMinor: 60n }, 40n],
] as const)('%s may be disputed', (_, change, amount) => {
  expect(checkDispute({ ...line, ...change }, amount, '2026-03-31')).toEqual({ ok: true, value: undefined });
});

test.each([
  // due, amount, verdict, others open -> state, due
  [100n, 30n, 'REJECTED', false, 'PENDING', 100n],
  [100n, 30n, 'UPHELD', false, 'PENDING', 70n],
  [100n, 100n, 'UPHELD', false, 'SETTLED', 0n],
  [0n, 30n, 'REJECTED', false, 'CONFIRMED', 0n],
  [0n, 30n, 'UPHELD', false, 'PENDING', -30n],
  [-100n, 30n, 'UPHELD', false, 'PENDING', -130n],
  [100n, 30n, 'UPHELD', true, 'DISPUTED', 70n],
  [100n, 30n, 'REJECTED', true, 'DISPUTED', 100n],
] as const)('due %s, disputed %s, %s with others open %s: %s', (dueMinor, amount, verdict, others, to, due) => {
  expect(resolveLine({ ...line, state: 'DISPUTED', dueMinor }, amount, verdict, others)).toEqual({ to, dueMinor: due });
});

test('it is resolved once, by somebody else', () => {
  expect(checkVerdict({ state: 'UPHELD', openedBy: 'a' }, 'b')).toMatchObject({
    failure: { code: 'DISPUTE_RESOLVED' },
  });
  expect(checkVerdict({ state: 'OPEN', openedBy: 'a' }, 'a')).toMatchObject({ failure: { code: 'SAME_PERSON' } });
  expect(checkVerdict({ state: 'OPEN', openedBy: 'a' }, 'b')).toMatchObject({ ok: true });
});

test('opened and resolved, nothing stands aside, and an upheld dispute costs the programme exactly that', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.boolean(), (amountMinor, upheld) => {
      const contested = { partnerNo: 7, amountMinor, businessDate: '2026-03-01' };
      const sums = new Map<number, bigint>();
      for (const { postings } of [
        disputeOpenedEntry(contested),
        (upheld ? disputeUpheldEntry : disputeRejectedEntry)(contested),
      ]) {
        for (const { account, amount } of postings) sums.set(account, (sums.get(account) ?? 0n) + amount);
      }
      expect(Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n))).toEqual(
        upheld ? { 1200: -amountMinor, 5020: amountMinor } : {},
      );
    }),
  );
});
