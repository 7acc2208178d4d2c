export { ForbiddenError } from '../../domain/access/forbidden.js';
export { ACTIONS, type Action, authorize, type Subject } from './authorize.js';
