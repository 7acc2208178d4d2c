/** What is remembered of a request. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Principal } from '../domain/access/principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asked, once the token is verified; for the request's log line. */
    principal: Principal | undefined;
  }
}

const HEALTH: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** One line per request, with its id and who asked; never a body, a token or a query. Health checks leave none. */
export function logRequests(http: FastifyInstance, log: Logger): void {
  http.decorateRequest('principal');
  // Its fields are named here and none is a secret: looking for one by name would cost each line as much as writing it.
  const lines = log.child({}, { redact: [] });
  http.addHook('onResponse', (request, reply, done) => {
    const { principal } = request;
    if (HEALTH.has(request.url)) return done();
    lines.info(
      {
        requestId: request.id,
        method: request.method,
        path: request.url.split('?')[0],
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        ...(principal && { subject: principal.subject, kind: principal.kind }),
      },
      'request',
    );
    done();
  });
}
