export {
  EVENT_COLUMNS,
  EVENT_TABLES,
  type EventRecord,
  lastNumber,
  readEvents,
  recordEventByOrm,
  recordEvents,
} from './event.sql.js';
export { EventRelay } from './relay.js';
