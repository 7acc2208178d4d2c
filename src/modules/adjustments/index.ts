export { AdjustmentResolver, adjustmentNodes } from './adjustment.resolver.js';
export { AdjustmentService } from './adjustment.service.js';
