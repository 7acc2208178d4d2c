/** Changing something through the product's API. */
import type { Outcome } from './life.js';

export interface Payload {
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
  readonly [field: string]: unknown;
}

/** Who asks; what is changed by hand takes two of them. */
export type Person = 'ADMIN' | 'OPERATOR';

/** Calls the mutation of that name. */
export type Change = (name: string, selection: string, input: object, by?: Person) => Promise<Payload>;

export const idIn = (object: unknown): string => (object as { id: string }).id;

export const outcomeOf = ({ userErrors: [error] }: Payload): Outcome =>
  error === undefined ? 'ACCEPTED' : { rejected: error.code };
