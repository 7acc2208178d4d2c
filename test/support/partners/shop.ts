/** Example partners: a shop that reports its sales as JSON or by GraphQL, page by page after a cursor. */
import { type Answer, type Asked, openPartnerServer, type PartnerServer } from './partner-server.js';

export interface Sale {
  readonly no: string;
  readonly type?: 'sale' | 'return';
  readonly customer: string;
  readonly total: { readonly value: number | string };
  readonly at: string;
  readonly returnOf?: string;
}

/** How the shop's words become ours, for connectors of either kind. */
export const SALE_FIELDS = [
  { field: 'reference', path: 'no' },
  {
    field: 'kind',
    path: 'type',
    words: [
      { from: 'sale', to: 'PURCHASE' },
      { from: 'return', to: 'REFUND' },
    ],
  },
  { field: 'memberCode', path: 'customer' },
  { field: 'amount', path: 'total.value' },
  { field: 'occurredAt', path: 'at' },
  { field: 'refundOf', path: 'returnOf' },
  { field: 'merchantId', constant: 'MID-M1' },
];

export const JSON_FEED = {
  capability: 'TRANSACTIONS',
  path: '/sales',
  itemsAt: 'data.sales',
  nextCursorAt: 'data.next',
  cursorParameter: 'after',
  sizeParameter: 'limit',
  pageSize: 2,
  fields: SALE_FIELDS,
};

export const GRAPHQL_FEED = {
  capability: 'TRANSACTIONS',
  query:
    'query ($cursor: String, $first: Int) { sales(after: $cursor, first: $first) { nodes { no } pageInfo { endCursor } } }',
  itemsAt: 'data.sales.nodes',
  nextCursorAt: 'data.sales.pageInfo.endCursor',
  pageSize: 2,
  fields: SALE_FIELDS,
};

/** The sales after a cursor, which is the place of the last one, and the cursor after them. */
function pageAfter(sales: readonly Sale[], after: string | null, size: number) {
  const from = after === null ? 0 : Number(after);
  const page = sales.slice(from, from + size);
  return { page, next: page.length === 0 ? null : String(from + page.length) };
}

/** A shop that answers both ways; `more` is asked first. */
export function openShop(sales: readonly Sale[], more: Answer = () => undefined): Promise<PartnerServer> {
  return openPartnerServer((asked: Asked) => {
    const said = more(asked);
    if (said !== undefined) return said;
    if (asked.path === '/sales') {
      const { page, next } = pageAfter(sales, asked.query.get('after'), Number(asked.query.get('limit')));
      return { data: { sales: page, next } };
    }
    if (asked.path === '/graphql') {
      const { cursor, first } = asked.body.variables;
      const { page, next } = pageAfter(sales, cursor, first);
      return { data: { sales: { nodes: page, pageInfo: { endCursor: next } } } };
    }
    return undefined;
  });
}
