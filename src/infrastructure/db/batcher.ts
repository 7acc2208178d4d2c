/**
 * Many concurrent commands of one kind, one transaction.
 *
 * No timer: a batch leaves when a lane is idle and takes what has queued meanwhile, so light load is a
 * batch of one without added latency and heavy load fills batches by itself (SPEED). A batch is a
 * transport, not a unit of failure: one that fails as a whole is split in two and retried, until the
 * command at fault stands alone. Commands carry business keys, so a retry after an unknown outcome is safe.
 *
 * The queue is bounded by time: as many commands may wait as were taken in lately within `maxWaitMs`. The rest is
 * answered "busy" at once, the newest first, so that what is accepted is answered soon however much comes. What
 * waits for an asker who has gone is dropped before it is decided, and never after.
 */
import { currentActs, inActsOf, type RunningAct } from './acts.js';

export interface BatcherOptions<Command, Answer> {
  /** Batches in flight at once, one connection each. */
  readonly lanes: number;
  readonly maxBatch: number;
  /** So many must wait for another lane to be worth its transaction while one is busy; one when absent. */
  readonly worthALane?: number;
  /** The answer to a command that was not taken: nothing has happened, send it again. */
  busy(command: Command): Answer;
  /** For how long a command may be expected to wait. */
  readonly maxWaitMs?: number;
  /** So many may wait, however long batches take: a pause of the machine must not refuse what the next batch takes. */
  readonly leastRoom?: number;
  /** Commands waiting at most, however fast they go: a bound of memory. */
  readonly maxQueue?: number;
  /** Milliseconds, rising. */
  readonly now?: () => number;
}

/** How much of the rate that was known stays when another batch has been measured. */
const INERTIA = 0.7;

interface Waiting<Command, Answer> {
  readonly command: Command;
  readonly acts: readonly RunningAct[];
  readonly signal: AbortSignal | undefined;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

export class Batcher<Command, Answer> {
  private readonly queue: Waiting<Command, Answer>[] = [];
  private inFlight = 0;
  private readonly idle: (() => void)[] = [];
  /** Commands a millisecond, as measured while more was waiting than one batch takes. */
  private rate: number | undefined;
  private readonly options: Required<BatcherOptions<Command, Answer>>;

  /** @param run decides and commits the commands in order and returns one answer each */
  constructor(
    private readonly run: (commands: readonly Command[]) => Promise<readonly Answer[]>,
    { maxWaitMs = 500, maxQueue = 10_000, now = () => performance.now(), ...options }: BatcherOptions<Command, Answer>,
  ) {
    this.options = { leastRoom: options.maxBatch, worthALane: 1, ...options, maxWaitMs, maxQueue, now };
  }

  /**
   * Answers in the order of the commands, after they are committed; those for which there is no room are answered
   * "busy", and so are those whose turn comes after `signal` has aborted.
   */
  async submit(commands: readonly Command[], signal?: AbortSignal): Promise<Answer[]> {
    const acts = currentActs();
    const room = this.room();
    const answers = commands.map((command) =>
      this.queue.length >= room
        ? this.options.busy(command)
        : new Promise<Answer>((resolve, reject) => this.queue.push({ command, acts, signal, resolve, reject })),
    );
    this.pump();
    return Promise.all(answers);
  }

  /** Resolves when everything accepted so far has been answered. */
  async drained(): Promise<void> {
    if (this.inFlight === 0 && this.queue.length === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** How many may wait now. */
  room(): number {
    const { maxQueue, leastRoom, maxWaitMs } = this.options;
    return this.rate === undefined ? maxQueue : Math.min(maxQueue, Math.max(leastRoom, this.rate * maxWaitMs));
  }

  private pump(): void {
    while (this.mayLeave()) {
      const batch = this.queue.splice(0, this.options.maxBatch).filter((waiting) => this.isWanted(waiting));
      if (batch.length === 0) continue;
      const started = this.options.now();
      const moreWaits = this.queue.length > 0;
      this.inFlight += 1;
      void this.deliver(batch).finally(() => {
        this.inFlight -= 1;
        if (moreWaits) this.measured(batch.length / Math.max(1, this.options.now() - started));
        this.pump();
        if (this.inFlight === 0) for (const resolve of this.idle.splice(0)) resolve();
      });
    }
  }

  /** What waits always leaves when nothing is under way; the fewer batches share it, the less each command costs. */
  private mayLeave(): boolean {
    const { lanes, worthALane } = this.options;
    return this.inFlight < lanes && this.queue.length >= (this.inFlight === 0 ? 1 : worthALane);
  }

  private isWanted({ command, signal, resolve }: Waiting<Command, Answer>): boolean {
    if (signal?.aborted !== true) return true;
    resolve(this.options.busy(command));
    return false;
  }

  /** A full batch has been this fast: whoever would wait too long at that rate is told so now. */
  private measured(perLane: number): void {
    const rate = perLane * this.options.lanes;
    this.rate = this.rate === undefined ? rate : this.rate * INERTIA + rate * (1 - INERTIA);
    for (const { command, resolve } of this.queue.splice(this.room())) resolve(this.options.busy(command));
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
