export { dryImport, type ImportCommand, ImportService, type ImportServices, publishedTerms } from './import.service.js';
export type { ImportListener, ImportSummary } from './import-summary.js';
