/** Without a token only the schema can be looked at, also as a router does it, and only in development. */
import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, GraphQLError, Kind, type SelectionSetNode } from 'graphql';
import type { EdgeContext } from './context.js';

export const SIGN_IN = 'Send a token: "Authorization: Bearer <token>".';

/** Whether all root fields are introspection. Root fragments are refused: no schema tool uses them. */
const onlyIntrospects = (set: SelectionSetNode): boolean =>
  set.selections.every(
    (node) => node.kind === Kind.FIELD && ['__schema', '__type', '__typename', '_service'].includes(node.name.value),
  );

const isIntrospection = (document: DocumentNode): boolean =>
  document.definitions.every((node) => node.kind !== Kind.OPERATION_DEFINITION || onlyIntrospects(node.selectionSet));

export function anonymousPlugin(): ApolloServerPlugin<EdgeContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ contextValue, document }) => {
        if (contextValue.principal !== undefined || isIntrospection(document)) return;
        throw new GraphQLError(SIGN_IN, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
      },
    }),
  };
}
