/**
 * The gateway as authorisation server, over HTTP: the token and the revocation endpoint, its description and its keys.
 * Errors are spelled as RFC 6749, section 5.2, has them, because clients' libraries read them.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Result } from '../domain/kernel/result.js';
import {
  type Authenticator,
  type AuthorizationServer,
  type ClientProof,
  IssuerUnavailableError,
  JWKS_PATH,
  type OAuthErrorCode,
  type OAuthParameters,
  REVOCATION_PATH,
  readClientProof,
  readParameters,
  TOKEN_PATH,
} from '../infrastructure/auth/index.js';
import { type RateLimiter, rateHeaders } from './rate-limits.js';

export interface OAuthOptions {
  readonly server: AuthorizationServer;
  readonly authenticator: Authenticator;
  readonly limiter: RateLimiter;
}

const LARGEST_FORM_BYTES = 16 * 1024;
const FORM = 'application/x-www-form-urlencoded';

/** Verifiers keep what does not change for a while, and ask again for a key they do not know. */
const KEPT_FOR_A_WHILE = 'public, max-age=300';

export function serveOAuth(http: FastifyInstance, options: OAuthOptions): void {
  const { server, authenticator } = options;
  http.get('/.well-known/oauth-authorization-server', async (_request, reply) =>
    reply.header('cache-control', KEPT_FOR_A_WHILE).send(server.metadata()),
  );
  http.get(JWKS_PATH, async (_request, reply) =>
    reply.header('cache-control', KEPT_FOR_A_WHILE).send(await server.jwks()),
  );
  http.register(async (endpoints) => {
    endpoints.removeAllContentTypeParsers();
    endpoints.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: LARGEST_FORM_BYTES }, (_request, body, done) =>
      done(null, new URLSearchParams(body as string)),
    );
    endpoints.setErrorHandler(answerFailure);
    endpoints.post(TOKEN_PATH, (request, reply) =>
      answer(request, reply, options, (proof, parameters) => server.token(proof, parameters)),
    );
    endpoints.post(REVOCATION_PATH, (request, reply) =>
      answer(request, reply, options, async (proof, parameters) => {
        const revoked = await server.revoke(proof, parameters);
        if (revoked.ok) authenticator.forget(parameters.get('token') ?? '');
        return revoked;
      }),
    );
  });
}

type Work = (proof: ClientProof, parameters: OAuthParameters) => Promise<Result<object | undefined, OAuthErrorCode>>;

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { limiter }: OAuthOptions,
  work: Work,
): Promise<FastifyReply> {
  const result = await asked(request, work);
  if (result.ok) return reply.header('pragma', 'no-cache').send(result.value ?? {});
  const { code, message } = result.failure;
  if (code !== 'invalid_client') return refuse(reply, 400, code, message);
  const grant = limiter.failedSignIn(request.ip);
  if (!grant.granted) {
    const wait = `Too many attempts that prove nothing. Try again in ${grant.retryInSeconds} s.`;
    return refuse(reply.headers(rateHeaders(grant)), 429, code, wait);
  }
  return refuse(reply.header('www-authenticate', 'Basic realm="hansa"'), 401, code, message);
}

async function asked(request: FastifyRequest, work: Work): ReturnType<Work> {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const parameters = readParameters(form);
  if (!parameters.ok) return parameters;
  const proof = readClientProof(request.headers.authorization, parameters.value);
  return proof.ok ? work(proof.value, parameters.value) : proof;
}

function refuse(reply: FastifyReply, status: number, error: string, description: string): FastifyReply {
  return reply.code(status).header('pragma', 'no-cache').send({ error, error_description: description });
}

/** What cannot be read is the client's mistake in the protocol's words; a bug is answered as everywhere. */
function answerFailure(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof IssuerUnavailableError) {
    request.log.warn({ requestId: request.id, err: error }, 'keys of a client unavailable');
    return refuse(reply, 503, 'temporarily_unavailable', 'The keys of the client cannot be read just now.');
  }
  if ((error.statusCode ?? 500) >= 500 || error.statusCode === 429) throw error;
  const largest = `at most ${LARGEST_FORM_BYTES} bytes`;
  return refuse(reply, 400, 'invalid_request', `Send the parameters as ${FORM} in the body, ${largest}.`);
}
