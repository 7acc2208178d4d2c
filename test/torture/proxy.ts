/** A TCP proxy that breaks connections when what was asked for has been done and before the answer is there. */
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';

/**
 * BEHIND_ITS_BACK: the client hears nothing more, the server answers into the void; BOTH: each sees the other gone.
 */
export type Break = 'BEHIND_ITS_BACK' | 'BOTH';

export class BreakingProxy {
  /** Asked for each piece of an answer, whether the connection breaks instead of passing it on. */
  breaks: () => boolean = () => false;
  broken = 0;
  private readonly open = new Set<Socket>();
  /** By the client's port: what it has asked for may still be done. */
  private readonly unended = new Map<number, Promise<unknown>>();

  private constructor(
    private readonly server: Server,
    private readonly target: () => number,
    private readonly kind: Break,
  ) {}

  static async open(target: () => number, kind: Break): Promise<BreakingProxy> {
    const server = createServer({ allowHalfOpen: false });
    const proxy = new BreakingProxy(server, target, kind);
    server.on('connection', (client) => proxy.join(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Resolves when the server has answered a client of this port, or is gone. */
  ended = async (clientPort: number): Promise<void> => {
    await this.unended.get(clientPort);
  };

  close(): void {
    this.server.close();
    for (const socket of this.open) socket.destroy();
  }

  private join(client: Socket): void {
    const server = createConnection({ port: this.target(), host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    const clientPort = client.remotePort ?? 0;
    for (const socket of [client, server]) {
      this.open.add(socket);
      socket.on('close', () => this.open.delete(socket));
      socket.on('error', () => undefined);
    }
    const ended = new Promise<void>((resolve) => {
      server.once('close', () => resolve());
      server.once('data', () => resolve());
    });
    this.unended.set(clientPort, ended);
    void ended.then(() => this.unended.delete(clientPort));
    let asked = false;
    client.on('data', (data) => {
      asked = true;
      server.write(data);
    });
    server.on('data', (data) => {
      if (client.destroyed) return;
      if (this.breaks()) {
        this.broken += 1;
        client.resetAndDestroy();
        if (this.kind === 'BOTH') server.destroy();
      } else client.write(data);
    });
    client.on('close', () => {
      // What it has asked for goes on without it, until it is answered.
      if (this.kind === 'BOTH' || !asked) server.destroy();
      else void ended.then(() => server.destroy());
    });
    server.on('close', () => client.destroy());
  }
}
