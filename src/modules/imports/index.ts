export { type ColumnFault, type Feed, fileDigest, openFeed } from './feed.js';
export { FeedDates } from './feed-dates.js';
export { dryImport, type ImportCommand, ImportService, type ImportServices, publishedTerms } from './import.service.js';
export type { ImportListener, ImportSummary } from './import-summary.js';
