/** A partner's server, real HTTP on a port of its own, that answers well or in every bad way it is told to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** How it answers until it is told otherwise. */
export type Mood =
  | 'WELL'
  | 'HANGING'
  | 'FAILING'
  | 'REFUSING'
  | 'GARBAGE'
  | 'HUGE'
  | 'BREAKING'
  | { readonly slowMs: number };

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies have whatever shape was sent
  readonly body: any;
}

/** What it answers when it is well; undefined is 404. */
export type Answer = (asked: Asked) => unknown;

export interface PartnerServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  mood: Mood;
  /** Requests that hang now, and the most that ever did at once. */
  readonly hanging: number;
  readonly mostAtOnce: number;
  close(): Promise<void>;
}

const HUGE_CHUNK = Buffer.alloc(1024 * 1024, '[');
const HUGE_CHUNKS = 64;

export async function openPartnerServer(answer: Answer): Promise<PartnerServer> {
  const asked: Asked[] = [];
  const open = new Set<ServerResponse>();
  const state = { mood: 'WELL' as Mood, mostAtOnce: 0 };
  const server: Server = createServer((request, response) => {
    open.add(response);
    state.mostAtOnce = Math.max(state.mostAtOnce, open.size);
    response.on('close', () => open.delete(response));
    respond(request, response).catch(() => response.destroy());
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://partner');
    const body = text.startsWith('{') ? JSON.parse(text) : undefined;
    const one = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      text,
      body,
    };
    asked.push(one);
    const { mood } = state;
    if (mood === 'HANGING') return;
    if (mood === 'BREAKING') return void request.socket.destroy();
    if (mood === 'FAILING') return void response.writeHead(503).end('{"error": "down"}');
    if (mood === 'REFUSING') return void response.writeHead(403).end('{}');
    if (mood === 'GARBAGE') return void response.end('<html>Welcome</html>');
    if (mood === 'HUGE') {
      return void Readable.from(Array.from({ length: HUGE_CHUNKS }, () => HUGE_CHUNK)).pipe(response);
    }
    if (typeof mood === 'object') await new Promise((rested) => setTimeout(rested, mood.slowMs));
    const said = answer(one);
    if (said === undefined) return void response.writeHead(404).end('{}');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  };
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get mood() {
      return state.mood;
    },
    set mood(mood) {
      state.mood = mood;
    },
    get hanging() {
      return open.size;
    },
    get mostAtOnce() {
      return state.mostAtOnce;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
