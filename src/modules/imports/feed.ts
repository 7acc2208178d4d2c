/**
 * A feed on disk as a stream of rows: CSV (RFC 4180, header line, UTF-8) or NDJSON, plain or gzip. Whether it
 * is gzip is seen from its first bytes, whatever its name. Nothing is kept in memory.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, type InfoRecord, parse } from 'csv-parse';
import { parseVerbatim } from '../../domain/kernel/verbatim-json.js';
import { OperatorError } from '../../infrastructure/operator-error.js';
import { type Reject, reject } from './import.errors.js';

export interface FeedRow {
  /** Line of the (unpacked) file on which the row begins, from 1. */
  readonly line: number;
  /** In the order of the wanted columns; a reject when the line is no row at all. */
  readonly cells: readonly string[] | Reject;
}

export interface Feed {
  readonly bytes: number;
  /** Bytes of the file read so far: how far along the feed is. */
  bytesRead(): number;
  /** Once. */
  rows(): AsyncIterable<FeedRow>;
  /** For a feed whose rows are not read to the end. */
  close(): Promise<void>;
}

/** A column that the mapping wants and the file lacks (or has twice). */
export interface ColumnFault {
  readonly column: string;
  readonly fault: 'MISSING' | 'TWICE';
  /** The columns there are, as far as they are known. */
  readonly header: readonly string[];
}

/** Longest line taken in: a quote that is never closed must not swallow the file. */
const MAX_ROW_BYTES = 1024 * 1024;
/** JSON objects leave out what is empty: a column counts as missing when none of the first ones has it. */
const NDJSON_SAMPLE = 1_000;

/**
 * Opens the feed and reads as far as it takes to know its columns. Faults of the file as a whole (packed
 * badly, a quote never closed) are thrown as OperatorError while its rows are read.
 */
export async function openFeed(
  path: string,
  format: 'csv' | 'ndjson',
  columns: readonly string[],
): Promise<Feed | readonly ColumnFault[]> {
  const { size } = await stat(path);
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const rows = withSentences(path, (format === 'csv' ? csvRows : ndjsonRows)(await unpacked(path, file), columns));
  const close = async (): Promise<void> => {
    await rows.return();
    file.destroy();
  };
  const first = await rows.next();
  if (first.done === true) throw new OperatorError(`${path} is empty: a feed begins with a header line or a row.`);
  if (Array.isArray(first.value)) {
    await close();
    return first.value as readonly ColumnFault[];
  }
  return { bytes: size, bytesRead: () => file.bytesRead, rows: () => restOf(rows), close };
}

/** SHA-256 of the file as it lies there, in hexadecimal: names a run of the import. */
export async function fileDigest(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}

/** First what the columns look like (a list of faults, or READY), then the rows. */
type Opening = 'READY' | readonly ColumnFault[];
type Rows = AsyncGenerator<Opening | FeedRow, void>;

async function* restOf(rows: Rows): AsyncGenerator<FeedRow> {
  for await (const row of rows) yield row as FeedRow;
}

async function unpacked(path: string, file: Readable): Promise<Readable> {
  const handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0).finally(() => handle.close());
  const isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  if (!isGzip) return file;
  const out = createGunzip();
  pipeline(file, out).catch((error: Error) => out.destroy(error));
  return out;
}

async function* csvRows(bytes: Readable, columns: readonly string[]): Rows {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
  });
  pipeline(bytes, parser).catch((error: Error) => parser.destroy(error));
  let positions: readonly number[] | undefined;
  let width = 0;
  let lastLine = 0;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: InfoRecord }>) {
    const line = firstLine(record, info.lines, lastLine);
    lastLine = info.lines;
    if (positions === undefined) {
      const faults = columns.flatMap((column) => faultOf(record, column));
      yield faults.length > 0 ? faults : 'READY';
      width = record.length;
      positions = columns.map((column) => record.indexOf(column));
    } else if (record.length !== width) {
      yield {
        line,
        cells: reject('MALFORMED_ROW', `The row has ${record.length} columns where the header has ${width}.`),
      };
    } else {
      yield { line, cells: positions.map((index) => record[index] as string) };
    }
  }
}

/** A record ends on `lastOfRecord`; it begins earlier only when it took more than one line. */
function firstLine(record: readonly string[], lastOfRecord: number, previous: number): number {
  if (lastOfRecord <= previous + 1) return lastOfRecord;
  return lastOfRecord - record.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0);
}

function faultOf(header: readonly string[], column: string): ColumnFault[] {
  const at = header.indexOf(column);
  if (at === -1) return [{ column, fault: 'MISSING', header }];
  return header.indexOf(column, at + 1) === -1 ? [] : [{ column, fault: 'TWICE', header }];
}

async function* ndjsonRows(bytes: Readable, columns: readonly string[]): Rows {
  const missing = new Set(columns);
  const sample: FeedRow[] = [];
  let opened = false;
  let line = 0;
  for await (const text of linesOf(bytes)) {
    line += 1;
    if (text.trim() === '') continue;
    const row = {
      line,
      cells: jsonCells(line === 1 ? text.replace(/^\ufeff/, '') : text, columns, opened ? undefined : missing),
    };
    if (opened) {
      yield row;
      continue;
    }
    sample.push(row);
    if (missing.size > 0 && sample.length < NDJSON_SAMPLE) continue;
    yield openingOf(missing);
    opened = true;
    yield* sample;
  }
  if (opened || sample.length === 0) return;
  yield openingOf(missing);
  yield* sample;
}

async function* linesOf(bytes: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of bytes.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    if (rest.length > MAX_ROW_BYTES)
      throw new OperatorError('A line is longer than 1 MB: this is not NDJSON. Nothing was stored.');
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const openingOf = (missing: ReadonlySet<string>): Opening =>
  missing.size === 0 ? 'READY' : [...missing].map((column) => ({ column, fault: 'MISSING', header: [] }));

function jsonCells(text: string, columns: readonly string[], missing?: Set<string>): readonly string[] | Reject {
  let object: unknown;
  try {
    object = parseVerbatim(text);
  } catch {
    return reject('MALFORMED_ROW', 'The line is not JSON.');
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    return reject('MALFORMED_ROW', 'The line is not a JSON object.');
  }
  const values = object as Readonly<Record<string, unknown>>;
  const cells: string[] = [];
  for (const column of columns) {
    const value = Object.hasOwn(values, column) ? values[column] : undefined;
    if (value !== undefined) missing?.delete(column);
    if (typeof value === 'object' && value !== null) {
      return reject(
        'MALFORMED_ROW',
        `The field ${column} holds a list or an object where text or a number is expected.`,
      );
    }
    cells.push(value === undefined || value === null ? '' : String(value));
  }
  return cells;
}

/** What a broken file throws, as a sentence for the person who gave it. */
async function* withSentences(path: string, rows: Rows): Rows {
  try {
    yield* rows;
  } catch (error) {
    if (error instanceof CsvError) {
      throw new OperatorError(
        `${path} cannot be read as CSV: ${error.message}. Nothing was stored; mend the file and import it again.`,
      );
    }
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code.startsWith('Z_')) {
      throw new OperatorError(
        `${path} is a gzip file that is damaged or cut short. Nothing was stored; fetch it again.`,
      );
    }
    throw error;
  }
}
