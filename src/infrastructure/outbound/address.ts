/**
 * Which addresses the gateway may call. Whoever gives us an address must not make us call our own network: only
 * public addresses pass, and loopback where development says so.
 */
import ipaddr from 'ipaddr.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';

export type AddressFaultCode = 'MALFORMED_URL' | 'ADDRESS_REFUSED' | 'HOST_UNKNOWN';

const LONGEST_URL = 2_000;
const HTTPS_PORT = 443;
const FIRST_UNPRIVILEGED_PORT = 1_024;

/** Whether an address, as text, may be called. IPv4 in IPv6 clothes is judged as IPv4. */
export function isCallable(address: string, allowLoopback: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const range = ipaddr.process(address).range();
  return range === 'unicast' || (allowLoopback && range === 'loopback');
}

/** The host of a URL without the brackets of IPv6. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** All that can be said about an address before its name is looked up. */
export function checkUrl(text: string, allowLoopback: boolean): Result<URL, AddressFaultCode> {
  const url = text.length <= LONGEST_URL ? URL.parse(text) : null;
  if (url === null) return fail('MALFORMED_URL', 'Give an address like https://api.example.com/path.', 'url');
  const host = hostOf(url);
  const isLiteral = ipaddr.isValid(host);
  const isLoopback = host === 'localhost' || (isLiteral && ipaddr.process(host).range() === 'loopback');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowLoopback && isLoopback))
    return fail('MALFORMED_URL', 'The address begins with https://.', 'url');
  if (url.username !== '' || url.password !== '')
    return fail('MALFORMED_URL', 'Names and passwords do not belong into an address; give them as the secret.', 'url');
  if (url.hash !== '') return fail('MALFORMED_URL', 'An address to call has no part after #.', 'url');
  if (isLiteral && !isCallable(host, allowLoopback)) return refused();
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  if (port !== HTTPS_PORT && port < FIRST_UNPRIVILEGED_PORT)
    return fail('ADDRESS_REFUSED', 'The port is 443, or 1024 and above.', 'url');
  return ok(url);
}

export const refused = () =>
  fail('ADDRESS_REFUSED', 'The address lies in a network that is not public; give one that the internet sees.', 'url');
