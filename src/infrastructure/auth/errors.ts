/** The token proves nothing; the message says why without repeating any of it. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/** The keys of an issuer cannot be had just now, so nothing can be said about its tokens. */
export class IssuerUnavailableError extends Error {
  override readonly name = 'IssuerUnavailableError';
}
