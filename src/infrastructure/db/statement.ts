/** SQL with a name, so that PostgreSQL parses and plans it once per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const declared: Statement[] = [];

/** Declares a statement, once, when its module is loaded. Names are unique ("module.verb-noun"); the tidy test holds that. */
export function statement(name: string, text: string): Statement {
  const what = { name, text };
  declared.push(what);
  return what;
}

/** All that the modules loaded so far have declared: what a release says to its database. */
export const declaredStatements = (): readonly Statement[] => declared;
