/** A webhook receiver as a partner would run it: verifies every signature and keeps what it gets, in order. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
  /** How many signatures the message carried. */
  readonly signatures: number;
  /** Which of the receiver's secrets verifies, by index; -1: none. */
  readonly verifiedBy: number;
}

/** What to do with a message; undefined answers 204. */
export type Behaviour = (
  message: Received,
  response: ServerResponse,
) => { readonly status: number; readonly headers?: Record<string, string> } | 'HANG' | undefined;

export class Receiver {
  /** Everything that came, and what was answered with 2xx. */
  readonly seen: Received[] = [];
  readonly taken: Received[] = [];
  readonly secrets: string[] = [];
  behaviour: Behaviour = () => undefined;
  private readonly hanging = new Set<ServerResponse>();

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.receive(request, response));
  }

  static async open(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** Which of these were taken, each once, in the order in which they were first taken. */
  orderOf(ids: readonly string[]): string[] {
    return [...new Set(this.taken.map(({ id }) => id))].filter((id) => ids.includes(id));
  }

  async close(): Promise<void> {
    for (const response of this.hanging) response.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const headers = request.headers as Record<string, string>;
    const { type, data } = JSON.parse(body) as { type: string; data: Record<string, string> };
    const message: Received = {
      id: headers['webhook-id'] ?? '',
      type,
      data,
      signatures: (headers['webhook-signature'] ?? '').split(' ').length,
      verifiedBy: this.secrets.findIndex((secret) => verifies(secret, body, headers)),
    };
    this.seen.push(message);
    const answer = this.behaviour(message, response);
    if (answer === 'HANG') {
      this.hanging.add(response);
      return;
    }
    const { status, headers: extra = {} } = answer ?? { status: 204 };
    if (status < 300) this.taken.push(message);
    response.writeHead(status, extra).end();
  }
}

function verifies(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
