/**
 * How many requests are worked on at once: as many as are answered within a second at the rate of late. The rest hear
 * "busy" before anything is read or decided, so that whoever is let in is answered soon however many ask, and asking
 * again is safe. Requests share one thread and wait for each other there, so this is the first queue of all.
 *
 * While the thread has time to spare, those inside wait for somebody else (a slow partner, the database) and cost nothing:
 * then more are let in than that rate says. A request counts from when its body has come, so that who sends slowly takes
 * nobody's place.
 */
import type { ServerResponse } from 'node:http';
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OverloadedError } from './failures.js';
import { wantsEventStream } from './subscriptions/event-stream.js';

export interface AdmissionLimits {
  /** So many are let in, however slow answers are. */
  readonly least: number;
  /** So many are let in while the thread has time to spare, or nobody knows yet how fast answers are. */
  readonly calm: number;
  readonly most: number;
  /** For how long an answer may take when the gateway is full. */
  readonly answerMs: number;
  /** Bytes of all bodies that are worked on; a body becomes objects of ten times its size. One is let in whatever its size. */
  readonly bytes: number;
}

export const LIMITS: AdmissionLimits = { least: 64, calm: 300, most: 2_000, answerMs: 1_000, bytes: 8 * 1024 * 1024 };

/** Bodies larger than this, or of a length that nobody tells, may come in so many at once; the others as many as `most`. */
const LARGE = { bytes: 64 * 1024, atOnce: 32 };

/** How long a rate is measured. */
const PERIOD_MS = 250;
/**
 * How much of what was known stays when another period has been measured. A rate falls slowly, because those who came
 * first have to be answered before there is one, and a pause of the machine is none.
 */
const INERTIA = { atWork: 0.5, rising: 0.5, falling: 0.8 };
/** Part of the time in which the thread has worked, above which requests wait for it. */
const HARD_AT_WORK = 0.8;

/** What tells how the thread fares. */
export interface Pulse {
  /** Milliseconds, rising. */
  now(): number;
  /** Part of the time since it was asked last in which the thread has worked, between 0 and 1. */
  atWork(): number;
}

function pulseOfThisThread(): Pulse {
  let last: EventLoopUtilization | undefined;
  return {
    now: () => performance.now(),
    atWork: () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = last === undefined ? now : performance.eventLoopUtilization(now, last);
      last = now;
      return utilization;
    },
  };
}

export class Admission {
  private inside = 0;
  private bytes = 0;
  private answered = 0;
  /** The fewest that were inside in this period: a rate says how much can be done only while there is enough to do. */
  private fewest = 0;
  private began: number;
  /** Answers a millisecond. */
  private rate: number;
  private atWork = 0;

  constructor(
    private readonly limits: AdmissionLimits = LIMITS,
    private readonly pulse: Pulse = pulseOfThisThread(),
  ) {
    this.rate = limits.calm / limits.answerMs;
    this.began = pulse.now();
    pulse.atWork();
  }

  isFull(): boolean {
    this.measure();
    return this.inside >= this.room();
  }

  /** Whether one more is let in, with a body of so many bytes; then `leave` follows. */
  enter(bytes = 0): boolean {
    if (this.isFull() || (this.bytes > 0 && this.bytes + bytes > this.limits.bytes)) return false;
    this.inside += 1;
    this.bytes += bytes;
    return true;
  }

  leave(bytes = 0): void {
    this.inside -= 1;
    this.bytes -= bytes;
    this.answered += 1;
    this.fewest = Math.min(this.fewest, this.inside);
    this.measure();
  }

  room(): number {
    const { least, calm, most, answerMs } = this.limits;
    const floor = this.atWork > HARD_AT_WORK ? least : calm;
    return Math.min(most, Math.max(floor, this.rate * answerMs));
  }

  private measure(): void {
    const now = this.pulse.now();
    const lasted = now - this.began;
    if (lasted < PERIOD_MS) return;
    const mixed = (known: number, measured: number, inertia: number): number => {
      const stays = inertia ** (lasted / PERIOD_MS);
      return known * stays + measured * (1 - stays);
    };
    this.atWork = mixed(this.atWork, this.pulse.atWork(), INERTIA.atWork);
    if (this.fewest >= this.limits.least / 2) {
      const measured = this.answered / lasted;
      this.rate = mixed(this.rate, measured, measured > this.rate ? INERTIA.rising : INERTIA.falling);
    }
    this.began = now;
    this.answered = 0;
    this.fewest = this.inside;
  }
}

/** Guards /graphql. Streams of subscriptions stay for hours and have bounds of their own. */
export function admitRequests(http: FastifyInstance, limits: AdmissionLimits = LIMITS): void {
  const admission = new Admission(limits);
  /** Those whose bodies are not here yet, with where they are answered. */
  const coming = new Map<FastifyRequest, ServerResponse>();
  const large = new Set<FastifyRequest>();
  const forget = (request: FastifyRequest): void => {
    coming.delete(request);
    large.delete(request);
  };
  /** Once the body is here. Others may have come in meanwhile; and who has gone is not among those who come any more. */
  const letIn = (request: FastifyRequest, bytes: number): boolean => {
    const answer = coming.get(request);
    forget(request);
    if (answer === undefined || !admission.enter(bytes)) return false;
    // Answered or gone away, whichever comes first; "close" comes after both.
    answer.once('close', () => admission.leave(bytes));
    return true;
  };
  http.addHook('onRequest', (request, { raw: answer }, done) => {
    if (!isQuestion(request)) return done();
    const isNotSmall = isLarge(request);
    const isTooMuch = coming.size >= limits.most || (isNotSmall && large.size >= LARGE.atOnce);
    if (isTooMuch || admission.isFull()) return done(new OverloadedError());
    coming.set(request, answer);
    if (isNotSmall) large.add(request);
    answer.once('close', () => forget(request));
    done();
  });
  // Before it is parsed, because that is what takes memory.
  const parse = http.getDefaultJsonParser('error', 'error');
  http.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (isQuestion(request) && !letIn(request, body.length)) return done(new OverloadedError());
    parse(request, body, done);
  });
  http.addHook('preValidation', (request, _reply, done) => {
    const { body } = request;
    const isRefused = coming.has(request) && !letIn(request, typeof body === 'string' ? body.length : 0);
    return isRefused ? done(new OverloadedError()) : done();
  });
}

/** Whether somebody asks and waits for one answer. */
export const isQuestion = (request: FastifyRequest): boolean =>
  request.url.split('?')[0] === '/graphql' && !wantsEventStream(request);

const isLarge = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > LARGE.bytes;
