export { ACTIONS, type Action, authorize, ForbiddenError, type Subject } from './authorize.js';
