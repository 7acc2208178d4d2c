/** A shop's own small subgraph: it adds a wish list to our members and opening hours to our partners. */
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

export interface Wish {
  readonly title: string;
  readonly memberId: string;
  readonly partnerId: string;
}

export const WISH_SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])

  scalar Decimal
  scalar CurrencyCode
  type Money @shareable { amount: Decimal!, currencyCode: CurrencyCode! }

  type Wish { title: String!, price: Money!, wishedBy: Member, soldBy: Partner }
  type Member @key(fields: "id") { id: ID!, wishes: [Wish!]! }
  type Partner @key(fields: "id") { id: ID!, opensAt: String! }
  type Query { wishes: [Wish!]! }
`;

export interface WishSubgraph {
  readonly url: string;
  /** The representations that it was asked for, one list for each request. */
  readonly asked: unknown[][];
  stop(): Promise<void>;
}

export async function openWishSubgraph(wishes: readonly Wish[]): Promise<WishSubgraph> {
  const asked: unknown[][] = [];
  const member = (id: string): object => ({ __typename: 'Member', id });
  const shown = ({ title, memberId, partnerId }: Wish): object => ({
    title,
    price: { amount: '1.00', currencyCode: 'GBP' },
    wishedBy: member(memberId),
    soldBy: { __typename: 'Partner', id: partnerId },
  });
  const schema = buildSubgraphSchema({
    typeDefs: parse(WISH_SDL),
    resolvers: {
      Query: { wishes: () => wishes.map(shown) },
      Member: {
        __resolveReference: ({ id }: { id: string }) => member(id),
        wishes: ({ id }: { id: string }) => wishes.filter(({ memberId }) => memberId === id).map(shown),
      },
      Partner: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        opensAt: () => '09:00',
      },
    },
  });
  const server = new ApolloServer({
    schema,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      {
        requestDidStart: async ({ request }) => {
          const { representations } = (request.variables ?? {}) as { representations?: unknown[] };
          if (representations) asked.push(representations);
        },
      },
    ],
  });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
  return { url, asked, stop: () => server.stop() };
}
