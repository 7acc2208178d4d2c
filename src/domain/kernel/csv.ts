/** Cells of CSV (RFC 4180). */

/**
 * Text that somebody else chose, as a cell: a leading sign that spreadsheets take for a formula gets an apostrophe.
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line with its end. The cells are safe already. */
export const csvLine = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
