/** Subscriptions by WebSocket, in the protocol graphql-transport-ws: an upgrade of /graphql. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { InvalidTokenError, IssuerUnavailableError } from '../../infrastructure/auth/index.js';
import { isDatabaseUnavailable } from '../../infrastructure/db/unavailable.js';
import { clientAddress } from '../client-address.js';
import { tokenIn } from '../context.js';
import type { ErrorMask } from '../errors.js';
import { type RateLimiter, rateHeaders } from '../rate-limits.js';
import { type Answers, ENDINGS, type SubscriptionArgs, type SubscriptionDesk, SubscriptionEndedError } from './desk.js';

export interface WebSocketOptions {
  readonly desk: SubscriptionDesk;
  readonly limiter: RateLimiter;
  readonly mask: ErrorMask;
  readonly log: Logger;
  readonly trustedProxies: readonly string[];
}

const MOST_SOCKETS = 10_000;
const LARGEST_MESSAGE_BYTES = 256 * 1024;
const SIGN_IN_WITHIN_MS = 5_000;
const PING_MS = 12_000;
/** RFC 6455's registry: try again later. */
const TRY_AGAIN_LATER = 1013;

const UNAVAILABLE = '503 Service Unavailable';

/** Takes upgrades of a server; what it returns tells everybody that the gateway goes away, and waits for them. */
export function serveWebSocket(http: Server, options: WebSocketOptions): { stop(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  let stopping = false;
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const address = clientAddress(request, options.trustedProxies);
    const refused = stopping ? UNAVAILABLE : (refusalOf(request, sockets.clients.size) ?? tooMany(address, options));
    if (refused !== undefined)
      return socket.end(`HTTP/1.1 ${refused}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (accepted) => serveSocket(accepted, address, options));
  });
  return {
    async stop() {
      stopping = true;
      const { closeCode } = ENDINGS.GOING_AWAY;
      const closed = Array.from(sockets.clients, (socket) => {
        const gone = new Promise((resolve) => socket.once('close', resolve));
        socket.close(closeCode, 'GOING_AWAY');
        const patience = setTimeout(() => socket.terminate(), 1_000); // some never answer
        return gone.finally(() => clearTimeout(patience));
      });
      await Promise.all(closed);
    },
  };
}

/** Browsers say from where a page comes: only ours may. Everybody else needs a token as everywhere. */
function refusalOf({ url = '', headers }: IncomingMessage, open: number): string | undefined {
  if (url.split('?')[0] !== '/graphql') return '404 Not Found';
  if (headers.origin !== undefined && URL.parse(headers.origin)?.host !== headers.host) return '403 Forbidden';
  return open >= MOST_SOCKETS ? UNAVAILABLE : undefined;
}

/** A stranger, until it signs in. */
function tooMany(address: string, { limiter }: WebSocketOptions): string | undefined {
  const grant = limiter.stranger(address);
  const headers = Object.entries(rateHeaders(grant)).map(([name, value]) => `\r\n${name}: ${value}`);
  return grant.granted ? undefined : `429 Too Many Requests${headers.join('')}`;
}

function serveSocket(socket: WebSocket, address: string, options: WebSocketOptions): void {
  const { mask, log } = options;
  const requestId = randomUUID();
  const stopPinging = pingRegularly(socket);
  const closed = protocolFor(socket, address, requestId, options).opened(
    {
      protocol: socket.protocol,
      // Awaited before the next one is made: who does not read is not written to.
      send: (text) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) return resolve();
          socket.send(text, (error) => (error ? reject(error) : resolve()));
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (take) =>
        socket.on('message', (data) => {
          take(String(data)).catch((error: unknown) => {
            mask.record(error, { requestId });
            socket.close(CloseCode.InternalServerError, 'INTERNAL_SERVER_ERROR');
          });
        }),
    },
    undefined,
  );
  socket.on('error', (error) => log.info({ requestId, reason: error.message }, 'socket failed'));
  socket.once('close', (code, reason) => {
    stopPinging();
    void closed(code, String(reason));
    log.info({ requestId, closeCode: code }, 'socket closed');
  });
}

function protocolFor(socket: WebSocket, address: string, requestId: string, { desk, limiter, log }: WebSocketOptions) {
  let token = '';
  const refuse = (error: unknown): void => {
    if (error instanceof IssuerUnavailableError || isDatabaseUnavailable(error)) {
      log.warn({ requestId, err: error }, 'token cannot be checked');
      socket.close(TRY_AGAIN_LATER, 'SERVICE_UNAVAILABLE');
      return;
    }
    if (!(error instanceof InvalidTokenError)) throw error;
    const { granted } = limiter.failedSignIn(address);
    socket.close(CloseCode.Unauthorized, granted ? 'UNAUTHENTICATED' : 'RATE_LIMITED');
  };
  return makeServer({
    connectionInitWaitTimeout: SIGN_IN_WITHIN_MS,
    async onConnect({ connectionParams: given = {} }) {
      try {
        token = tokenIn(String(given.authorization ?? given.Authorization));
        await desk.signIn(token);
        limiter.noStranger(address);
        return true;
      } catch (error) {
        refuse(error);
        return false;
      }
    },
    async onSubscribe(_context, _id, asked) {
      try {
        return await desk.prepare(token, asked, requestId);
      } catch (error) {
        refuse(error);
        return [new GraphQLError(ENDINGS.TOKEN_ENDED.message)];
      }
    },
    subscribe: async (args) => {
      const answers = await desk.subscribe(args as SubscriptionArgs);
      return Symbol.asyncIterator in answers ? closing(answers, socket) : answers;
    },
  });
}

/** Whatever ends a subscription from our side ends its socket, and the close says what it was. */
function closing(answers: Answers, socket: WebSocket): Answers {
  const next = answers.next.bind(answers);
  answers.next = async () => {
    try {
      return await next();
    } catch (error) {
      if (!(error instanceof SubscriptionEndedError)) throw error;
      socket.close(ENDINGS[error.ending].closeCode, error.ending);
      return { done: true, value: undefined };
    }
  };
  return answers;
}

/** Who does not answer is gone. */
function pingRegularly(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}
