/** For whom a connection asks that Fastify does not see: the nearest address that is no proxy of ours, as Fastify has it. */
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** @param trustedProxies addresses or networks of those who are believed when they say for whom they ask */
export function clientAddress({ headers, socket }: IncomingMessage, trustedProxies: readonly string[]): string {
  const said = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const forwarded = said.map((part) => part.trim()).filter(Boolean);
  let address = socket.remoteAddress ?? '';
  while (forwarded.length > 0 && trustedProxies.some((proxy) => isWithin(address, proxy)))
    address = forwarded.pop() as string;
  return address;
}

function isWithin(address: string, proxy: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (!ipaddr.isValidCIDR(proxy)) return parsed.toNormalizedString() === ipaddr.process(proxy).toNormalizedString();
  const [network, bits] = ipaddr.parseCIDR(proxy);
  return parsed.kind() === network.kind() && parsed.match(network, bits);
}
