export { CatalogueItem } from './catalogue.graphql.js';
export { type ItemRecord, putBack } from './catalogue.sql.js';
export { CatalogueClaimResolver, MemberClaimsResolver } from './claim.resolver.js';
export { type AskStock, ClaimService, type StockAnswer } from './claim.service.js';
export { CodeService } from './code.service.js';
export { CatalogueItemResolver, catalogueNodes } from './item.resolver.js';
export { ItemService } from './item.service.js';
