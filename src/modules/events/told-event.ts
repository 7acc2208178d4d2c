/** An event as it leaves the gateway: thin, with public ids, and with the cursor that stands for its place. */
import { EVENT_TYPES, type EventTypeRule } from '../../domain/events/event-type.js';
import { cursorOf, type Keyset } from '../../graphql/keyset.js';
import type { EventRecord } from './event.sql.js';

/** The order in which events are told: cursors of the list `events` and of webhooks are the same. */
export const BY_NUMBER: Keyset = {
  name: 'events',
  columns: [{ property: 'number', kind: 'bigint', sql: 'e.number' }],
  direction: 'ASC',
};

export interface ToldEvent {
  readonly type: string;
  /** When it happened. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, string>>;
}

export function toldEvent(event: EventRecord): ToldEvent {
  const { type, recordedAt, programmeCode, memberId, subjectId, causeId } = event;
  const { subject }: EventTypeRule = EVENT_TYPES[type];
  return {
    type,
    timestamp: recordedAt.toISOString(),
    data: {
      cursor: cursorOf(BY_NUMBER, event),
      ...(programmeCode !== null && { programmeCode }),
      ...(memberId !== null && { memberId }),
      ...(subject !== undefined && subjectId !== null && { [subject]: subjectId }),
      ...(causeId !== null && { messageId: causeId }),
    },
  };
}
