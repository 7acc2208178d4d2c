/**
 * Expected failures are values.
 *
 * A decision returns `Result`: either what was decided or a coded reason a caller can act on. Throwing is
 * kept for bugs (see invariant.ts).
 */
export interface Failure<Code extends string> {
  readonly code: Code;
  /** A full sentence that says what to do. */
  readonly message: string;
  /** The input field at fault, when there is one. */
  readonly field?: string;
}

export type Result<T, Code extends string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure<Code> };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export function fail<Code extends string>(
  code: Code,
  message: string,
  field?: string,
): { readonly ok: false; readonly failure: Failure<Code> } {
  return { ok: false, failure: field === undefined ? { code, message } : { code, message, field } };
}
