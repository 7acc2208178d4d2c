export { BorneClawbackEntity, LotEntity, LotMovementEntity, LotPotEntity, MemberDebtEntity } from './lot.entity.js';
export { type LotsToOpen, type OpenedLots, openMemberLots } from './open-lots.js';
export { type RecordedLots, storeMemberLots } from './store-lots.js';
export { type ActivityRow, storeActivity } from './store-lots.sql.js';
