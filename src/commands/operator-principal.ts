/** Who acts when a command is run at the keyboard: whoever can start it holds the database's passwords. */
import { type Principal, SCOPES } from '../domain/access/principal.js';

export const OPERATOR_AT_KEYBOARD: Principal = { kind: 'ADMIN', subject: 'hansa-cli', scopes: new Set(SCOPES) };
