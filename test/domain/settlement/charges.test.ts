import type { ContractTerms } from '../../../src/domain/earning/model.js';
import { ONE, rate } from '../../../src/domain/money/rate.js';
import { chargesFor } from '../../../src/domain/settlement/charges.js';

const contract = (commissionRate = rate(1n, 10n), taxRate = rate(1n, 5n)): ContractTerms => ({
  no: 1,
  partnerNo: 1,
  effectiveFrom: '2026-01-01',
  fundingShares: [{ party: 'SELF', share: ONE }],
  commissionRate,
  taxRate,
  taxTreatment: 'MARKETING',
  refundReturnsCommission: true,
  model: 'SETTLE_AT_ISSUANCE',
});

describe('chargesFor', () => {
  test.each([
    // units, price, commission rate, tax rate -> value, commission, tax
    ['the worked example, M1', 5000n, ONE, rate(1n, 10n), rate(1n, 5n), 5000n, 500n, 100n],
    ['the worked example, M2', 2333n, ONE, rate(1n, 10n), rate(1n, 5n), 2333n, 233n, 47n],
    ['the worked example, B', 667n, ONE, rate(1n, 10n), rate(1n, 5n), 667n, 67n, 13n],
    ['a half goes to the even neighbour below', 5n, rate(1n, 2n), rate(0n), rate(0n), 2n, 0n, 0n],
    ['a half goes to the even neighbour above', 7n, rate(1n, 2n), rate(0n), rate(0n), 4n, 0n, 0n],
    ['commission is rounded before it is taxed', 15n, ONE, rate(1n, 10n), rate(1n, 2n), 15n, 2n, 1n],
    ['a third stays a third', 9n, rate(1n, 3n), rate(1n, 3n), ONE, 3n, 1n, 1n],
    ['nothing costs nothing', 0n, ONE, rate(1n, 10n), rate(1n, 5n), 0n, 0n, 0n],
  ])('%s', (_, units, price, commissionRate, taxRate, valueMinor, commissionMinor, taxMinor) => {
    expect(chargesFor(units, price, contract(commissionRate, taxRate))).toEqual({
      valueMinor,
      commissionMinor,
      taxMinor,
    });
  });

  test('the programme pays itself no commission', () => {
    expect(chargesFor(333n, ONE)).toEqual({ valueMinor: 333n, commissionMinor: 0n, taxMinor: 0n });
  });
});
