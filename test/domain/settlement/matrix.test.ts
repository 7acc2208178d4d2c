import { type MatrixCell, type MatrixPurpose, sumMatrix } from '../../../src/domain/settlement/matrix.js';

const cell = (funderNo: number, redeemerNo: number, purpose: MatrixPurpose, units: bigint): MatrixCell => ({
  funderNo,
  redeemerNo,
  purpose,
  units,
  valueMinor: 2n * units,
});

test('cells of several windows are added up, sorted, and left out where they come to nothing', () => {
  const cells = [
    cell(2, 0, 'EXPIRED', 5n),
    cell(1, 3, 'CAPTURED', 7n),
    cell(1, 3, 'CASHED_OUT', 1n),
    cell(1, 3, 'CAPTURED', -2n),
    cell(1, 2, 'CAPTURED', 4n),
    cell(1, 2, 'CAPTURED', -4n),
  ];
  expect(sumMatrix(cells)).toEqual([
    cell(1, 3, 'CAPTURED', 5n),
    cell(1, 3, 'CASHED_OUT', 1n),
    cell(2, 0, 'EXPIRED', 5n),
  ]);
});
