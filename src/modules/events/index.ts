export { EventTypeEnum, enumNameOf, eventTypeOf } from './event.graphql.js';
export { EventResolver } from './event.resolver.js';
export {
  EVENT_COLUMNS,
  EVENT_TABLES,
  type EventRecord,
  lastNumber,
  readEvents,
  recordEventByOrm,
  recordEvents,
  removeOld,
} from './event.sql.js';
export { EventFeed } from './event-feed.js';
export { EventRelay } from './relay.js';
export { BY_NUMBER, type ToldEvent, toldEvent } from './told-event.js';
