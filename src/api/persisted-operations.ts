/**
 * Operations that were registered beforehand: each `*.graphql` file of a folder is one document, known by the SHA-256 of
 * its bytes. A client sends `documentId: "sha256:<hex>"` instead of `query`; kinds of principals that are named may
 * send nothing else (the text itself is taken too, when it is one of them).
 *
 * Clients never register documents by themselves: what anybody can add protects nobody.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HTTPGraphQLRequest } from '@apollo/server';
import { type GraphQLSchema, parse, validate } from 'graphql';
import type { PrincipalKind } from '../domain/access/principal.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { RefusedRequestError } from './failures.js';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const PREFIX = 'sha256:';

export class PersistedOperations {
  /**
   * @param texts by SHA-256 in hexadecimal digits
   * @param restricted who may send nothing else
   */
  constructor(
    private readonly texts: ReadonlyMap<string, string> = new Map(),
    private readonly restricted: ReadonlySet<PrincipalKind> = new Set(),
  ) {}

  /** The request with the text in the place of its id. Throws RefusedRequestError. */
  resolve(request: HTTPGraphQLRequest, kind: PrincipalKind | undefined): HTTPGraphQLRequest {
    const { documentId, query } = request.method === 'GET' ? fromSearch(request.search) : fromBody(request.body);
    if (documentId === undefined) {
      this.admit(query, kind);
      return request;
    }
    const text = this.texts.get(documentId.startsWith(PREFIX) ? documentId.slice(PREFIX.length) : documentId);
    if (text === undefined)
      throw new RefusedRequestError(
        404,
        'PERSISTED_OPERATION_NOT_FOUND',
        'No operation is registered under this documentId.',
      );
    if (query !== undefined)
      throw new RefusedRequestError(400, 'BAD_REQUEST', 'Send "documentId" or "query", not both.');
    if (request.method !== 'GET') return { ...request, body: { ...(request.body as object), query: text } };
    const search = new URLSearchParams(request.search);
    search.set('query', text);
    return { ...request, search: `?${search}` };
  }

  /** Throws RefusedRequestError when this text is none that the caller may send. */
  admit(text: unknown, kind: PrincipalKind | undefined): void {
    if (kind === undefined || !this.restricted.has(kind)) return;
    if (typeof text === 'string' && this.texts.has(hashOf(text))) return;
    const message = `A ${kind} runs registered operations only: send the "documentId" of one.`;
    throw new RefusedRequestError(403, 'PERSISTED_OPERATION_REQUIRED', message);
  }
}

const fromBody = (body: unknown): { documentId?: string; query?: unknown } => {
  const { documentId, query } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return { query: query ?? undefined, ...(typeof documentId === 'string' && { documentId }) };
};

function fromSearch(search: string): { documentId?: string; query?: unknown } {
  const given = new URLSearchParams(search);
  const documentId = given.get('documentId');
  return { query: given.get('query') ?? undefined, ...(documentId !== null && { documentId }) };
}

/** Reads a folder. Throws OperatorError that lists every file which is no valid document of the schema. */
export async function readPersistedOperations(folder: string, schema: GraphQLSchema): Promise<Map<string, string>> {
  const names = await readdir(folder).catch(() => {
    throw new OperatorError(`The folder of persisted operations ${folder} cannot be read.`);
  });
  const texts = new Map<string, string>();
  const faults: string[] = [];
  for (const name of names.filter((one) => one.endsWith('.graphql')).sort()) {
    const text = await readFile(join(folder, name), 'utf8');
    const fault = faultOf(text, schema);
    if (fault === undefined) texts.set(hashOf(text), text);
    else faults.push(`${name}: ${fault}`);
  }
  if (faults.length > 0) throw new OperatorError(`Persisted operations do not fit the schema. ${faults.join(' ')}`);
  return texts;
}

function faultOf(text: string, schema: GraphQLSchema): string | undefined {
  try {
    return validate(schema, parse(text))[0]?.message;
  } catch (error) {
    return (error as Error).message;
  }
}
