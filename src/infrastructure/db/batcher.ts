/**
 * Many concurrent commands of one kind, one transaction.
 *
 * No timer: a batch leaves when a lane is idle and takes what has queued meanwhile, so light load is a
 * batch of one without added latency and heavy load fills batches by itself (SPEED). A batch is a
 * transport, not a unit of failure: one that fails as a whole is split in two and retried, until the
 * command at fault stands alone. Commands carry business keys, so a retry after an unknown outcome is safe.
 */
import { currentActs, inActsOf, type RunningAct } from './acts.js';

export interface BatcherOptions {
  /** Batches in flight at once, one connection each. */
  readonly lanes: number;
  readonly maxBatch: number;
  /** Commands waiting at most; above it `submit` refuses at once. */
  readonly maxQueue: number;
}

export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

interface Waiting<Command, Answer> {
  readonly command: Command;
  readonly acts: readonly RunningAct[];
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

export class Batcher<Command, Answer> {
  private readonly queue: Waiting<Command, Answer>[] = [];
  private inFlight = 0;
  private readonly idle: (() => void)[] = [];

  /** @param run decides and commits the commands in order and returns one answer each */
  constructor(
    private readonly run: (commands: readonly Command[]) => Promise<readonly Answer[]>,
    private readonly options: BatcherOptions,
  ) {}

  /** Answers in the order of the commands, after they are committed. Throws QueueFullError when there is no room for all. */
  async submit(commands: readonly Command[]): Promise<Answer[]> {
    if (this.queue.length + commands.length > this.options.maxQueue) {
      throw new QueueFullError(`${this.queue.length} commands are waiting; retry in a moment.`);
    }
    const acts = currentActs();
    const answers = commands.map(
      (command) => new Promise<Answer>((resolve, reject) => this.queue.push({ command, acts, resolve, reject })),
    );
    this.pump();
    return Promise.all(answers);
  }

  /** Resolves when everything accepted so far has been answered. */
  async drained(): Promise<void> {
    if (this.inFlight === 0 && this.queue.length === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private pump(): void {
    while (this.inFlight < this.options.lanes && this.queue.length > 0) {
      const batch = this.queue.splice(0, this.options.maxBatch);
      this.inFlight += 1;
      void this.deliver(batch).finally(() => {
        this.inFlight -= 1;
        this.pump();
        if (this.inFlight === 0) for (const resolve of this.idle.splice(0)) resolve();
      });
    }
  }

  private async deliver(batch: readonly Waiting<Command, Answer>[]): Promise<void> {
    try {
      // Whoever's turn it is to send the batch, it acts for those whose commands are in it.
      const acts = batch.map((waiting) => waiting.acts);
      const answers = await inActsOf(acts, () => this.run(batch.map(({ command }) => command)));
      batch.forEach((waiting, index) => {
        waiting.resolve(answers[index] as Answer);
      });
    } catch (error) {
      if (batch.length === 1) {
        batch[0]?.reject(error);
        return;
      }
      const middle = batch.length >> 1;
      await this.deliver(batch.slice(0, middle));
      await this.deliver(batch.slice(middle));
    }
  }
}
