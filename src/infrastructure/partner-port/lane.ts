/**
 * One lane to a partner's server: so many questions at once, so many that wait, a circuit breaker, and retries of
 * what may be asked twice. No two connectors, and no two capabilities of one, share a lane: whoever hangs fills its
 * own slots and nobody else's.
 */
import {
  BrokenCircuitError,
  type BulkheadPolicy,
  BulkheadRejectedError,
  bulkhead,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IDefaultPolicyContext,
  type IPolicy,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { PARTNER_FAULTS, PartnerFault, type PartnerFaultCode } from './fault.js';

export interface LanePolicy {
  /** Questions at once. */
  readonly slots: number;
  /** Questions that wait for a slot; beyond them BUSY is the answer at once. */
  readonly queue: number;
  /** Of one attempt. */
  readonly attemptMs: number;
  /** Of the whole question, waiting and attempts together. */
  readonly deadlineMs: number;
  /** Further attempts, of questions that change nothing. */
  readonly retries: number;
  /** So many failed attempts one after another open the circuit... */
  readonly breakAfter: number;
  /** ...and after so long one question tries again. */
  readonly restMs: number;
}

/** What an operator watches of a lane. Plain numbers; whoever exports metrics reads them. */
export interface LaneCounters {
  readonly lane: string;
  readonly asked: number;
  readonly answered: number;
  readonly retried: number;
  readonly faults: Readonly<Partial<Record<PartnerFaultCode, number>>>;
  readonly active: number;
  readonly waiting: number;
  /** The most that ever were active at once. */
  readonly mostActive: number;
  readonly circuit: 'CLOSED' | 'OPEN' | 'HALF_OPEN';
}

export interface Attempt {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;

const CIRCUITS: Readonly<Record<CircuitState, LaneCounters['circuit']>> = {
  [CircuitState.Closed]: 'CLOSED',
  [CircuitState.Open]: 'OPEN',
  [CircuitState.HalfOpen]: 'HALF_OPEN',
  [CircuitState.Isolated]: 'OPEN',
};

export class Lane {
  private readonly slots: BulkheadPolicy;
  private readonly breaker: CircuitBreakerPolicy;
  private readonly once: IPolicy<IDefaultPolicyContext>;
  private readonly again: IPolicy<IDefaultPolicyContext>;
  private asked = 0;
  private answered = 0;
  private retried = 0;
  private active = 0;
  private mostActive = 0;
  private readonly faults: Partial<Record<PartnerFaultCode, number>> = {};

  constructor(
    readonly name: string,
    private readonly policy: LanePolicy,
  ) {
    const { slots, queue, retries, breakAfter, restMs, deadlineMs } = policy;
    this.slots = bulkhead(slots, queue);
    this.breaker = circuitBreaker(
      handleWhen((error) => error instanceof PartnerFault && PARTNER_FAULTS[error.code].ill),
      { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(breakAfter) },
    );
    const retrying = retry(
      handleWhen((error) => error instanceof PartnerFault && PARTNER_FAULTS[error.code].transient),
      {
        maxAttempts: retries,
        backoff: new ExponentialBackoff({ initialDelay: FIRST_RETRY_MS, maxDelay: LONGEST_RETRY_MS }),
      },
    );
    retrying.onRetry(() => {
      this.retried += 1;
    });
    // The deadline lets the asker go at once; the slot is free only when the call has really ended.
    const deadline = timeout(deadlineMs, TimeoutStrategy.Aggressive);
    this.once = wrap(deadline, this.slots, this.breaker);
    this.again = retries === 0 ? this.once : wrap(deadline, this.slots, retrying, this.breaker);
  }

  /** Asks. `repeatable` questions are asked again after a passing fault. Throws PartnerFault. */
  async ask<T>(repeatable: boolean, work: (attempt: Attempt) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.asked += 1;
    try {
      const answer = await (repeatable ? this.again : this.once).execute(
        (context) => this.attempt(work, context.signal),
        signal,
      );
      this.answered += 1;
      return answer;
    } catch (error) {
      const fault = faultOf(error, signal);
      if (fault instanceof PartnerFault) this.faults[fault.code] = (this.faults[fault.code] ?? 0) + 1;
      throw fault;
    }
  }

  counters(): LaneCounters {
    return {
      lane: this.name,
      asked: this.asked,
      answered: this.answered,
      retried: this.retried,
      faults: { ...this.faults },
      active: this.active,
      waiting: this.policy.queue - this.slots.queueSlots,
      mostActive: this.mostActive,
      circuit: CIRCUITS[this.breaker.state],
    };
  }

  private async attempt<T>(work: (attempt: Attempt) => Promise<T>, signal: AbortSignal): Promise<T> {
    this.active += 1;
    this.mostActive = Math.max(this.mostActive, this.active);
    try {
      return await work({ signal, timeoutMs: this.policy.attemptMs });
    } catch (error) {
      // Given up at the deadline of the question: it is the partner that has taken too long.
      if (error instanceof PartnerFault && error.code === 'CANCELLED') throw new PartnerFault('TIMED_OUT');
      throw error;
    } finally {
      this.active -= 1;
    }
  }
}

function faultOf(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return new PartnerFault('CANCELLED');
  if (error instanceof BulkheadRejectedError) return new PartnerFault('BUSY');
  if (error instanceof BrokenCircuitError) return new PartnerFault('CIRCUIT_OPEN');
  if (error instanceof TaskCancelledError) return new PartnerFault('TIMED_OUT');
  return error;
}
