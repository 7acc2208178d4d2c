/**
 * A partner's own list as rows that can be compared: CSV read by a mapping, or rows given one by one. The whole
 * list or nothing: the first row that cannot be read is named, and nothing is compared.
 */
import { createHash } from 'node:crypto';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import type { GivenRow } from '../../domain/reconciliation/reconcile.js';
import { SOURCE_KIND_NO, type SourceKind } from '../../domain/transactions/model.js';
import type { ListErrorCode } from './reconciliation.errors.js';

/** How a file's columns are to be read. */
export interface ListMapping {
  readonly reference: string;
  readonly amount: string;
  /** Column of the kind, with the words for each; without it the sign decides: below zero is a refund. */
  readonly kind?: { readonly column: string; readonly words: readonly { word: string; kind: SourceKind }[] };
  /** Column with the code of the partner: every row has to be its own. */
  readonly partner?: string;
  readonly delimiter: string;
  readonly decimalSeparator: string;
}

export type PartnerList =
  | { readonly file: { readonly text: string; readonly mapping: ListMapping } }
  | { readonly rows: readonly { reference: string; kind: SourceKind; amount: string }[] };

/** What a list is read for. */
export interface ListReading {
  readonly partnerCode: string;
  readonly scale: number;
  /** Whether rows are messages, named by kind and reference, whose amounts have no sign; else entries, named by number. */
  readonly messages: boolean;
}

export interface ReadList {
  readonly rows: readonly GivenRow[];
  /** Kinds of message that the list can speak of: only those of ours can be missing in it. */
  readonly kinds: readonly SourceKind[];
  readonly sha256: string;
}

export const MOST_ROWS = 50_000;
const LONGEST_REFERENCE = 200;
const BY_SIGN: readonly SourceKind[] = ['PURCHASE', 'REFUND'];

type Read<T> = Result<T, ListErrorCode>;

export function readList(list: PartnerList, reading: ListReading): Read<ReadList> {
  return 'file' in list ? readFile(list.file.text, list.file.mapping, reading) : readRows(list.rows, reading);
}

function readRows(
  rows: readonly { reference: string; kind: SourceKind; amount: string }[],
  reading: ListReading,
): Read<ReadList> {
  if (rows.length > MOST_ROWS) return tooLong();
  const read: GivenRow[] = [];
  for (const [index, { reference, kind, amount }] of rows.entries()) {
    const row = rowOf({ rowNo: index + 1, reference, amount, kind }, reading);
    if (!row.ok) return row;
    read.push(row.value);
  }
  const kinds = [...new Set([...BY_SIGN, ...rows.map(({ kind }) => kind)])];
  return ok({ rows: read, kinds, sha256: sha256(JSON.stringify(rows)) });
}

function readFile(text: string, mapping: ListMapping, reading: ListReading): Read<ReadList> {
  const { kind, partner, delimiter, decimalSeparator } = mapping;
  let records: string[][];
  try {
    records = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      to: MOST_ROWS + 2,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return fail('MALFORMED_FILE', `The file cannot be read as CSV: ${error.message}.`, 'file.text');
  }
  const [header = [], ...body] = records;
  if (body.length > MOST_ROWS) return tooLong();
  const columns = { reference: mapping.reference, amount: mapping.amount, kind: kind?.column, partner };
  const places: Record<string, number> = {};
  for (const [field, column] of Object.entries(columns)) {
    if (column === undefined) continue;
    const place = header.indexOf(column);
    if (place === -1 || header.indexOf(column, place + 1) !== -1) {
      const fault = place === -1 ? 'no column' : 'more than one column';
      return fail('COLUMN_MISSING', `The header has ${fault} "${column}".`, `file.columns.${field}`);
    }
    places[field] = place;
  }
  const cell = (record: readonly string[], field: string): string => record[places[field] ?? -1]?.trim() ?? '';
  const words = new Map(kind?.words.map((entry) => [entry.word, entry.kind]));
  const rows: GivenRow[] = [];
  for (const [index, record] of body.entries()) {
    const rowNo = index + 1;
    if (partner !== undefined && cell(record, 'partner') !== reading.partnerCode) {
      return fail(
        'FILE_OF_ANOTHER_PARTNER',
        `Row ${rowNo} is of another partner than ${reading.partnerCode}; give the list of one partner alone.`,
        'file.text',
      );
    }
    const word = cell(record, 'kind');
    const named = words.get(word);
    if (reading.messages && kind !== undefined && named === undefined)
      return fail(
        'UNKNOWN_WORD',
        `Row ${rowNo} is a "${word.slice(0, 60)}", which the mapping does not explain.`,
        'file.kinds',
      );
    const amount = plainAmount(cell(record, 'amount'), decimalSeparator);
    const row = rowOf({ rowNo, reference: cell(record, 'reference'), amount, kind: named }, reading);
    if (!row.ok) return row;
    rows.push(row.value);
  }
  const kinds = kind === undefined ? BY_SIGN : [...new Set(kind.words.map((entry) => entry.kind))];
  return ok({ rows, kinds, sha256: sha256(text) });
}

/** "1.234,50" -> "1234.50": whatever groups thousands goes, the separator becomes a point. */
function plainAmount(text: string, separator: string): string {
  const grouping = separator === ',' ? /[.\s'\u00a0\u202f]/g : /[,\s'\u00a0\u202f]/g;
  return text.replace(grouping, '').replace(separator, '.').replace(/^\+/, '');
}

function rowOf(
  row: { rowNo: number; reference: string; amount: string; kind: SourceKind | undefined },
  { scale, messages }: ListReading,
): Read<GivenRow> {
  const { rowNo, reference, amount } = row;
  if (reference === '' || reference.length > LONGEST_REFERENCE) {
    return fail(
      'MALFORMED_ROW',
      `Row ${rowNo} needs a reference of 1 to ${LONGEST_REFERENCE} characters.`,
      `rows[${rowNo - 1}]`,
    );
  }
  const amountMinor = parseDecimal(amount, scale);
  if (typeof amountMinor !== 'bigint')
    return fail(
      'MALFORMED_ROW',
      `The amount of row ${rowNo} is none, has too many decimals, or is too large.`,
      `rows[${rowNo - 1}]`,
    );
  if (!messages) return ok({ rowNo, reference, amountMinor });
  const kind = row.kind ?? (amountMinor < 0n ? 'REFUND' : 'PURCHASE');
  return ok({
    rowNo,
    reference,
    kind: SOURCE_KIND_NO[kind],
    amountMinor: amountMinor < 0n ? -amountMinor : amountMinor,
  });
}

const tooLong = () =>
  fail('LIST_TOO_LONG', `Give at most ${MOST_ROWS} rows at once; compare a shorter period.`, 'rows');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
