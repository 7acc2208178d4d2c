/** What the edge tells of its work: metrics for Prometheus at /metrics, and spans of requests and operations. */
import { timingSafeEqual } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../infrastructure/metrics.js';
import { beginRequest, runWithin } from '../infrastructure/tracing.js';
import type { EdgeContext } from './context.js';
import { errorAnswer } from './errors.js';
import type { ServerOptions } from './server.js';

export interface MetricsAccess {
  readonly metrics: Metrics;
  /** Who reads them sends it as a bearer token. Without one anybody may, but in production nobody. */
  readonly token: string | undefined;
}

/** Serves /metrics, and observes every answer. Routes are patterns of ours, so that no address makes a label of its own. */
export function serveMetrics(
  http: FastifyInstance,
  { metrics, token }: MetricsAccess,
  environment: ServerOptions['environment'],
): void {
  http.addHook('onResponse', (request, reply, done) => {
    metrics.answered(request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime / 1_000);
    done();
  });
  if (token === undefined && environment === 'production') return;
  http.get('/metrics', async (request, reply) => {
    if (token !== undefined && !isSame(request.headers.authorization, `Bearer ${token}`)) {
      const message = 'Send the token of HANSA_METRICS_TOKEN: "Authorization: Bearer <token>".';
      return reply.code(401).header('www-authenticate', 'Bearer').send(errorAnswer('UNAUTHENTICATED', message));
    }
    return reply.header('content-type', metrics.contentType).send(await metrics.text());
  });
}

function isSame(given: string | undefined, wanted: string): boolean {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** One span for each request, in which everything that it causes has its own. */
export function traceRequests(http: FastifyInstance): void {
  http.addHook('onRequest', (request, reply, done) => {
    const begun = beginRequest(`${request.method} ${request.routeOptions.url ?? 'unknown'}`, request.headers);
    if (begun === undefined) return done();
    const { span, within } = begun;
    span.setAttributes({ 'http.request.method': request.method, 'hansa.request_id': request.id });
    reply.raw.once('close', () => {
      span.setAttribute('http.response.status_code', reply.statusCode);
      if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    runWithin(within, done);
  });
}

/** Counts operations by kind and outcome, and names the request's span by them. */
export function telemetryPlugin(metrics: Metrics): ApolloServerPlugin<EdgeContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ operation, operationName, response }) => {
        const kind = operation?.operation ?? 'unreadable';
        const code = firstCode(response.body);
        metrics.operated(kind, typeof code === 'string' ? code : 'ok');
        trace.getActiveSpan()?.setAttributes({
          'graphql.operation.type': kind,
          ...(operationName != null && { 'graphql.operation.name': operationName }),
        });
      },
    }),
  };
}

function firstCode(body: { kind: string; singleResult?: { errors?: readonly { extensions?: object }[] } }): unknown {
  const extensions = body.singleResult?.errors?.[0]?.extensions;
  return extensions && 'code' in extensions ? extensions.code : undefined;
}
