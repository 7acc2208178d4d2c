export { type BudgetKey, changeBudgets, lockBudgets, readBudgets } from './budget.sql.js';
export { confirmDue } from './confirm.js';
export {
  AccrualEntity,
  AccrualReversalEntity,
  BudgetCounterEntity,
  DueEntity,
  entities,
  MemberSpendDayEntity,
} from './earning.entity.js';
export { EarningResolver } from './earning.resolver.js';
export { EarningService } from './earning.service.js';
export {
  type CounterKey,
  changeCounters,
  changeDays,
  insertAccruals,
  insertReversals,
  loadCounters,
  loadDays,
  loadMetric,
  type MemberDay,
  type NewAccrual,
  type NewReversal,
  type SpendWindow,
  shrinkPending,
} from './earning.sql.js';
export { findMarks, insertMarks, type MarkReached, type MovedHold, moveHolds } from './hold.sql.js';
