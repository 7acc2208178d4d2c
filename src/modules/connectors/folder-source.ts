/**
 * A watched folder: each file is read once, whatever it is called, when nobody writes it any more, and moved away
 * when it was taken in to its end. A file that cannot be read to its end is not begun.
 */
import type { Stats } from 'node:fs';
import { lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Endpoint, MOST_ITEMS } from '../../domain/connectors/connector.js';
import { FieldReader } from '../../domain/connectors/fields.js';
import { fail } from '../../domain/kernel/result.js';
import type { Database } from '../../infrastructure/db/database.js';
import { OperatorError } from '../../infrastructure/operator-error.js';
import { PartnerFault } from '../../infrastructure/partner-port/index.js';
import { type Feed, fileDigest, openFeed } from '../imports/index.js';
import { findFile } from './feed.sql.js';
import type { FeedItem, FeedPage } from './feed-source.js';

export interface FolderOptions {
  /** The folder opened to connectors; each connector has one below it. */
  readonly root: string | undefined;
  /** A file counts as written when it does not change for so long. */
  readonly settleMs: number;
}

const FEED_FILE = /^[^.].*\.(csv|ndjson|jsonl)(\.gz)?$/i;
const MOST_FILE_BYTES = 4 * 1024 ** 3;
const LONGEST_NAME = 200;

/** "<hash>:<rows>": so many rows of that file were taken in. */
const cursorOf = (sha256: string, rows: number): string => `${sha256}:${rows}`;
const rowsOf = (cursor: string | null, sha256: string): number =>
  cursor?.startsWith(`${sha256}:`) ? Number(cursor.slice(sha256.length + 1)) : 0;

/** What is new in the folder, in the order of names. When a page is asked for, the one before it was taken in. */
export async function* folderPages(
  database: Database,
  { root, settleMs }: FolderOptions,
  connector: { readonly id: string; readonly address: string },
  endpoint: Endpoint,
  cursor: string | null,
): AsyncGenerator<FeedPage, void> {
  if (root === undefined)
    throw new PartnerFault('UNREACHABLE', 'No folder is open to connectors; set HANSA_CONNECTOR_DIR.');
  const folder = join(root, connector.address);
  for (const name of await writtenFiles(folder, settleMs)) {
    const path = join(folder, name);
    const sha256 = await fileDigest(path);
    const bytes = Buffer.from(sha256, 'hex');
    const known = await database.command((tx) => findFile(tx, connector.id, bytes));
    const finished = { sha256: bytes, name: name.slice(0, LONGEST_NAME) };
    if (known === undefined) {
      const checked = await check(path, name, endpoint);
      if (typeof checked === 'string') {
        yield {
          items: [],
          next: null,
          last: false,
          fileName: name,
          finished: { ...finished, rows: 0, fault: checked },
        };
        await putAway(folder, name, sha256, 'failed');
        continue;
      }
      for await (const page of pagesOf(path, endpoint, checked, rowsOf(cursor, sha256))) {
        const fileName = name.slice(0, LONGEST_NAME);
        yield page.ended
          ? {
              items: page.items,
              next: null,
              last: false,
              fileName,
              finished: { ...finished, rows: page.rows, fault: undefined },
            }
          : { items: page.items, next: cursorOf(sha256, page.rows), last: false, fileName };
      }
    }
    await putAway(folder, name, sha256, known?.fault == null ? 'done' : 'failed');
  }
}

/** Files that are there, by name, and were not touched while we looked. Links are not followed. */
async function writtenFiles(folder: string, settleMs: number): Promise<string[]> {
  const look = async (): Promise<Map<string, Stats>> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
      throw new PartnerFault('UNREACHABLE', 'There is no folder of that name below HANSA_CONNECTOR_DIR; make it.');
    });
    const names = entries.filter((entry) => entry.isFile() && FEED_FILE.test(entry.name)).map(({ name }) => name);
    const found = await Promise.all(
      names.map(async (name) => [name, await lstat(join(folder, name)).catch(() => undefined)] as const),
    );
    return new Map(found.flatMap(([name, stats]) => (stats?.isFile() ? [[name, stats] as const] : [])));
  };
  const before = await look();
  if (before.size === 0) return [];
  await delay(settleMs);
  const after = await look();
  return [...after]
    .filter(([name, { size, mtimeMs }]) => {
      const earlier = before.get(name);
      return (
        earlier !== undefined &&
        earlier.size === size &&
        earlier.mtimeMs === mtimeMs &&
        size > 0 &&
        size <= MOST_FILE_BYTES
      );
    })
    .map(([name]) => name)
    .sort();
}

async function putAway(folder: string, name: string, sha256: string, where: 'done' | 'failed'): Promise<void> {
  await mkdir(join(folder, where), { recursive: true });
  await rename(join(folder, name), join(folder, where, `${sha256.slice(0, 12)}-${name}`));
}

/** Reads the file to its end: its columns, or why it cannot be taken in, as a sentence. */
async function check(path: string, name: string, endpoint: Endpoint): Promise<readonly string[] | string> {
  try {
    const opened = await openColumns(path, endpoint);
    if (typeof opened === 'string') return opened;
    for await (const _row of opened.feed.rows());
    return opened.columns;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.message.replaceAll(path, name);
  }
}

const open = (path: string, { format }: Endpoint, columns: readonly string[]) =>
  openFeed(path, format === 'NDJSON' ? 'ndjson' : 'csv', columns);

/** Opens the file with the columns it has of those that may be read; those that the mapping names must be there. */
async function openColumns(
  path: string,
  endpoint: Endpoint,
): Promise<{ readonly feed: Feed; readonly columns: readonly string[] } | string> {
  const wanted = [...new Set(new FieldReader('TRANSACTIONS', endpoint.fields).places)];
  const named = new Set(endpoint.fields.flatMap(({ path: column }) => column ?? []));
  const all = await open(path, endpoint, wanted);
  if (!Array.isArray(all)) return { feed: all as Feed, columns: wanted };
  const [twice] = all.filter(({ fault }) => fault === 'TWICE');
  if (twice !== undefined) return `The column ${twice.column} stands in the header twice.`;
  const missing = new Set(all.map(({ column }) => column));
  const [needed] = [...named].filter((column) => missing.has(column));
  if (needed !== undefined) return `The file has no column ${needed}.`;
  const columns = wanted.filter((column) => !missing.has(column));
  const some = await open(path, endpoint, columns);
  return Array.isArray(some) ? 'The file has none of the columns that are read.' : { feed: some as Feed, columns };
}

interface FilePage {
  readonly items: readonly FeedItem[];
  /** Of the file so far. */
  readonly rows: number;
  readonly ended: boolean;
}

async function* pagesOf(
  path: string,
  endpoint: Endpoint,
  columns: readonly string[],
  skip: number,
): AsyncGenerator<FilePage, void> {
  const feed = await open(path, endpoint, columns);
  if (Array.isArray(feed)) throw new PartnerFault('MALFORMED', 'The file has changed while it was read.');
  let rows = 0;
  let items: FeedItem[] = [];
  try {
    for await (const { line, cells } of (feed as Feed).rows()) {
      rows += 1;
      if (rows <= skip) continue;
      items.push(
        'code' in cells
          ? { item: null, line, fault: fail('MALFORMED_ITEM', cells.reason) }
          : { item: Object.fromEntries(columns.map((column, at) => [column, cells[at]])), line },
      );
      if (items.length < MOST_ITEMS) continue;
      yield { items, rows, ended: false };
      items = [];
    }
    yield { items, rows, ended: true };
  } finally {
    await (feed as Feed).close();
  }
}
