export { payForItem } from './item.js';
export { type NamedPayer, payerOf, refuseClosed } from './payer.js';
export { findPayer, type PayerRecord } from './payer.sql.js';
export { type CashedOut, charityOf, type OnCashOut, useUnits } from './paying-out.js';
export { PayoutResolver } from './payout.resolver.js';
export { PayoutService } from './payout.service.js';
export { REDEMPTION_ERRORS, type RedemptionErrorCode } from './redemption.errors.js';
export { Redemption, type RedemptionNotation } from './redemption.graphql.js';
export { REDEMPTION_BY_ID, shownRedemption } from './redemption.loaders.js';
export { RedemptionResolver } from './redemption.resolver.js';
export { RedemptionService } from './redemption.service.js';
export { getRedemption, type RedemptionRecord } from './redemption.sql.js';
export {
  RedemptionFieldsResolver,
  RedemptionLotResolver,
  redemptionNodes,
} from './redemption-fields.resolver.js';
export { MemberRedemptionsResolver, RedemptionListsResolver } from './redemption-lists.resolver.js';
export { ResolutionService } from './resolution.service.js';
export { RedemptionReviewResolver, ReviewResolver } from './review.resolver.js';
export { ReviewService } from './review.service.js';
export {
  findProgramme,
  openLots,
  openTill,
  redeemerOf,
  type Till,
} from './till.js';
export { TillQueue } from './till-queue.js';
export { payerNamed, tillOf } from './translate.js';
export { returnUnpaid } from './unpaid.js';
