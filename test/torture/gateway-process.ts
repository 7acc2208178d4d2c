/** `hansa serve` as a process of its own: API and worker, to be killed, frozen, and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../src/infrastructure/free-port.js';
import { BreakingProxy } from './proxy.js';

const HOOK = join(import.meta.dirname, 'gateway-hook.js');
const START_TIMEOUT_MS = 300_000;

export interface GatewayPlace {
  readonly name: string;
  /** The folder of the product that is tortured. */
  readonly product: string;
  /** Keys and logs. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly clockShiftMs: number;
}

/** What the gateway is for whoever asks it through its proxy. */
export class GatewayProcess {
  private child: ChildProcess | undefined;
  private expected = true;
  /** It has ended by itself: why, as far as can be told. */
  fault: string | undefined;

  private constructor(
    private readonly place: GatewayPlace,
    private readonly port: number,
    readonly proxy: BreakingProxy,
  ) {}

  static async start(place: GatewayPlace): Promise<GatewayProcess> {
    const port = await freePort();
    const gateway = new GatewayProcess(place, port, await BreakingProxy.open(() => port, 'BEHIND_ITS_BACK'));
    await gateway.start();
    return gateway;
  }

  /** Returns when it is ready. */
  async start(): Promise<void> {
    const { name, product, folder, databaseUrl, clockShiftMs } = this.place;
    const child = spawn(process.execPath, ['--import', HOOK, join(product, 'bin', 'hansa.js'), 'serve'], {
      env: {
        PATH: process.env.PATH,
        HANSA_ENV: 'test',
        HANSA_DATA_DIR: folder,
        HANSA_ALLOW_LOOPBACK: 'true',
        DATABASE_URL: databaseUrl,
        HOST: '127.0.0.1',
        PORT: `${this.port}`,
        LOG_LEVEL: 'warn',
        ...{ HANSA_RATE_COST: '0', HANSA_RATE_STRANGERS: '0', HANSA_RATE_FAILED_SIGN_INS: '0' },
        TORTURE_CLOCK_SHIFT_MS: `${clockShiftMs}`,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child = child;
    this.expected = false;
    const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.stdin?.on('error', () => undefined);
    child.on('exit', (code, signal) => {
      if (!this.expected) this.fault = `${name} ended by itself with ${code ?? signal}; see ${name}.log`;
    });
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (child.exitCode === null && performance.now() < deadline) {
      const health = await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => undefined);
      if (health?.ok) return;
      await delay(50);
    }
    // The database may have been away while it started: then it has said so and ended, and is started again.
    if (child.exitCode === null) throw new Error(`${name} does not become ready; see ${name}.log.`);
    this.fault = undefined;
    await delay(200);
    if (performance.now() < deadline) return this.start();
  }

  async killAndRestart(): Promise<void> {
    await this.end('SIGKILL');
    await this.start();
  }

  async freeze(milliseconds: number): Promise<void> {
    this.child?.kill('SIGSTOP');
    await delay(milliseconds);
    this.child?.kill('SIGCONT');
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.expected = true;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  async close(): Promise<void> {
    await this.end('SIGKILL');
    this.proxy.close();
  }
}

/** The checkout that this build is of. */
export function ownProduct(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
