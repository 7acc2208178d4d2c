/**
 * How a client proves itself at the token endpoint: a secret in the header or the body (RFC 6749, section 2.3.1), or
 * an assertion that it signed (RFC 7523). Exactly one of them.
 */
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { ClientProof, OAuthErrorCode, OAuthParameters } from './oauth.js';

export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LONGEST_BODY_PARAMETERS = 20;

/** The body of a request; a parameter that is given twice is refused, an empty one counts as not given. */
export function readParameters(form: URLSearchParams): Result<OAuthParameters, OAuthErrorCode> {
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const [name, value] of form) {
    if (seen.has(name)) return fail('invalid_request', 'A parameter is given more than once.');
    if (seen.size === LONGEST_BODY_PARAMETERS) return fail('invalid_request', 'There are too many parameters.');
    seen.add(name);
    if (value !== '') parameters.set(name, value);
  }
  return ok(parameters);
}

/** @param header the Authorization header, when there is one */
export function readClientProof(
  header: string | undefined,
  parameters: OAuthParameters,
): Result<ClientProof, OAuthErrorCode> {
  const clientId = parameters.get('client_id');
  const secret = parameters.get('client_secret');
  const assertion = parameters.get('client_assertion');
  const methods = [header, secret, assertion].filter((given) => given !== undefined).length;
  if (methods > 1) return fail('invalid_request', 'Prove the client in one way, not in several.');
  if (header !== undefined) {
    const basic = basicProof(header);
    if (basic === undefined) return fail('invalid_client', 'The Authorization header is not well-formed Basic.');
    if (clientId !== undefined && clientId !== basic.clientId)
      return fail('invalid_request', 'client_id is not the client of the Authorization header.');
    return ok(basic);
  }
  if (assertion !== undefined) {
    if (parameters.get('client_assertion_type') !== JWT_BEARER)
      return fail('invalid_request', `client_assertion_type must be ${JWT_BEARER}.`);
    return ok({ method: 'ASSERTION', assertion, ...(clientId !== undefined && { clientId }) });
  }
  if (clientId === undefined || secret === undefined)
    return fail('invalid_client', 'Prove the client: by HTTP Basic, client_secret or client_assertion.');
  return ok({ method: 'SECRET', clientId, secret });
}

function basicProof(header: string): (ClientProof & { readonly clientId: string }) | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  try {
    const clientId = formDecoded(text.slice(0, colon));
    return { method: 'SECRET', clientId, secret: formDecoded(text.slice(colon + 1)) };
  } catch {
    return undefined; // a percent sign that begins nothing
  }
}

/** Both halves are form-encoded before they are joined (RFC 6749, section 2.3.1). */
const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
