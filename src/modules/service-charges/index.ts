export { ServiceChargeResolver, serviceChargeNodes } from './service-charge.resolver.js';
export { ServiceChargeService } from './service-charge.service.js';
