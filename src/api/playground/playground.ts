/**
 * The playground: GraphiQL with a sign-in and saved operations, served whole by the gateway.
 *
 * GraphiQL, its editor and its workers come out of @graphql-yoga/render-graphiql as text; nothing is
 * fetched from anywhere else, and the content security policy holds the page to that.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { savedOperations } from './operation.js';
import { PLAYGROUND_CSS, renderPage } from './page.js';

/** `unsafe-inline` for styles only: the editor positions its text with style attributes. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Asset {
  readonly type: string;
  readonly zipped: Buffer;
  readonly etag: string;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** Every asset by name. Made at the first visit: GraphiQL is nine megabytes that no other client needs. */
async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const graphiql = await import('@graphql-yoga/render-graphiql/graphiql');
  const ours = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8');
  const sources: readonly (readonly [name: string, type: string, text: string])[] = [
    ['graphiql.js', JAVASCRIPT, graphiql.js],
    ['graphiql.css', CSS, graphiql.css],
    ['editor.worker.js', JAVASCRIPT, graphiql.editorWorkerService],
    ['json.worker.js', JAVASCRIPT, graphiql.jsonWorker],
    ['graphql.worker.js', JAVASCRIPT, graphiql.graphqlWorker],
    ['browser.js', JAVASCRIPT, await ours('browser.js')],
    ['definitions.js', JAVASCRIPT, await ours('definitions.js')],
    ['playground.css', CSS, PLAYGROUND_CSS],
  ];
  return new Map(
    await Promise.all(sources.map(async ([name, type, text]) => [name, await packed(type, text)] as const)),
  );
}

async function packed(type: string, text: string): Promise<Asset> {
  const zipped = await promisify(gzip)(text);
  return { type, zipped, etag: `"${createHash('sha256').update(zipped).digest('base64url')}"` };
}

/** @param signIn whether the page offers development tokens; a token can always be pasted */
export function servePlayground(http: FastifyInstance, { signIn }: { readonly signIn: boolean }): void {
  let assets: Promise<ReadonlyMap<string, Asset>> | undefined;
  http.get('/playground', async (_request, reply) =>
    reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(renderPage({ signIn })),
  );
  http.get('/playground/operations', async () => savedOperations());
  http.get<{ Params: { name: string } }>('/playground/assets/:name', async (request, reply) => {
    assets ??= loadAssets();
    const asset = (await assets).get(request.params.name);
    if (asset === undefined) return reply.callNotFound();
    reply.header('content-security-policy', POLICY).header('cache-control', 'no-cache').header('etag', asset.etag);
    if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
    return reply.type(asset.type).header('content-encoding', 'gzip').send(asset.zipped);
  });
}
