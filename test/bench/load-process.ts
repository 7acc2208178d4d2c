/** The program that makes the load, as a process of its own, so that what it costs is not the gateway's. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { LoadOrder, LoadReport } from './load.js';

export class LoadProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve(report: LoadReport): void; reject(error: Error): void }>();
  private orders = 0;

  constructor() {
    this.child = fork(join(import.meta.dirname, 'load.js'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child.on('message', ({ no, report, fault }: { no: number; report?: LoadReport; fault?: string }) => {
      const caller = this.waiting.get(no);
      this.waiting.delete(no);
      if (report === undefined) caller?.reject(new Error(fault));
      else caller?.resolve(report);
    });
    this.child.on('exit', (code) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`the load process ended with ${code}`));
    });
  }

  /** Answers when the time is over. Throws when an answer was not what it should be. */
  run(order: LoadOrder): Promise<LoadReport> {
    this.orders += 1;
    const no = this.orders;
    return new Promise((resolve, reject) => {
      this.waiting.set(no, { resolve, reject });
      this.child.send({ no, order });
    });
  }

  close(): void {
    this.child.disconnect();
  }
}
