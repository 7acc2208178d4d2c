export { PurchaseClaimResolver, purchaseClaimNodes } from './purchase-claim.resolver.js';
export { PurchaseClaimService } from './purchase-claim.service.js';
