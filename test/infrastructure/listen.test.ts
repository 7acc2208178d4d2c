import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { listenAt } from '../../src/infrastructure/listen.js';
import { OperatorError } from '../../src/infrastructure/operator-error.js';

const listen = async (host: string, port: number): Promise<Server> => {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  return server;
};

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

describe('listenAt', () => {
  it('names a taken port and the way out', async () => {
    const first = await listen('127.0.0.1', 0);
    const port = portOf(first);
    const second = listenAt('127.0.0.1', port, () => listen('127.0.0.1', port));
    await expect(second).rejects.toThrow(OperatorError);
    await expect(second).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken by another program. Stop that program, or choose another port: PORT=${port + 1}.`,
    );
    first.close();
  });

  it('names an address that is not of this machine', async () => {
    const far = listenAt('192.0.2.1', 4000, () => listen('192.0.2.1', 4000));
    await expect(far).rejects.toThrow('This machine has no address 192.0.2.1. Set HOST to one of its own');
  });

  it('leaves other errors as they are', async () => {
    const bug = new TypeError('not about the address');
    await expect(listenAt('127.0.0.1', 4000, () => Promise.reject(bug))).rejects.toBe(bug);
  });
});
