/** A page of a partner's feed from its server: HTTP with JSON, or GraphQL. */
import { DEFAULT_PAGE_SIZE, type Endpoint, MOST_ITEMS } from '../../domain/connectors/connector.js';
import { placeIn, textOf } from '../../domain/connectors/fields.js';
import type { fail } from '../../domain/kernel/result.js';
import { FEED, PartnerFault } from '../../infrastructure/partner-port/index.js';
import type { ConnectorRecord } from './connector.sql.js';
import type { FinishedFile } from './feed.sql.js';
import { graphqlData, type PartnerClient, type Reachable } from './partner-client.js';

export interface FeedItem {
  readonly item: unknown;
  /** Line of the file on which it begins. */
  readonly line?: number;
  /** Why it is no item at all. */
  readonly fault?: ReturnType<typeof fail<'MALFORMED_ITEM'>>;
}

export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** Where the feed stands when the page was taken in. */
  readonly next: string | null;
  /** Nothing comes after it now. */
  readonly last: boolean;
  /** The file that the items are from. */
  readonly fileName?: string;
  /** The page ends this file. */
  readonly finished?: FinishedFile;
}

const MOST_PAGE_BYTES = 8 * 1024 * 1024;
const LONGEST_CURSOR = 1_000;

export async function fetchPage(
  client: PartnerClient,
  connector: ConnectorRecord & Reachable,
  endpoint: Endpoint,
  cursor: string | null,
  signal: AbortSignal,
): Promise<FeedPage> {
  const { query, pageSize = DEFAULT_PAGE_SIZE } = endpoint;
  const question =
    connector.kind === 'GRAPHQL'
      ? { body: { query, variables: { cursor, first: pageSize } } }
      : { path: pathOf(endpoint, cursor, pageSize) };
  const { value } = await client.ask<Pick<FeedPage, 'items' | 'next' | 'last'>>(connector, {
    capability: 'TRANSACTIONS',
    policy: FEED,
    maxBytes: MOST_PAGE_BYTES,
    // Asking for a page changes nothing, also when the question is posted.
    repeatable: true,
    signal,
    ...question,
    read: (said) => pageIn(connector.kind === 'GRAPHQL' ? graphqlData(said) : said, endpoint, cursor),
  });
  return value;
}

function pageIn(
  answer: unknown,
  { itemsAt, nextCursorAt }: Endpoint,
  cursor: string | null,
): Pick<FeedPage, 'items' | 'next' | 'last'> {
  const items = itemsIn(answer, itemsAt);
  const next = nextCursorAt === undefined ? undefined : textOf(placeIn(answer, nextCursorAt));
  if (next !== undefined && next.length > LONGEST_CURSOR)
    throw new PartnerFault('MALFORMED', `Its cursor has more than ${LONGEST_CURSOR} characters.`);
  // A feed without a next cursor is read again from here: what is known already is answered as a duplicate.
  const moved = next !== undefined && next !== cursor;
  return { items: items.map((item) => ({ item })), next: next ?? cursor, last: !moved || items.length === 0 };
}

/** The list in an answer. Throws PartnerFault when there is none, or it is longer than a page may be. */
export function itemsIn(answer: unknown, place: string | undefined): readonly unknown[] {
  const items = placeIn(answer, place);
  if (!Array.isArray(items))
    throw new PartnerFault('MALFORMED', `Its answer has no list at ${place ?? 'its beginning'}.`);
  if (items.length > MOST_ITEMS)
    throw new PartnerFault('MALFORMED', `Its answer has more than ${MOST_ITEMS} items; ask for smaller pages.`);
  return items;
}

function pathOf(
  { path = '/', cursorParameter, sizeParameter }: Endpoint,
  cursor: string | null,
  pageSize: number,
): string {
  const [where, query] = path.split('?', 2) as [string, string | undefined];
  const parameters = new URLSearchParams(query);
  if (cursorParameter !== undefined && cursor !== null) parameters.set(cursorParameter, cursor);
  if (sizeParameter !== undefined) parameters.set(sizeParameter, String(pageSize));
  const text = parameters.toString();
  return text === '' ? where : `${where}?${text}`;
}
