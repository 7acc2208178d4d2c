export { MerchantIdResolver } from './merchant-id.resolver.js';
export { MerchantIdService } from './merchant-id.service.js';
