/**
 * The bilateral matrix (LEDGER 3 and 6): whose units were used up at whom. Row f = lots of f, column r = captured at r,
 * in lot value; further columns for what nobody captured. A return takes away from the cell that the redemption gave to.
 */
import { EntryKind, type EntryKindCode } from '../ledger/entry.js';

export const MATRIX_PURPOSES = [
  'CAPTURED',
  'CASHED_OUT',
  'DONATED',
  'EXPIRED',
  'WOUND_DOWN',
  'FEES',
  'REPAID',
  'CLAWED_BACK',
] as const;
export type MatrixPurpose = (typeof MATRIX_PURPOSES)[number];

/** Entries that use units of lots up, or take that back. */
export const USING: ReadonlyMap<EntryKindCode, MatrixPurpose> = new Map<EntryKindCode, MatrixPurpose>([
  [EntryKind.CAPTURE, 'CAPTURED'],
  [EntryKind.ITEM, 'CAPTURED'],
  [EntryKind.RETURN, 'CAPTURED'],
  [EntryKind.CASH_OUT, 'CASHED_OUT'],
  [EntryKind.DONATION, 'DONATED'],
  [EntryKind.EXPIRY, 'EXPIRED'],
  [EntryKind.WIND_DOWN, 'WOUND_DOWN'],
  [EntryKind.DORMANCY_FEE, 'FEES'],
  [EntryKind.REPAYMENT, 'REPAID'],
  [EntryKind.CLAWBACK, 'CLAWED_BACK'],
]);

export interface MatrixCell {
  /** Partner number; 0 = the programme. */
  readonly funderNo: number;
  /** Partner number; 0 = nobody. */
  readonly redeemerNo: number;
  readonly purpose: MatrixPurpose;
  readonly units: bigint;
  readonly valueMinor: bigint;
}

/** Cells of several windows as one matrix: by funder, redeemer and purpose; cells that came to nothing are left out. */
export function sumMatrix(cells: readonly MatrixCell[]): MatrixCell[] {
  const sums = new Map<string, MatrixCell>();
  for (const cell of cells) {
    const { funderNo, redeemerNo, purpose } = cell;
    const key = `${funderNo}/${redeemerNo}/${purpose}`;
    const { units, valueMinor } = sums.get(key) ?? { units: 0n, valueMinor: 0n };
    const sum = { units: units + cell.units, valueMinor: valueMinor + cell.valueMinor };
    sums.set(key, { funderNo, redeemerNo, purpose, ...sum });
  }
  const place = ({ purpose }: MatrixCell): number => MATRIX_PURPOSES.indexOf(purpose);
  return [...sums.values()]
    .filter(({ units, valueMinor }) => units !== 0n || valueMinor !== 0n)
    .sort((a, b) => a.funderNo - b.funderNo || a.redeemerNo - b.redeemerNo || place(a) - place(b));
}
