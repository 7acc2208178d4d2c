/**
 * Makes the load: keep-alive connections, each with one request under way, bodies put together from prepared parts.
 * Sockets without an HTTP library, because the generator shares two cores with what it measures. Run by LoadProcess.
 */
import { connect, type Socket } from 'node:net';
import { percentile } from './figures.js';
import { ASKERS, type Asker, type AskerName, type Parameters } from './requests.js';
import { runTpcb } from './tpcb-client.js';

export type LoadOrder =
  | {
      readonly kind: 'HTTP';
      readonly url: string;
      readonly asker: AskerName;
      readonly parameters: Parameters;
      readonly connections: number;
      readonly milliseconds: number;
      /** Milliseconds of rest after each answer; none when absent. */
      readonly restMs?: number;
    }
  | { readonly kind: 'TPCB'; readonly url: string; readonly clients: number; readonly milliseconds: number };

export interface LoadReport {
  /** Operations, as the asker counts them. */
  readonly operations: number;
  readonly perSecond: number;
  /** Milliseconds of an operation. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** Answers that said "busy, retry"; asked again, the wait is part of the operation's time. */
  readonly busy: number;
  /** CPU milliseconds of the generator itself. */
  readonly cpuMs: number;
}

const BUSY_STATUS = '503';
const ANSWERS = new Set(['200', BUSY_STATUS]);
const RETRY_MS = 20;

class Connection {
  private socket: Socket | undefined;
  private received: Buffer = Buffer.alloc(0);
  private needed = -1;
  private bodyFrom = 0;
  private status = '';
  private answered: ((body: string | undefined) => void) | undefined;
  private failed: ((error: Error) => void) | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  async open(): Promise<void> {
    const socket = connect({ host: this.host, port: this.port, noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.on('data', (data) => this.take(data));
    socket.on('error', (error) => this.failed?.(error));
    socket.on('close', () => this.failed?.(new Error('the gateway closed a connection')));
    this.socket = socket;
  }

  /** Nothing when the gateway is too busy to look at it. */
  ask(request: string): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      this.answered = resolve;
      this.failed = reject;
      this.socket?.write(request);
    });
  }

  close(): void {
    this.failed = undefined;
    this.socket?.destroy();
  }

  private take(data: Buffer): void {
    this.received = this.received.length === 0 ? data : Buffer.concat([this.received, data]);
    if (this.needed < 0) {
      const end = this.received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.received.toString('latin1', 0, end);
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      this.status = head.slice(9, 12);
      if (length === undefined || !ANSWERS.has(this.status)) {
        this.failed?.(new Error(`an answer that is none: ${this.received.toString('utf8').slice(0, 600)}`));
        return;
      }
      this.bodyFrom = end + 4;
      this.needed = this.bodyFrom + Number(length);
    }
    if (this.received.length < this.needed) return;
    const body = this.received.toString('utf8', this.bodyFrom, this.needed);
    this.received = this.received.subarray(this.needed);
    this.needed = -1;
    this.answered?.(this.status === BUSY_STATUS ? undefined : body);
  }
}

async function runHttp(order: Extract<LoadOrder, { kind: 'HTTP' }>): Promise<Omit<LoadReport, 'cpuMs'>> {
  const { hostname, port, host } = new URL(order.url);
  const connections = Array.from({ length: order.connections }, () => new Connection(hostname, Number(port)));
  for (const connection of connections) await connection.open();
  const head = `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`;
  const started = performance.now();
  const until = started + order.milliseconds;
  const latencies: number[] = [];
  let operations = 0;
  let busy = 0;
  const client = async (connection: Connection, index: number): Promise<void> => {
    const asker: Asker = ASKERS[order.asker](order.parameters, index);
    while (performance.now() < until) {
      const began = performance.now();
      let answer: string | undefined;
      for (;;) {
        const next = asker.next(answer);
        if (next === undefined) break;
        const length = Buffer.byteLength(next.body);
        const request = `${head}authorization: Bearer ${next.token}\r\ncontent-length: ${length}\r\n\r\n${next.body}`;
        for (;;) {
          answer = await connection.ask(request);
          if (answer !== undefined && !answer.includes('"code":"BUSY"')) break;
          busy += 1;
          await new Promise((rested) => setTimeout(rested, RETRY_MS));
        }
        if (answer.includes('"errors":') || answer.includes('"userErrors":[{'))
          throw new Error(`${order.asker} was answered ${answer.slice(0, 600)}`);
      }
      operations += asker.operations;
      latencies.push(performance.now() - began);
      if (order.restMs !== undefined) await new Promise((rested) => setTimeout(rested, order.restMs));
    }
  };
  try {
    await Promise.all(connections.map(client));
  } finally {
    for (const connection of connections) connection.close();
  }
  return {
    operations,
    busy,
    perSecond: (operations * 1_000) / (performance.now() - started),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    longest: percentile(latencies, 1),
  };
}

export async function runLoad(order: LoadOrder): Promise<LoadReport> {
  const before = process.cpuUsage();
  const report = await (order.kind === 'HTTP' ? runHttp(order) : runTpcb(order));
  const { user, system } = process.cpuUsage(before);
  return { ...report, cpuMs: (user + system) / 1_000 };
}

if (process.argv[1] === import.meta.filename) {
  process.on('message', async ({ no, order }: { no: number; order: LoadOrder }) => {
    try {
      process.send?.({ no, report: await runLoad(order) });
    } catch (error) {
      process.send?.({ no, fault: (error as Error).message });
    }
  });
  process.on('disconnect', () => process.exit(0));
}
