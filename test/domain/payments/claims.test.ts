import fc from 'fast-check';
import { payClaims } from '../../../src/domain/payments/claims.js';

const line = (settlementNo: number, openMinor: bigint) => ({ lineId: `line-${settlementNo}`, settlementNo, openMinor });

test.each([
  [
    'the oldest first',
    15n,
    [],
    [
      ['line-1', 10n, true],
      ['line-2', 5n, false],
    ],
    15n,
  ],
  ['the named one first', 15n, [2], [['line-2', 15n, false]], 15n],
  [
    'then what is owed besides',
    35n,
    [],
    [
      ['line-1', 10n, true],
      ['line-2', 20n, true],
    ],
    35n,
  ],
  [
    'and no more than is owed',
    99n,
    [],
    [
      ['line-1', 10n, true],
      ['line-2', 20n, true],
    ],
    37n,
  ],
] as const)('pays %s', (_, amount, first, paid, paidMinor) => {
  const claims = { lines: [line(2, 20n), line(1, 10n)], besidesMinor: 7n };
  const result = payClaims(claims, amount, first);
  expect(result.paid.map(({ lineId, amountMinor, full }) => [lineId, amountMinor, full])).toEqual(paid);
  expect(result.paidMinor).toBe(paidMinor);
});

test('nothing is lost: what is paid and what is left are what was owed', () => {
  const lines = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.bigInt({ min: 1n, max: 10_000n })), {
    selector: ([no]) => no,
  });
  fc.assert(
    fc.property(
      lines,
      fc.bigInt({ min: 0n, max: 10_000n }),
      fc.bigInt({ min: 1n, max: 50_000n }),
      (given, besidesMinor, amount) => {
        const claims = { lines: given.map(([no, open]) => line(no, open)), besidesMinor };
        const owed = sumOf(claims.lines) + besidesMinor;
        const { paidMinor, left } = payClaims(claims, amount);
        expect(paidMinor).toBe(amount < owed ? amount : owed);
        expect(sumOf(left.lines) + left.besidesMinor).toBe(owed - paidMinor);
      },
    ),
  );
});

const sumOf = (lines: readonly { readonly openMinor: bigint }[]): bigint =>
  lines.reduce((sum, { openMinor }) => sum + openMinor, 0n);
