export { ForbiddenError } from '../../domain/access/forbidden.js';
export { PrincipalDirectory } from './access.sql.js';
export { ACTIONS, type Action, authorize, itself, may, type Subject } from './authorize.js';
export { type ClaimsRequest, developmentClaims, scopesFor } from './development-claims.js';
