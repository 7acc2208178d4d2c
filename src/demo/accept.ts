/** What the story expects of an answer. */
export interface UserError {
  readonly code: string;
  readonly message: string;
}

/** Refusals that mean "done already": by a start that was interrupted. */
const DONE_ALREADY: ReadonlySet<string> = new Set(['CODE_TAKEN']);

export function accept(what: string, userErrors: readonly UserError[]): void {
  const refusal = userErrors.find(({ code }) => !DONE_ALREADY.has(code));
  if (refusal !== undefined) throw new Error(`${what} was refused: ${refusal.message}`);
}
