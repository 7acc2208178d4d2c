/** The rows of a run, as a table to read and as bench/results.json. */
import { isMet, type Row, rounded } from './figures.js';

export interface Run {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly load: string;
  readonly programme: string;
  readonly rules: number;
  readonly members: number;
  readonly pairs: number;
}

const SIGN = { AT_LEAST: '≥', AT_MOST: '≤' } as const;

const shown = (value: number): string => rounded(value).toLocaleString('en-GB', { maximumSignificantDigits: 15 });

const wordOf = (row: Row): string => {
  const met = isMet(row);
  return met === undefined ? '' : met ? 'met' : 'NOT MET';
};

const cpuOf = ({ cpu }: Row): string =>
  Object.entries(cpu ?? {})
    .flatMap(([process, micros]) => (micros === undefined ? [] : [`${process} ${shown(micros)}`]))
    .join(', ');

export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.name,
    `${shown(row.value)} ${row.unit}`.trim(),
    row.target === undefined ? '' : `${SIGN[row.target.is]} ${shown(row.target.value)}`,
    wordOf(row),
    [row.note, row.cpu && `µs of CPU each: ${cpuOf(row)}`].filter(Boolean).join('; '),
  ]);
  const head = ['What', 'Figure', 'Target', '', 'Note'];
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((cell) => cell[column]?.length ?? 0)));
  const line = (cell: readonly string[]): string =>
    cell
      .map((text, column) => (column === head.length - 1 ? text : text.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, ...cells].map(line).join('\n');
}

export function resultsFile(run: Run, rows: readonly Row[]): string {
  const plain = rows.map((row) => ({
    name: row.name,
    value: rounded(row.value),
    target: row.target?.value ?? null,
    unit: row.unit,
    met: isMet(row) ?? null,
    ...(row.target && { bound: row.target.is === 'AT_LEAST' ? 'at least' : 'at most' }),
    ...(row.note !== undefined && { note: row.note }),
    ...(row.cpu && {
      cpuMicrosPerOperation: Object.fromEntries(
        Object.entries(row.cpu).flatMap(([process, micros]) =>
          micros === undefined ? [] : [[process, rounded(micros)]],
        ),
      ),
    }),
  }));
  return `${JSON.stringify({ ...run, rows: plain }, null, 2)}\n`;
}
