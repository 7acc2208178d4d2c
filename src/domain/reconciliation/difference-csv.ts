/** Differences as CSV (RFC 4180): lines end with CR LF, and no cell is a formula where it is opened. */
import { csvCell, csvLine } from '../kernel/csv.js';
import { formatDecimal } from '../money/decimal.js';
import type { DifferenceKind } from './reconcile.js';

export interface DifferenceLine {
  readonly kind: DifferenceKind;
  readonly reference: string;
  /** The kind of the message, by its name. */
  readonly message?: string;
  readonly rowNo?: number;
  readonly givenMinor?: bigint;
  readonly hereMinor?: bigint;
  readonly transactionId?: string;
  readonly entryNo?: bigint;
}

const COLUMNS = ['difference', 'message', 'reference', 'row', 'given', 'here', 'currency', 'transaction', 'entry'];

export function differenceCsv(lines: readonly DifferenceLine[], currencyCode: string, scale: number): string {
  const money = (minor: bigint | undefined): string => (minor === undefined ? '' : formatDecimal(minor, scale));
  const rows = lines.map((line) => [
    line.kind,
    line.message ?? '',
    csvCell(line.reference),
    line.rowNo === undefined ? '' : String(line.rowNo),
    money(line.givenMinor),
    money(line.hereMinor),
    currencyCode,
    line.transactionId ?? '',
    line.entryNo === undefined ? '' : String(line.entryNo),
  ]);
  return [COLUMNS, ...rows].map(csvLine).join('');
}
