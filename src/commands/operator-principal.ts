/** Who acts when a command is run at the keyboard: whoever can start it holds the database's passwords. */
import { InvalidArgumentError } from 'commander';
import { type Principal, SCOPES } from '../domain/access/principal.js';

export const OPERATOR_AT_KEYBOARD: Principal = { kind: 'ADMIN', subject: 'hansa-cli', scopes: new Set(SCOPES) };

/** The same, under the name of the person who sits there: for what takes two people. */
export const operatorNamed = (name: string): Principal => ({ ...OPERATOR_AT_KEYBOARD, subject: name });

/** The value of --as. */
export function readName(text: string): string {
  const name = text.trim();
  if (/^[^\p{Cc}]{1,100}$/u.test(name)) return name;
  throw new InvalidArgumentError('Write a name of at most 100 characters.');
}
