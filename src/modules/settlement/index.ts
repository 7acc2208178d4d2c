export { SETTLEMENT_ERRORS, type SettlementErrorCode } from './settlement.errors.js';
export { type Settlement, SettlementService } from './settlement.service.js';
export type { SettlementLineRow } from './settlement.sql.js';
export type { SettlementCommand } from './window.service.js';
export type { WindowRow } from './window.sql.js';
