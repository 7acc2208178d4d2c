/** The gateway of bare-gateway.ts as a process. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { developmentToken } from '../../src/demo/graphql-client.js';
import type { Stage } from './stage.js';

export class BareGateway {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** @param answer what every query for a member is answered with */
  static async start(stage: Stage, answer: unknown): Promise<BareGateway> {
    const child = fork(join(import.meta.dirname, 'bare-gateway.js'), {
      env: {
        ...process.env,
        HANSA_DATA_DIR: stage.config.dataDir,
        HANSA_RATE_COST: '0',
        HANSA_RATE_STRANGERS: '0',
        PORT: '0',
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.once('message', (message) => resolve(message as string));
      child.once('exit', (code) => reject(new Error(`the bare gateway ended with ${code}`)));
      child.send({ answer });
    });
    return new BareGateway(child, url);
  }

  token(): Promise<string> {
    return developmentToken(this.url, { principal: 'PARTNER', partner: 'hanse-bank' });
  }

  async stop(): Promise<void> {
    const end = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    await end;
  }
}
