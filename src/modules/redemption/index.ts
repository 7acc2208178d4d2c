export { PayoutResolver } from './payout.resolver.js';
export { PayoutService } from './payout.service.js';
export { RedemptionResolver } from './redemption.resolver.js';
export { RedemptionService } from './redemption.service.js';
export {
  MemberRedemptionsResolver,
  RedemptionFieldsResolver,
  RedemptionLotResolver,
  redemptionNodes,
} from './redemption-fields.resolver.js';
export { ResolutionService } from './resolution.service.js';
