/**
 * Text that no database column holds: the character U+0000, and halves of surrogate pairs. Refused before anything
 * runs, whatever field it stands in: met later it would break the statement, and with it everything that other
 * callers have in the same batch.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, GraphQLError, visit } from 'graphql';
import type { EdgeContext } from './context.js';

const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/** Whether every string in a JSON value, keys included, can be stored. A loop, because a client decides how deep it is. */
export function holdsStorableText(value: unknown): boolean {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string' && !isStorable(next)) return false;
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, inner] of Object.entries(next)) open.push(key, inner);
  }
  return true;
}

/** Documents that were looked through: those that come again are the same object. */
const lookedThrough = new WeakMap<DocumentNode, boolean>();

/** The same of the strings that are written into a document. */
export function documentHoldsStorableText(document: DocumentNode): boolean {
  const known = lookedThrough.get(document);
  if (known !== undefined) return known;
  let storable = true;
  visit(document, {
    StringValue(node) {
      storable &&= isStorable(node.value);
    },
  });
  lookedThrough.set(document, storable);
  return storable;
}

export const UNSTORABLE = 'A text holds the character U+0000 or half of a surrogate pair; leave such characters out.';

export function storableTextPlugin(): ApolloServerPlugin<EdgeContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, request }) => {
        if (documentHoldsStorableText(document) && holdsStorableText(request.variables ?? {})) return;
        throw new GraphQLError(UNSTORABLE, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
      },
    }),
  };
}
