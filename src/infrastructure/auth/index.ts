export { Authenticator, type PrincipalLookups } from './authenticator.js';
export { isPrincipalKind, isScope, PRINCIPAL_KINDS, type TokenClaims } from './claims.js';
export { DEVELOPMENT_ISSUER, type DevelopmentIssuer, openDevelopmentIssuer } from './development-issuer.js';
export { InvalidTokenError, IssuerUnavailableError } from './errors.js';
export { createTokenVerifier, type IssuerConfig, type TokenVerifier } from './verifier.js';
