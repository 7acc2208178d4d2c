export { Authenticator, type PrincipalLookups } from './authenticator.js';
export { isPrincipalKind, isScope, PRINCIPAL_KINDS, type TokenClaims } from './claims.js';
export { JWT_BEARER, readClientProof, readParameters } from './client-proof.js';
export { DEVELOPMENT_ISSUER, type DevelopmentIssuer, openDevelopmentIssuer } from './development-issuer.js';
export { InvalidTokenError, IssuerUnavailableError } from './errors.js';
export * from './oauth.js';
export { type LocalKeys, localKeys, remoteKeys } from './remote-keys.js';
export { issuersNamed, readIssuerFile, type TrustedIssuer } from './trusted-issuers.js';
export {
  ALGORITHMS,
  CLOCK_LEEWAY_SECONDS,
  createTokenVerifier,
  type IssuerConfig,
  type IssuerTrust,
  LARGEST_TOKEN,
  type TokenVerifier,
} from './verifier.js';
