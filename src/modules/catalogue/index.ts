export { putBack } from './catalogue.sql.js';
export { CatalogueClaimResolver, MemberClaimsResolver } from './claim.resolver.js';
export { ClaimService } from './claim.service.js';
export { CodeService } from './code.service.js';
export { CatalogueItemResolver, catalogueNodes } from './item.resolver.js';
export { ItemService } from './item.service.js';
