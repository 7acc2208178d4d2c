/** What fails before GraphQL begins answers in GraphQL's shape, as masked as the rest. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InvalidTokenError, IssuerUnavailableError } from '../infrastructure/auth/index.js';
import { isDatabaseUnavailable } from '../infrastructure/db/unavailable.js';
import { type ErrorMask, errorAnswer, INTERNAL_MESSAGE, RETRY_AFTER_SECONDS, UNAVAILABLE_MESSAGE } from './errors.js';
import { RateLimitedError, type RateLimiter, refuseForNow } from './rate-limits.js';
import { SECURITY_HEADER_LINES } from './security-headers.js';

/** Fastify's and Node's own complaints that a client can do something about; any other below 500 is the first. */
const SENTENCES: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'The address is not a well-formed URL.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is too large. Send fewer items in each request.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty. Send a JSON object with "query".',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not well-formed JSON, or has a key that is never allowed ("__proto__").',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as its Content-Length says.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body must be JSON: "Content-Type: application/json".',
};
const UNREADABLE = 'The request cannot be read.';

/** The answer takes longer than anybody waits. */
export class AnswerTimeoutError extends Error {
  override readonly name = 'AnswerTimeoutError';
}

/** More is asked than can be answered: nothing was read, nothing was done. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
}

/** Understood, and not taken: with a message that says what to do. */
export class RefusedRequestError extends Error {
  override readonly name = 'RefusedRequestError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function refuse(reply: FastifyReply, message: string): FastifyReply {
  return reply.code(401).header('www-authenticate', 'Bearer').send(errorAnswer('UNAUTHENTICATED', message));
}

const NO_ANSWER =
  'No answer within the time allowed. What you sent may have been stored: send it again with the same keys.';

const BUSY = 'The gateway has more to do than it can. Nothing of this request was done: send it again in a moment.';

const unavailable = (reply: FastifyReply, message: string): FastifyReply =>
  reply.code(503).header('retry-after', String(RETRY_AFTER_SECONDS)).send(errorAnswer('SERVICE_UNAVAILABLE', message));

/** One for all: what handlers throw, and what Fastify finds wrong with a request that has no handler yet. */
export function failureHandler(mask: ErrorMask, limiter: RateLimiter) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error instanceof InvalidTokenError) {
      const grant = limiter.failedSignIn(request.ip);
      return grant.granted ? refuse(reply, error.message) : refuseForNow(reply, new RateLimitedError(grant));
    }
    if (error instanceof OverloadedError) return unavailable(reply, BUSY);
    if (error instanceof RefusedRequestError)
      return reply.code(error.status).send(errorAnswer(error.code, error.message));
    if (error instanceof RateLimitedError) return refuseForNow(reply, error);
    if (error instanceof IssuerUnavailableError) {
      request.log.warn({ requestId: request.id, err: error }, 'issuer unavailable');
      return unavailable(reply, 'Tokens of this issuer cannot be checked just now. Try again shortly.');
    }
    if (error instanceof AnswerTimeoutError) return unavailable(reply, NO_ANSWER);
    if (isDatabaseUnavailable(error)) {
      mask.noteUnavailable(error, { requestId: request.id });
      return unavailable(reply, UNAVAILABLE_MESSAGE);
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send(errorAnswer('BAD_REQUEST', SENTENCES[error.code] ?? UNREADABLE));
    const errorId = mask.record(error, { requestId: request.id });
    return reply.code(500).send(errorAnswer('INTERNAL_SERVER_ERROR', INTERNAL_MESSAGE, { errorId }));
  };
}

export function answerUnknownAddresses(http: FastifyInstance): void {
  http.setNotFoundHandler((request, reply) => {
    if (request.url.split('?')[0] === '/graphql')
      return reply.code(405).header('allow', 'GET, POST').send(errorAnswer('BAD_REQUEST', 'Send GET or POST.'));
    return reply.code(404).send(errorAnswer('NOT_FOUND', 'There is nothing at this address.'));
  });
}

/** "Expect: 100-continue" is Node's own matter; any other expectation would be answered without a word. */
export function refuseExpectations(http: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  http.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417, { ...headers, 'content-type': 'application/json; charset=utf-8', connection: 'close' });
    response.end(JSON.stringify(errorAnswer('BAD_REQUEST', 'Leave the header "Expect" out.')));
  });
}

/** Node's codes for what never became a request: too slow, too large, or not HTTP. */
const BROKEN: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive within the time allowed.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.'],
};

export function answerBrokenRequest(error: { readonly code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') {
    const [status, message] = BROKEN[error.code ?? ''] ?? ['400 Bad Request', UNREADABLE];
    const body = JSON.stringify(errorAnswer('BAD_REQUEST', message));
    const type = 'content-type: application/json; charset=utf-8';
    const length = `content-length: ${Buffer.byteLength(body)}`;
    socket.write(
      [`HTTP/1.1 ${status}`, type, length, ...SECURITY_HEADER_LINES, 'connection: close', '', body].join('\r\n'),
    );
  }
  socket.destroy(); // as Fastify does: half-open sockets are what a slow attack wants
}
