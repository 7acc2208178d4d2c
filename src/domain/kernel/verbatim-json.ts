/** JSON whose numbers keep the digits they are written with: an amount never passes through floating point. */
const verbatim = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' ? (context?.source ?? value) : value;

/** The value, its numbers as text. Throws SyntaxError. */
export const parseVerbatim = (text: string): unknown => JSON.parse(text, verbatim);
