/**
 * How a subscription hears what happens. The edge puts it into a subscription's context (api/subscriptions); the module
 * `events` is where the news come from.
 */
import type { EventType } from '../domain/events/event-type.js';
import type { GatewayContext } from './context.js';

/** What somebody wants to hear; what is absent narrows nothing. */
export interface Wanted {
  readonly type: EventType;
  readonly programmeNo?: number;
  readonly memberNo?: number;
  /** Named by the event. */
  readonly partnerNo?: number;
  /** The number of the last event that was heard before; from now on when absent. */
  readonly after?: bigint | undefined;
  /** Begin with an item that tells how things are, as nobody knows how long a subscription takes to begin. */
  readonly beginsNow?: boolean;
}

export interface NewsItem {
  /** Of the event: the cursor to go on after it. */
  readonly number: bigint;
  readonly at: Date;
  readonly memberNo: number | null;
  /** The id of what it is about. */
  readonly subjectId: string | null;
}

export interface News {
  /** What the reader may see of what it wants, in order, until its signal is aborted. Throws SlowConsumerError. */
  hear(wanted: Wanted, reader: Pick<GatewayContext, 'em' | 'signal'>): AsyncIterable<NewsItem>;
}

/** More has happened meanwhile than is kept for anybody. */
export class SlowConsumerError extends Error {
  override readonly name = 'SlowConsumerError';
}

export interface SubscriptionContext extends GatewayContext {
  readonly news: News;
}
