export { EntriesOfLineResolver } from './entry.resolver.js';
export { Position, SettlementLine } from './line.graphql.js';
export { PositionResolver, SettlementLineResolver } from './line.resolver.js';
export {
  findLinesToConvert,
  type LineMove,
  type LockedLine,
  lockLines,
  lockLinesOf,
  moveLines,
  storeConversion,
} from './line.sql.js';
export { SettlementMatrixCellResolver, SettlementMatrixResolver } from './matrix.resolver.js';
export { SettlementLineEntity } from './settlement.entity.js';
export { SETTLEMENT_ERRORS, type SettlementErrorCode } from './settlement.errors.js';
export { Settlement } from './settlement.graphql.js';
export { LINE_BY_ID, SETTLEMENT_BY_ID } from './settlement.loaders.js';
export {
  SettlementResolver,
  SettlementWindowResolver,
  settlementNodes,
  windowNodes,
} from './settlement.resolver.js';
export { type IssuedSettlement, SettlementService } from './settlement.service.js';
export type { SettlementLineRow } from './settlement.sql.js';
export { StatementOfLineResolver, StatementResolver } from './statement.resolver.js';
export { SettlementStatementService } from './statement.service.js';
export { SettlementWindow } from './window.graphql.js';
export type { SettlementCommand } from './window.service.js';
export type { WindowRow } from './window.sql.js';
