export { CreditResolver } from './credit.resolver.js';
export { CreditService } from './credit.service.js';
export { prepaidEntries } from './prepaid.js';
export { findStandings } from './standing.sql.js';
