/** A subscription that is sent as a query is told where it belongs. */
import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { EdgeContext } from '../context.js';

const ELSEWHERE =
  'Subscribe by WebSocket (graphql-transport-ws), or as POST with "Accept: text/event-stream", at this address.';

export function subscriptionsElsewherePlugin(): ApolloServerPlugin<EdgeContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation }) => {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
        throw new GraphQLError(ELSEWHERE, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
      },
    }),
  };
}
