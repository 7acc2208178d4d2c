/**
 * Sends what waits. A worker takes an endpoint for itself (a lease in the database, so that several agree), and serves it
 * in rounds: deals events out, sends the first of each ordering key, settles what came of it in one transaction. A worker
 * that dies between the two leaves the events waiting, and another sends them again: at least once, with the same id.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { v4 as newLease } from 'uuid';
import { PAUSE_AFTER_MS, restAfter, verdictOf, waitAfter } from '../../domain/webhooks/retry.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import type { Outbound } from '../../infrastructure/outbound/index.js';
import { recordEvents, toldEvent } from '../events/index.js';
import {
  actAsOwner,
  claimEndpoints,
  type DueDelivery,
  dealOut,
  keepStanding,
  releaseLease,
  renewLease,
  type ServedEndpoint,
  type Settled,
  type Standing,
  settle,
  takeDue,
  wake,
} from './delivery.sql.js';
import { findSecrets } from './endpoint.sql.js';
import { type Attempted, type Receiver, send } from './sending.js';

/** Endpoints served at once by this process: one that hangs takes one place, and its round ends with its time-outs. */
const MOST_SERVED = 64;
/** Calls to one endpoint at once, and events of one round. */
const CALLS_AT_ONCE = 8;
const ROUND = 64;
/** After so long a round begins no more calls: with those under way it ends well within the lease. */
const ROUND_MS = 10_000;
const LOOK_AGAIN_MS = 200;

interface Round {
  readonly endpoint: ServedEndpoint;
  readonly receiver: Receiver;
  readonly due: readonly DueDelivery[];
  /** More events wait to be dealt out. */
  readonly more: boolean;
}

export interface DispatcherOptions {
  /** From 0 to 999, for spreading retries. */
  readonly chance?: () => number;
  readonly timeoutMs?: number;
  readonly roundMs?: number;
}

const anyChance = (): number => Math.floor(Math.random() * 1_000);

export class WebhookDispatcher {
  constructor(
    private readonly database: Database,
    private readonly outbound: Outbound,
    private readonly options: DispatcherOptions = {},
  ) {}

  /** Sends all that is due, of all endpoints, and returns when nothing is left that can be sent now. */
  async run(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const lease = newLease();
    const serving = new Set<Promise<void>>();
    const failures: unknown[] = [];
    while (!signal.aborted && failures.length === 0) {
      const room = MOST_SERVED - serving.size;
      const claimed = await this.database.command((tx) => claimEndpoints(tx, lease, room));
      for (const no of claimed) {
        const served: Promise<void> = this.serve(no, lease, signal)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => serving.delete(served));
        serving.add(served);
      }
      if (serving.size === 0) break;
      await Promise.race([...serving, delay(LOOK_AGAIN_MS)]);
    }
    await Promise.all(serving);
    if (failures.length > 0) throw failures[0];
  }

  private async serve(no: number, lease: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const round = await this.database.command((tx) => beginRound(tx, no, lease));
      if (round === undefined) return;
      const goOn = round.due.length === 0 ? round.more : await this.play(round, lease, signal);
      if (signal.aborted || !goOn) break;
    }
    await this.database.command((tx) => releaseLease(tx, no, lease));
  }

  /** Sends what is due and settles it; answers whether to go on with the endpoint at once. */
  private async play({ endpoint, receiver, due }: Round, lease: string, signal: AbortSignal): Promise<boolean> {
    const settled: Settled[] = [];
    let isGone = false;
    const left = due.values();
    const { timeoutMs, roundMs = ROUND_MS } = this.options;
    const over = performance.now() + roundMs;
    const timed = timeoutMs === undefined ? receiver : { ...receiver, timeoutMs };
    const call = async (): Promise<void> => {
      for (const event of left) {
        const attempted = await send(this.outbound, timed, event.id, toldEvent(event), signal);
        if (attempted.fault === 'CANCELLED') return;
        isGone ||= verdictOf(attempted.status) === 'GONE';
        settled.push(this.judge(event, attempted));
        if (performance.now() > over) return;
      }
    };
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, call));
    if (settled.length === 0) return false;
    return this.database.command(async (tx) => {
      const now = await renewLease(tx, endpoint.no, lease);
      // Another worker has it, or its owner has paused it meanwhile: what was sent may be sent again.
      if (now === undefined) return false;
      const standing = standingAfter(now, settled, isGone);
      await settle(tx, endpoint.no, standing.status === 'ACTIVE' ? settled : settled.map(keptWaiting));
      return keepStandingOf(tx, now, standing);
    });
  }

  private judge(event: DueDelivery, attempted: Attempted): Settled {
    const { latencyMs, status, fault, retryAfterMs } = attempted;
    const kept = { event, latencyMs, status, fault };
    if (verdictOf(status) === 'DELIVERED') return { ...kept, outcome: 'DELIVERED', waitMs: undefined };
    const waitMs = waitAfter(event.attempts + 1, (this.options.chance ?? anyChance)(), retryAfterMs);
    return { ...kept, outcome: waitMs === undefined ? 'GIVEN_UP' : 'FAILED', waitMs };
  }
}

/** Of a receiver that is left alone from now on nothing is given up. */
const keptWaiting = (settled: Settled): Settled =>
  settled.outcome === 'GIVEN_UP' ? { ...settled, outcome: 'FAILED', waitMs: 0 } : settled;

async function beginRound(tx: DbTransaction, no: number, lease: string): Promise<Round | undefined> {
  const endpoint = await renewLease(tx, no, lease);
  if (endpoint === undefined) return undefined;
  await actAsOwner(tx, endpoint);
  const cursor = await dealOut(tx, endpoint);
  const due = await takeDue(tx, no, ROUND);
  const receiver = { url: endpoint.url, secrets: due.length === 0 ? [] : await findSecrets(tx, no) };
  return { endpoint, receiver, due, more: cursor > endpoint.cursor };
}

/** What a round says of the receiver: one delivery is enough for it to be there. */
function standingAfter(
  { failingSince, failedRounds, now }: ServedEndpoint,
  all: readonly Settled[],
  isGone: boolean,
): Standing {
  if (isGone) return { status: 'DISABLED', reason: 'GONE', failingSince: failingSince ?? now, failedRounds, restMs: 0 };
  if (all.some(({ outcome }) => outcome === 'DELIVERED'))
    return { status: 'ACTIVE', reason: null, failingSince: null, failedRounds: 0, restMs: 0 };
  const since = failingSince ?? now;
  const isOver = now.getTime() - since.getTime() >= PAUSE_AFTER_MS;
  return {
    status: isOver ? 'PAUSED' : 'ACTIVE',
    reason: isOver ? 'FAILING' : null,
    failingSince: since,
    failedRounds: failedRounds + 1,
    restMs: restAfter(failedRounds + 1),
  };
}

/** Answers whether the endpoint goes on at once. */
async function keepStandingOf(tx: DbTransaction, endpoint: ServedEndpoint, standing: Standing): Promise<boolean> {
  await keepStanding(tx, endpoint.no, standing);
  if (standing.status !== 'ACTIVE') {
    const partnerNos = endpoint.partnerNo === null ? [] : [endpoint.partnerNo];
    recordEvents(tx, [{ type: 'webhook.paused', programmeNo: 0, partnerNos, subjectId: endpoint.id }]);
    return false;
  }
  if (standing.failingSince !== null) return false;
  if (endpoint.failingSince !== null) await wake(tx, endpoint.no);
  return true;
}
