export { ConnectorResolver, connectorNodes } from './connector.resolver.js';
export { ConnectorService } from './connector.service.js';
export { FeedService, type FeedSummary } from './feed.service.js';
export { LiveStockResolver, PartnerOffersResolver } from './live.resolver.js';
export { LiveQuestions } from './live.service.js';
export { PartnerClient } from './partner-client.js';
export { PartnerPayoutResolver } from './payout.resolver.js';
export { BankPayouts } from './payout.service.js';
export { insertPayout } from './payout.sql.js';
