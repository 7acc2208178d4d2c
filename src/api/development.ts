/**
 * Sign-in without a password, for development: the gateway is its own issuer.
 *
 * `POST /dev/token` gives anyone who can reach it any token. It exists only when the composition root passes
 * an issuer (never in production) and answers only when it is addressed as this machine, so that a page in a
 * browser cannot reach it by a name of its own that resolves to 127.0.0.1.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Result } from '../domain/kernel/result.js';
import { type DevelopmentIssuer, PRINCIPAL_KINDS, type TokenClaims } from '../infrastructure/auth/index.js';
import { errorAnswer } from './errors.js';

const TOKEN_SECONDS = 12 * 60 * 60;

const signInRequest = z.strictObject({
  principal: z.enum(PRINCIPAL_KINDS),
  partner: z.string().min(1).max(64).optional(),
  member: z.string().min(1).max(64).optional(),
});
export type SignInRequest = z.infer<typeof signInRequest>;

export interface DevelopmentSignIn {
  readonly issuer: DevelopmentIssuer;
  /** What a token for this principal says, or why there can be none. */
  claimsFor(request: SignInRequest): Promise<Result<TokenClaims, string>>;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

function isAddressedHere(request: FastifyRequest, host: string): boolean {
  const hostname = URL.parse(`http://${request.headers.host ?? ''}`)?.hostname;
  return hostname !== undefined && (LOOPBACK.has(hostname) || hostname === host);
}

export function serveDevelopmentSignIn(
  http: FastifyInstance,
  { issuer, claimsFor }: DevelopmentSignIn,
  host: string,
): void {
  http.post('/dev/token', async (request, reply) => {
    if (!isAddressedHere(request, host)) {
      return reply
        .code(403)
        .send(
          errorAnswer(
            'FORBIDDEN',
            "Development tokens are given only at this machine's own address, such as 127.0.0.1.",
          ),
        );
    }
    const parsed = signInRequest.safeParse(request.body);
    if (!parsed.success) {
      const message = `Send {"principal": one of ${PRINCIPAL_KINDS.join(', ')}, "partner"?: code, "member"?: id or code}.`;
      return reply.code(400).send(errorAnswer('BAD_USER_INPUT', message));
    }
    const claims = await claimsFor(parsed.data);
    if (!claims.ok) return reply.code(400).send(errorAnswer('BAD_USER_INPUT', claims.failure.message));
    const token = await issuer.issue(claims.value, TOKEN_SECONDS);
    return reply
      .header('cache-control', 'no-store')
      .send({ token, expiresInSeconds: TOKEN_SECONDS, ...describe(claims.value) });
  });
}

const describe = ({ subject, kind, scopes }: TokenClaims): object => ({
  subject,
  principal: kind,
  scopes: [...scopes],
});
