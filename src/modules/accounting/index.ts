export { AccountingResolver } from './accounting.resolver.js';
export { AccountingService } from './accounting.service.js';
