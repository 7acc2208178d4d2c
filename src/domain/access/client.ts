/**
 * API clients: programs that sign in by themselves. What may be registered, and who may hand which power on.
 */
import { fail, ok, type Result } from '../kernel/result.js';
import type { Principal, PrincipalKind, Scope } from './principal.js';

/** A member never signs in by itself: a bank's client acts for it. */
export type ClientKind = Exclude<PrincipalKind, 'MEMBER'>;

/** What a client may do, at most: every token of it carries this or less. */
export interface ClientPower {
  readonly kind: ClientKind;
  readonly scopes: readonly Scope[];
}

export interface NewClient extends ClientPower {
  readonly name: string;
  /** Given for PARTNER only. */
  readonly partnerCode?: string;
  readonly jwksUri?: string;
}

export type ClientFaultCode =
  | 'MALFORMED_NAME'
  | 'PARTNER_REQUIRED'
  | 'PARTNER_NOT_WANTED'
  | 'NO_SCOPES'
  | 'SCOPE_NOT_USABLE'
  | 'MALFORMED_JWKS_URI';

const LONGEST_NAME = 100;
const LONGEST_ADDRESS = 500;

/** @param usable the scopes that grant a principal of this kind something */
export function checkClient(client: NewClient, usable: readonly Scope[]): Result<NewClient, ClientFaultCode> {
  const { name, kind, partnerCode, scopes, jwksUri } = client;
  if (name.trim() === '' || name !== name.trim() || name.length > LONGEST_NAME) {
    return fail('MALFORMED_NAME', `Give a name of 1 to ${LONGEST_NAME} characters without spaces around it.`, 'name');
  }
  if (kind === 'PARTNER' && partnerCode === undefined)
    return fail('PARTNER_REQUIRED', 'Name the partner whose client it is.', 'partnerCode');
  if (kind !== 'PARTNER' && partnerCode !== undefined)
    return fail('PARTNER_NOT_WANTED', `A client of kind ${kind} belongs to no partner; leave it out.`, 'partnerCode');
  if (scopes.length === 0) return fail('NO_SCOPES', 'Grant at least one scope.', 'scopes');
  const useless = scopes.find((scope) => !usable.includes(scope));
  if (useless !== undefined) {
    const message = `A ${kind} cannot use ${useless}. It can use: ${usable.join(', ')}.`;
    return fail('SCOPE_NOT_USABLE', message, 'scopes');
  }
  if (jwksUri !== undefined && !isPublishedAt(jwksUri)) {
    const message = `The address of keys begins with https://, without a user name, at most ${LONGEST_ADDRESS} characters.`;
    return fail('MALFORMED_JWKS_URI', message, 'jwksUri');
  }
  return ok({ ...client, scopes: [...new Set(scopes)] });
}

function isPublishedAt(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && address.length <= LONGEST_ADDRESS;
}

/**
 * Whether whoever asks may get hold of a client's power, by registering it or by giving it a new secret or key.
 *
 * Nobody comes to more than it has itself: an operator handles partners' clients alone, and of the others (and of a
 * partner's own) only those whose scopes its own token carries.
 */
export function mayHandOn(principal: Principal, { kind, scopes }: ClientPower): boolean {
  if (principal.kind === 'ADMIN' && kind === 'PARTNER') return true;
  if (principal.kind === 'OPERATOR') return kind === 'PARTNER';
  return scopes.every((scope) => principal.scopes.has(scope));
}

/** Whether whoever asks may take from a client: only less comes of it, so scopes do not matter. */
export const mayTakeFrom = (principal: Principal, kind: ClientKind): boolean =>
  principal.kind !== 'OPERATOR' || kind === 'PARTNER';
