/** What every answer tells a browser that shows it: nothing of ours is a page to frame, to sniff or to refer from. */
import type { FastifyInstance } from 'fastify';

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A year. Only in production: on localhost it would bind every other program of the developer to HTTPS. */
const HTTPS_ONLY = { 'strict-transport-security': 'max-age=31536000' };

/** The same for answers that Node writes before there is a request (see failures.ts). */
export const SECURITY_HEADER_LINES: readonly string[] = Object.entries(HEADERS).map(
  ([name, value]) => `${name}: ${value}`,
);

export const securityHeaders = (environment: string): Readonly<Record<string, string>> =>
  environment === 'production' ? { ...HEADERS, ...HTTPS_ONLY } : HEADERS;

/** Routes that need another value, such as the playground's policy, set it after this. */
export function sendSecurityHeaders(http: FastifyInstance, environment: string): void {
  const headers = securityHeaders(environment);
  http.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
}
