import fc from 'fast-check';
import { differenceCsv } from '../../../src/domain/reconciliation/difference-csv.js';
import { type OwnRow, reconcile } from '../../../src/domain/reconciliation/reconcile.js';

const PURCHASE = 1;
const REFUND = 2;
const own = (reference: string, amountMinor: bigint, kind = PURCHASE): OwnRow => ({
  reference,
  kind,
  amountMinor,
  transactionId: `t-${reference}`,
});

it('says of every row of either side what became of it', () => {
  const given = [
    { rowNo: 1, reference: 'a', kind: PURCHASE, amountMinor: 100n },
    { rowNo: 2, reference: 'b', kind: PURCHASE, amountMinor: 201n },
    { rowNo: 3, reference: 'x', kind: PURCHASE, amountMinor: 300n },
    { rowNo: 4, reference: 'a', kind: PURCHASE, amountMinor: 100n },
    { rowNo: 5, reference: 'a', kind: REFUND, amountMinor: 50n },
  ];
  const ours = [own('a', 100n), own('b', 200n), own('c', 400n), own('a', 50n, REFUND)];
  const { matched, differences, givenMinor, ownMinor } = reconcile(given, ours);
  expect(matched).toBe(2);
  expect([givenMinor, ownMinor]).toEqual([751n, 750n]);
  expect(differences).toEqual([
    { kind: 'DIFFERENT_AMOUNT', name: { reference: 'b', kind: PURCHASE }, given: given[1], own: ours[1] },
    { kind: 'MISSING_HERE', name: { reference: 'x', kind: PURCHASE }, given: given[2] },
    { kind: 'REPEATED', name: { reference: 'a', kind: PURCHASE }, given: given[3], own: ours[0] },
    { kind: 'MISSING_THERE', name: { reference: 'c', kind: PURCHASE }, own: ours[2] },
  ]);
});

it('accounts for every row and every penny, whatever the lists', () => {
  const reference = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const amount = fc.bigInt(-3n, 3n);
  const rows = fc.array(fc.record({ reference, amountMinor: amount }), { maxLength: 12 });
  const ours = fc.uniqueArray(fc.record({ reference, amountMinor: amount }), { selector: (row) => row.reference });
  fc.assert(
    fc.property(rows, ours, (list, here) => {
      const given = list.map((row, index) => ({ ...row, rowNo: index + 1 }));
      const { matched, differences, givenMinor, ownMinor } = reconcile(given, here);
      const withGiven = differences.filter((difference) => difference.given !== undefined);
      expect(matched + withGiven.length).toBe(given.length);
      const withOwn = differences.filter(({ kind }) => kind === 'DIFFERENT_AMOUNT' || kind === 'MISSING_THERE');
      expect(matched + withOwn.length).toBe(here.length);
      const explained = differences.reduce(
        (sum, { kind, given: g, own: o }) =>
          sum + (g?.amountMinor ?? 0n) - (kind === 'REPEATED' ? 0n : (o?.amountMinor ?? 0n)),
        0n,
      );
      expect(explained).toBe(givenMinor - ownMinor);
    }),
  );
});

it('writes CSV that no spreadsheet takes for formulas', () => {
  const csv = differenceCsv(
    [
      { kind: 'MISSING_HERE', reference: '=cmd|"x",1', message: 'PURCHASE', rowNo: 7, givenMinor: 1_230n },
      { kind: 'MISSING_THERE', reference: 'r-1', hereMinor: -5n, transactionId: 't', entryNo: 9n },
    ],
    'GBP',
    2,
  );
  expect(csv.split('\r\n')).toEqual([
    'difference,message,reference,row,given,here,currency,transaction,entry',
    `MISSING_HERE,PURCHASE,"'=cmd|""x"",1",7,12.30,,GBP,,`,
    'MISSING_THERE,,r-1,,,-0.05,GBP,t,9',
    '',
  ]);
});
