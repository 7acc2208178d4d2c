export { DisputedLineResolver, DisputeResolver, disputeNodes } from './dispute.resolver.js';
export { DisputeService } from './dispute.service.js';
