/**
 * The stored purchases page by page, either member by member or in the order of time; the next page is read
 * while this one is decided.
 */
import type { MemberTraits } from '../../domain/earning/traits.js';
import type { Database } from '../../infrastructure/db/database.js';
import { loadTraits } from '../offers/index.js';
import type { HistoryScope } from './history.sql.js';
import {
  type EventRow,
  FIRST,
  type Place,
  type ReadPage,
  readPageByMember,
  readPageInTimeOrder,
} from './history-pages.sql.js';
import { type Baskets, loadKeptBaskets } from './past-event.js';

export interface Reading {
  readonly database: Database;
  readonly scope: HistoryScope;
  /** Rows of a page. */
  readonly rows: number;
  /** Whether any rule looks at what is known of members. */
  readonly withTraits: boolean;
}

/** One member's purchases in the order in which they were recorded. */
export interface MemberHistory {
  readonly memberNo: number;
  readonly traits: MemberTraits | undefined;
  readonly events: readonly EventRow[];
  /** Of the purchases of which a part went back. */
  readonly baskets: Baskets;
}

export interface MemberEvent {
  readonly memberNo: number;
  readonly traits: MemberTraits | undefined;
  readonly row: EventRow;
  readonly baskets: Baskets;
}

interface Page {
  readonly rows: readonly EventRow[];
  readonly traits: ReadonlyMap<number, MemberTraits>;
  readonly baskets: Baskets;
}

/** Every member once, with all of its purchases. */
export async function* readByMember(reading: Reading): AsyncGenerator<readonly MemberHistory[]> {
  // The rows of a page's last member go on in the next one.
  let open: MemberHistory | undefined;
  for await (const { rows, traits, baskets } of pagesOf(reading, readPageByMember)) {
    const complete: MemberHistory[] = [];
    for (const [memberNo, events] of Map.groupBy(rows, (row) => row.memberNo)) {
      if (open?.memberNo === memberNo) {
        open = { ...open, events: [...open.events, ...events], baskets: new Map([...open.baskets, ...baskets]) };
        continue;
      }
      if (open !== undefined) complete.push(open);
      open = { memberNo, traits: traits.get(memberNo), events, baskets };
    }
    yield complete.map(asRecorded);
  }
  if (open !== undefined) yield [asRecorded(open)];
}

/** Rows come by day; ids count upwards in the order in which they were given. */
function asRecorded(history: MemberHistory): MemberHistory {
  const { events } = history;
  const isInOrder = events.every(({ id }, index) => index === 0 || (events[index - 1] as EventRow).id < id);
  return isInOrder ? history : { ...history, events: events.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** Every purchase of all members in the order in which they were recorded. */
export async function* readInTimeOrder(reading: Reading): AsyncGenerator<readonly MemberEvent[]> {
  for await (const { rows, traits, baskets } of pagesOf(reading, readPageInTimeOrder))
    yield rows.map((row) => ({ memberNo: row.memberNo, traits: traits.get(row.memberNo), row, baskets }));
}

async function* pagesOf(
  { database, scope, rows: limit, withTraits }: Reading,
  readPage: ReadPage,
): AsyncGenerator<Page> {
  const read = (after: Place): Promise<Page> => {
    const page = database.command(async (tx) => {
      const rows = await readPage(tx, scope, after, limit);
      const memberNos = withTraits ? [...new Set(rows.map(({ memberNo }) => memberNo))] : [];
      return { rows, traits: await loadTraits(tx, memberNos), baskets: await loadKeptBaskets(tx, rows) };
    });
    page.catch(() => undefined); // whoever stops in between never asks for it
    return page;
  };
  let next = read(FIRST);
  for (;;) {
    const page = await next;
    const last = page.rows.at(-1);
    if (last === undefined) return;
    const isWhole = page.rows.length === limit;
    if (isWhole) next = read(last);
    yield page;
    if (!isWhole) return;
  }
}
