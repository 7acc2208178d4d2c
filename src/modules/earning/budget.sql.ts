/** Budgets: counters that everyone shares. Whoever may use one up holds its row, so that it is never overspent. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface BudgetKey {
  readonly code: string;
  /** First day of the period. */
  readonly period: BusinessDate;
}

// Also what does not exist yet has to be locked: the row is made first.
const OPEN_BUDGETS = statement(
  'earning.open-budgets',
  `insert into budget_counter (programme_no, code, period, used)
   select $1, k.code, k.period, 0 from unnest($2::text[], $3::date[]) as k (code, period)
   where not exists (select from budget_counter b where b.programme_no = $1 and b.code = k.code and b.period = k.period)
   order by k.code, k.period
   on conflict do nothing`,
);
const LOCK_BUDGETS = statement(
  'earning.lock-budgets',
  `select b.code, b.period, b.used
   from budget_counter b
   where b.programme_no = $1 and (b.code, b.period) in (select * from unnest($2::text[], $3::date[]))
   order by b.code, b.period for update`,
);

/**
 * Locks the budgets, in one order for everybody and after the members, and says how much of each is used. What
 * was read stays true until the transaction ends.
 */
export async function lockBudgets(
  tx: DbTransaction,
  programmeNo: number,
  keys: readonly BudgetKey[],
): Promise<readonly (BudgetKey & { readonly used: bigint })[]> {
  const wanted = [...new Map(keys.map((key) => [`${key.code} ${key.period}`, key])).values()];
  if (wanted.length === 0) return [];
  const columns = [programmeNo, wanted.map(({ code }) => code), wanted.map(({ period }) => period)];
  tx.send(OPEN_BUDGETS, columns);
  return tx.run(LOCK_BUDGETS, columns);
}

const READ_BUDGETS = statement(
  'earning.read-budgets',
  `select b.code, b.period, b.used
   from budget_counter b
   where b.programme_no = $1 and (b.code, b.period) in (select * from unnest($2::text[], $3::date[]))`,
);

/** What is used of budgets by now, for a quote: nobody waits for it. Those never used are missing. */
export async function readBudgets(
  tx: DbTransaction,
  programmeNo: number,
  keys: readonly BudgetKey[],
): Promise<readonly (BudgetKey & { readonly used: bigint })[]> {
  if (keys.length === 0) return [];
  return tx.run(READ_BUDGETS, [programmeNo, keys.map(({ code }) => code), keys.map(({ period }) => period)]);
}

const CHANGE_BUDGETS = statement(
  'earning.change-budgets',
  `update budget_counter b set used = b.used + d.amount
   from unnest($2::text[], $3::date[], $4::bigint[]) as d (code, period, amount)
   where b.programme_no = $1 and b.code = d.code and b.period = d.period`,
);

/** `amount` + used, - given back; the rows are locked. */
export function changeBudgets(
  tx: DbTransaction,
  programmeNo: number,
  changes: readonly (BudgetKey & { readonly amount: bigint })[],
): void {
  if (changes.length === 0) return;
  tx.send(CHANGE_BUDGETS, [
    programmeNo,
    changes.map(({ code }) => code),
    changes.map(({ period }) => period),
    changes.map(({ amount }) => amount),
  ]);
}
