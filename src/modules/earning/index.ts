export { confirmDue } from './confirm.js';
export {
  AccrualEntity,
  AccrualReversalEntity,
  DueEntity,
  entities,
  LotEntity,
  MemberSpendDayEntity,
} from './earning.entity.js';
export { EarningResolver } from './earning.resolver.js';
export { EarningService } from './earning.service.js';
export {
  type CounterKey,
  changeCounters,
  changeSpend,
  insertAccruals,
  insertReversals,
  loadCounters,
  loadMetric,
  loadMetricDays,
  loadSpend,
  lockMembers,
  type MetricWindow,
  type NewAccrual,
  type NewReversal,
  type SpendChange,
  type SpendWindow,
} from './earning.sql.js';
