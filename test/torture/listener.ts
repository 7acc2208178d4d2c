/** Somebody who is told of everything by webhook. Whatever goes wrong, it hears of each event, and of one thing in order. */
import { setTimeout as delay } from 'node:timers/promises';
import { Receiver } from '../support/receiver.js';
import { type PatientClient, Violation } from './client.js';
import type { Cluster } from './cluster.js';

const CREATE = `mutation ($input: WebhookEndpointCreateInput!) { webhookEndpointCreate(input: $input) {
  webhookEndpoint { id } userErrors { code message } } }`;
const PATIENCE_MS = 300_000;

interface EventRow {
  readonly id: string;
  /** Null until the relay has come to it. */
  readonly number: string | null;
  readonly key: string;
}

export class Listener {
  /** The last number that was compared. */
  private compared = '0';

  private constructor(
    private readonly receiver: Receiver,
    private readonly query: (text: string, values?: readonly unknown[]) => Promise<EventRow[]>,
  ) {}

  /** @param token of somebody who may see every event */
  static async open(cluster: Cluster, database: string, ask: PatientClient['ask'], token: string): Promise<Listener> {
    const receiver = await Receiver.open();
    const { webhookEndpointCreate: made } = await ask(token, CREATE, { input: { url: receiver.url } });
    if (made.userErrors.length > 0) throw new Error(`Nobody can be told: ${JSON.stringify(made.userErrors)}`);
    return new Listener(receiver, async (text, values) => (await cluster.ask<never>(database, text, values)).rows);
  }

  /**
   * Waits until it has heard of everything. At least once: a worker that died has perhaps sent what another sends again.
   *
   * @returns of how many it has heard since it was asked last
   */
  async expectAllHeard(): Promise<number> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      // The worker that was killed keeps an endpoint for a minute; nobody waits for that here.
      await this.query('update webhook_endpoint set leased_until = null, rests_until = null');
      const events = await this.query(
        `select id, number::text, ordering_key as key from event where number is null or number > $1 order by event.number`,
        [this.compared],
      );
      const taken = this.receiver.orderOf(events.map(({ id }) => id));
      if (taken.length === events.length && events.every(({ number }) => number !== null)) {
        this.expectInOrder(events, taken);
        this.compared = events.at(-1)?.number ?? this.compared;
        return events.length;
      }
      if (performance.now() > deadline) throw new Violation(`Of ${events.length} events ${taken.length} were told.`);
      await delay(100);
    }
  }

  close = (): Promise<void> => this.receiver.close();

  private expectInOrder(events: readonly EventRow[], taken: readonly string[]): void {
    const places = new Map(taken.map((id, place) => [id, place]));
    for (const [key, ofKey] of Map.groupBy(events, (event) => event.key)) {
      const order = ofKey.map(({ id }) => places.get(id) as number);
      if (order.some((place, nth) => nth > 0 && place < (order[nth - 1] as number)))
        throw new Violation(`Events of ${key} were told in another order: ${ofKey.map(({ number }) => number)}`);
    }
  }
}
