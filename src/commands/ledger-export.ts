/** hansa ledger export: journal lines of a window or of days as CSV, for the books of whoever runs the programme. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { InvalidArgumentError } from 'commander';
import { isBusinessDate } from '../domain/kernel/calendar.js';
import { currencyScale } from '../domain/money/currency.js';
import { formatDecimal } from '../domain/money/decimal.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { AccountingService } from '../modules/accounting/index.js';
import { OPERATOR_AT_KEYBOARD } from './operator-principal.js';
import { withDatabases } from './with-databases.js';

export interface ExportOptions {
  readonly programme: string;
  readonly window?: number;
  readonly from?: string;
  readonly until?: string;
  readonly out?: string;
}

export function readDay(text: string): string {
  if (isBusinessDate(text)) return text;
  throw new InvalidArgumentError('Write a day as YYYY-MM-DD.');
}

export function readWindow(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Write the number of a window.');
}

export async function exportJournal({ programme, window, from, until, out }: ExportOptions): Promise<void> {
  await withDatabases('hansa ledger export', async ({ database }) => {
    const accounting = new AccountingService(database);
    const wish = { programmeCode: programme, windowNo: window, from, until };
    const range = await accounting.range(OPERATOR_AT_KEYBOARD, wish);
    if (!range.ok) throw new OperatorError(range.failure.message);
    if (!range.value.isFinal) process.stderr.write('The window is open or the days have not passed: more will come.\n');
    const turnovers = await accounting.turnovers(OPERATOR_AT_KEYBOARD, range.value);
    const target = out === undefined ? process.stdout : createWriteStream(out);
    let page = await accounting.page(OPERATOR_AT_KEYBOARD, range.value);
    let { lines } = page;
    for (;;) {
      if (!target.write(page.csv)) await once(target, 'drain');
      if (page.next === undefined) break;
      page = await accounting.page(OPERATOR_AT_KEYBOARD, range.value, page.next);
      lines += page.lines;
    }
    if (out !== undefined) {
      target.end();
      await finished(target);
    }
    for (const [currencyCode, own] of Map.groupBy(turnovers, (each) => each.currencyCode)) {
      const debit = own.reduce((sum, { debitMinor }) => sum + debitMinor, 0n);
      const amount = formatDecimal(debit, currencyScale(currencyCode));
      process.stderr.write(`Debits and credits are ${amount} ${currencyCode} each.\n`);
    }
    process.stderr.write(`${lines} lines.\n`);
  });
}
