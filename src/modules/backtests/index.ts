export { BacktestRunEntity, type BacktestState } from './backtest.entity.js';
export type { BacktestErrorCode } from './backtest.errors.js';
export { Backtest, type BacktestFailure } from './backtest.graphql.js';
export { BacktestResolver, backtestNodes } from './backtest.resolver.js';
export { type BacktestCommand, BacktestService, type ReplayListener } from './backtest.service.js';
export type { BacktestResult, CostLine, MemberMoved } from './stored-result.js';
