/**
 * What a document's text begins its definitions with: runs in the browser, where no parser is.
 *
 * GraphiQL says which operation it means and what it is a tenth of a second after the text was changed, so whoever is
 * quicker would have a subscription sent as a query, or the name of an operation that is not there any more.
 */
const TOKENS = /"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*|@?[A-Za-z_]\w*|[{}()[\]]/g;

export interface Definition {
  /** The first word, "query" where there is none. */
  readonly keyword: string;
  readonly name: string | undefined;
}

export function definitionsOf(text: string): Definition[] {
  const found: Definition[] = [];
  let depth = 0;
  let head: string[] = [];
  for (const token of text.match(TOKENS) ?? []) {
    if ('"#@'.includes(token.charAt(0))) continue;
    if (token === '{' && depth === 0) found.push({ keyword: head[0] ?? 'query', name: head[1] });
    if ('{(['.includes(token)) depth += 1;
    else if ('})]'.includes(token)) depth -= 1;
    else if (depth === 0) head.push(token);
    if (token === '}' && depth === 0) head = [];
  }
  return found;
}
