import { endToEndId, type Payable, planPayouts } from '../../../src/domain/payments/payouts.js';

const payable = (partnerNo: number, more: Partial<Payable> = {}): Payable => ({
  purpose: 'SETTLEMENT',
  partnerNo,
  amountMinor: 100n,
  ofId: `line-${partnerNo}`,
  ...more,
});
const ACCOUNTS = [{ partnerNo: 1, id: 'account-1' }];

test('pays who has an account and says why the others wait', () => {
  const rejected = payable(1, { last: { attempt: 1, accountId: 'account-1', failed: true } });
  const corrected = payable(1, { last: { attempt: 1, accountId: 'account-0', failed: true } });
  const plan = planPayouts([payable(1), payable(2), rejected, corrected], ACCOUNTS, false);
  expect(plan.payouts).toEqual([
    { payable: payable(1), accountId: 'account-1', attempt: 1 },
    { payable: corrected, accountId: 'account-1', attempt: 2 },
  ]);
  expect(plan.skipped).toEqual([
    { payable: payable(2), reason: 'NO_ACCOUNT' },
    { payable: rejected, reason: 'REJECTED_BEFORE' },
  ]);
});

test('a rejected payment goes to the same account again when somebody says so', () => {
  const rejected = payable(1, { last: { attempt: 2, accountId: 'account-1', failed: true } });
  expect(planPayouts([rejected], ACCOUNTS, true).payouts).toMatchObject([{ attempt: 3 }]);
});

test('what was paid before and is owed more is another payment, to the same account', () => {
  const more = payable(1, { last: { attempt: 1, accountId: 'account-1', failed: false } });
  expect(planPayouts([more], ACCOUNTS, false).payouts).toMatchObject([{ attempt: 2 }]);
});

test('an end-to-end id fits into 35 characters', () => {
  const id = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';
  expect(endToEndId(id, 1)).toBe('0199aaaabbbb7ccc8dddeeeeffff0000');
  expect(endToEndId(id, 2)).toBe('0199aaaabbbb7ccc8dddeeeeffff0000-2');
  expect(endToEndId(id, 99).length).toBeLessThanOrEqual(35);
});
