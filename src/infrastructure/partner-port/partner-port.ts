/**
 * The one port through which every call to a partner's server goes: a lane for each connector and capability, and
 * answers that are kept for a while, used also when the partner fails later.
 */
import { AnswerCache } from './answer-cache.js';
import { PartnerFault } from './fault.js';
import { type Attempt, Lane, type LaneCounters, type LanePolicy } from './lane.js';

/** Live questions: a caller waits for the answer. */
export const LIVE: LanePolicy = {
  slots: 4,
  queue: 16,
  attemptMs: 2_000,
  deadlineMs: 4_000,
  retries: 1,
  breakAfter: 5,
  restMs: 10_000,
};

/** Pages of a feed: nobody waits, one at a time. */
export const FEED: LanePolicy = {
  slots: 1,
  queue: 1,
  attemptMs: 15_000,
  deadlineMs: 45_000,
  retries: 2,
  breakAfter: 5,
  restMs: 30_000,
};

export interface Question<T> {
  /** Names the lane: one for each connector and capability. */
  readonly lane: string;
  readonly policy: LanePolicy;
  /** It changes nothing at the partner, or nothing more when it is asked twice: only then it is asked again. */
  readonly repeatable: boolean;
  readonly work: (attempt: Attempt) => Promise<T>;
  /** Keeps the answer, which must be JSON. */
  readonly cache?: { readonly key: string; readonly freshMs: number; readonly staleMs: number };
  readonly signal?: AbortSignal;
}

export interface PartnerAnswer<T> {
  readonly value: T;
  /** How long ago the partner said so. */
  readonly ageMs: number;
  /** The partner could not be asked now; this is what it said before. */
  readonly stale: boolean;
}

const CACHE = { answers: 1_000, weight: 16 * 1024 * 1024 };

export class PartnerPort {
  /** As many as there are connectors, each with at most one lane for each of its capabilities. */
  private readonly lanes = new Map<string, Lane>();
  private readonly cache = new AnswerCache(CACHE);
  private readonly underWay = new Map<string, Promise<unknown>>();
  private hits = 0;
  private stale = 0;

  /** Asks a partner, or its last answer. Throws PartnerFault when there is neither. */
  async ask<T>(question: Question<T>): Promise<PartnerAnswer<T>> {
    const { cache } = question;
    if (cache === undefined) return { value: await this.askNow(question), ageMs: 0, stale: false };
    const key = `${question.lane}/${cache.key}`;
    const kept = this.cache.find(key);
    if (kept !== undefined && kept.ageMs <= cache.freshMs) {
      this.hits += 1;
      return { value: kept.value as T, ageMs: kept.ageMs, stale: false };
    }
    try {
      return { value: await this.askTogether(key, question), ageMs: 0, stale: false };
    } catch (error) {
      if (!(error instanceof PartnerFault) || kept === undefined || kept.ageMs > cache.staleMs) throw error;
      this.stale += 1;
      return { value: kept.value as T, ageMs: kept.ageMs, stale: true };
    }
  }

  counters(): { readonly lanes: readonly LaneCounters[]; readonly hits: number; readonly stale: number } {
    return { lanes: [...this.lanes.values()].map((lane) => lane.counters()), hits: this.hits, stale: this.stale };
  }

  /** Who asks the same at the same time shares the call. */
  private askTogether<T>(key: string, question: Question<T>): Promise<T> {
    const other = this.underWay.get(key);
    if (other !== undefined) return other as Promise<T>;
    const asking = this.askNow(question)
      .then((value) => {
        this.cache.keep(key, value, JSON.stringify(value)?.length ?? 0);
        return value;
      })
      .finally(() => this.underWay.delete(key));
    this.underWay.set(key, asking);
    return asking;
  }

  private askNow<T>({ lane: name, policy, repeatable, work, signal }: Question<T>): Promise<T> {
    let lane = this.lanes.get(name);
    if (lane === undefined) {
      lane = new Lane(name, policy);
      this.lanes.set(name, lane);
    }
    return lane.ask(repeatable, work, signal);
  }
}
