/**
 * How many requests are worked on at once: as many as are answered within a second at the rate of late. The rest hear
 * "busy" before anything is read or decided, so that whoever is let in is answered soon however many ask, and asking
 * again is safe. Requests share one thread and wait for each other there, so this is the first queue of all.
 */
import type { FastifyInstance } from 'fastify';
import { OverloadedError } from './failures.js';
import { wantsEventStream } from './subscriptions/event-stream.js';

export interface AdmissionLimits {
  /** So many are let in, however slow answers are: some wait for others and cost nothing. */
  readonly least: number;
  readonly most: number;
  /** For how long an answer may take when the gateway is full. */
  readonly answerMs: number;
}

const LIMITS: AdmissionLimits = { least: 256, most: 2_000, answerMs: 1_000 };

/** How long a rate is measured. */
const PERIOD_MS = 250;
/** How much of the rate that was known stays when another period has been measured. */
const INERTIA = 0.5;

export class Admission {
  private inside = 0;
  private answered = 0;
  /** The fewest that were inside in this period: a rate says how much can be done only while there is enough to do. */
  private fewest = 0;
  private began: number;
  /** Answers a millisecond. */
  private rate: number | undefined;

  constructor(
    private readonly limits: AdmissionLimits = LIMITS,
    /** Milliseconds, rising. */
    private readonly now: () => number = () => performance.now(),
  ) {
    this.began = now();
  }

  /** Whether one more is let in; then `leave` follows. */
  enter(): boolean {
    this.measure();
    if (this.inside >= this.room()) return false;
    this.inside += 1;
    return true;
  }

  leave(): void {
    this.inside -= 1;
    this.answered += 1;
    this.fewest = Math.min(this.fewest, this.inside);
    this.measure();
  }

  room(): number {
    const { least, most, answerMs } = this.limits;
    return this.rate === undefined ? most : Math.min(most, Math.max(least, this.rate * answerMs));
  }

  private measure(): void {
    const lasted = this.now() - this.began;
    if (lasted < PERIOD_MS) return;
    if (this.fewest >= this.limits.least / 2) {
      const rate = this.answered / lasted;
      this.rate = this.rate === undefined ? rate : this.rate * INERTIA + rate * (1 - INERTIA);
    }
    this.began += lasted;
    this.answered = 0;
    this.fewest = this.inside;
  }
}

/** Guards /graphql. Streams of subscriptions stay for hours and have bounds of their own. */
export function admitRequests(http: FastifyInstance, limits?: AdmissionLimits): void {
  const admission = new Admission(limits);
  http.addHook('onRequest', async (request, reply) => {
    if (request.url.split('?')[0] !== '/graphql' || wantsEventStream(request)) return;
    if (!admission.enter()) throw new OverloadedError();
    // Answered or gone away, whichever comes first; "close" comes after both.
    reply.raw.once('close', () => admission.leave());
  });
}
