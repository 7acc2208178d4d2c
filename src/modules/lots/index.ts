export { expireLots, type LotsExpired, type ProgrammeDay } from './expire.js';
export { BorneClawbackEntity, LotEntity, LotMovementEntity, LotPotEntity, MemberDebtEntity } from './lot.entity.js';
export { LotResolver } from './lot.resolver.js';
export { LotService } from './lot.service.js';
export { type LotsToOpen, type OpenedLots, openMemberLots } from './open-lots.js';
export { type RecordedLots, storeMemberLots } from './store-lots.js';
export { type ActivityRow, storeActivity } from './store-lots.sql.js';
