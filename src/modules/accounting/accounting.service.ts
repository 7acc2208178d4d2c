/**
 * The accounting export: the money book of a window or of days, line by line, for whoever keeps the company's books.
 *
 * Read by the writer in short transactions, a page at a time; a page names the entry after which the next one begins.
 */
import type { Principal } from '../../domain/access/principal.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { JOURNAL_CSV_HEADER, type JournalLine, journalCsv } from '../../domain/ledger/journal-csv.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import {
  type EntryPlace,
  type ExportRange,
  findRange,
  type LineRow,
  readPage,
  sumAccounts,
  type Turnover,
} from './accounting.sql.js';

/** Entries of one page: a few hundred kilobytes of text. */
const PAGE = 1_000;
const BEFORE_ALL: EntryPlace = { no: 0n, memberNo: 0 };

export interface ExportWish {
  readonly programmeCode: string;
  readonly windowNo?: number | undefined;
  /** Days on which entries were recorded, both inclusive. */
  readonly from?: BusinessDate | undefined;
  readonly until?: BusinessDate | undefined;
}

export interface ExportPage {
  /** With a header in the first one. */
  readonly csv: string;
  readonly lines: number;
  /** Undefined when this was the last page. */
  readonly next?: EntryPlace;
}

export class AccountingService {
  constructor(
    private readonly database: Database,
    private readonly pageSize = PAGE,
  ) {}

  /** Which entries are meant. What is wrong with the wish is said in a sentence. */
  async range(
    principal: Principal,
    { programmeCode, windowNo, from, until }: ExportWish,
  ): Promise<Result<ExportRange, 'BAD_RANGE'>> {
    authorize(principal, 'ledger.read');
    const byDays = from !== undefined && until !== undefined;
    if ((windowNo === undefined) !== byDays || (from === undefined) !== (until === undefined))
      return fail('BAD_RANGE', 'Give either the number of a window, or the first and the last day.');
    if (byDays && from > until) return fail('BAD_RANGE', 'The first day is after the last one.');
    const range = await this.database.command((tx) =>
      findRange(tx, programmeCode, windowNo ?? null, from ?? null, until ?? null),
    );
    if (range === undefined) return fail('BAD_RANGE', `There is no programme "${programmeCode}"; check the code.`);
    if (windowNo !== undefined && range.windowNo === null)
      return fail('BAD_RANGE', `The programme has no window ${windowNo}; ask for settlementWindows.`);
    return ok(range);
  }

  /** What each account was debited and credited. Both sides are equal in every currency, or nothing is handed out. */
  async turnovers(principal: Principal, range: ExportRange): Promise<Turnover[]> {
    authorize(principal, 'ledger.read');
    const turnovers = await this.database.command((tx) => sumAccounts(tx, range));
    for (const [currencyCode, own] of Map.groupBy(turnovers, (each) => each.currencyCode)) {
      const excess = own.reduce((sum, { debitMinor, creditMinor }) => sum + debitMinor - creditMinor, 0n);
      invariant(excess === 0n, `the journal balances in ${currencyCode}`);
    }
    return turnovers;
  }

  async page(principal: Principal, range: ExportRange, after?: EntryPlace): Promise<ExportPage> {
    authorize(principal, 'ledger.read');
    const rows = await this.database.command((tx) => readPage(tx, range, after ?? BEFORE_ALL, this.pageSize));
    const lines = rows.flatMap(lineOf);
    const entries = new Set(rows.map(({ entryNo, memberNo }) => `${entryNo}/${memberNo}`)).size;
    const last = rows.at(-1);
    const csv = (after === undefined ? JOURNAL_CSV_HEADER : '') + journalCsv(lines);
    if (entries < this.pageSize || last === undefined) return { csv, lines: lines.length };
    return { csv, lines: lines.length, next: { no: last.entryNo, memberNo: last.memberNo } };
  }
}

function lineOf({ line, party, reference, toldBy, ...row }: LineRow): JournalLine[] {
  if (line === null) return [];
  return [{ ...row, line, party: party ?? '', ...(reference && { reference }), ...(toldBy && { toldBy }) }];
}
