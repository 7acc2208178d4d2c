/**
 * A port of the loopback address that nobody listened on a moment ago; whoever listens there at last must bear that it
 * is taken.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening'); // or throws what the server says
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
