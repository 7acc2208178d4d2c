import type { InvariantCheck } from './invariant-check.js';

/**
 * "One outbox row per event, delivered at least once, in order per key." Nothing leaves this ledger as an event yet:
 * there is no outbox, so there is no row that could be wrong. The check says so instead of claiming more.
 */
export const eventsInOrder: InvariantCheck = {
  invariant: 'I17',
  sentence: () => 'no events are handed to anybody yet (there is no outbox), so none is lost or out of order',
  find: async () => [],
};
