export { AUDIT_HEADER, csvOfEntries, readEntries } from './audit.export.js';
export { AuditResolver } from './audit.resolver.js';
