/**
 * What came of a back-test, and how it is stored: as JSON, with whole numbers of units and money as text.
 */
import type { ComparedCost, CostView } from '../../domain/backtest/cost.js';
import type { Decile, MovedMembers } from '../../domain/backtest/movement.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';

export interface MemberMoved {
  /** The member's id; who it is stays with those who may ask for it. */
  readonly memberId: string;
  readonly baseline: bigint;
  readonly candidate: bigint;
}

/** A funder is named by its code, PROGRAMME for the programme itself; a month by its first day. */
export type CostLine = ComparedCost & { readonly key: string };

export interface BacktestResult {
  readonly currencyCode: string;
  readonly unitCode: string;
  readonly unitScale: number;
  /** Purchases of the days asked for of which something was kept, of how many members, and what was kept of them. */
  readonly purchases: number;
  readonly members: number;
  readonly spendMinor: bigint;
  /** First day of which a purchase was replayed, so that tiers and caps stood where they stood. */
  readonly replayedFrom: BusinessDate;
  readonly total: ComparedCost;
  readonly by: Readonly<Record<CostView, readonly CostLine[]>>;
  /** Units that caps and budgets withheld. */
  readonly withheld: { readonly candidate: bigint; readonly baseline: bigint };
  readonly winners: MovedMembers;
  readonly losers: MovedMembers;
  readonly unchanged: number;
  readonly deciles: readonly Decile[];
  readonly gainsMost: readonly MemberMoved[];
  readonly losesMost: readonly MemberMoved[];
  /** Budgets were used up member by member instead of in the order of time. */
  readonly budgetsApproximate: boolean;
}

type Stored<T> = T extends bigint
  ? string
  : T extends string | number | boolean
    ? T
    : { readonly [Key in keyof T]: Stored<T[Key]> };

export type StoredResult = Stored<BacktestResult>;

export const encodeResult = (result: BacktestResult): string =>
  JSON.stringify(result, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
