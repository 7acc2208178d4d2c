/** What receipts and payouts make of the lines they pay off. */
import type { PaidLine } from '../../domain/payments/claims.js';
import type { SettlementLineState } from '../../domain/settlement/line-state.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { type LockedLine, lockLines, moveLines } from '../settlement/index.js';

/** Takes what receipts paid off what is due of lines; a line of which nothing is left is confirmed. */
export async function payLines(tx: DbTransaction, paid: readonly PaidLine[]): Promise<void> {
  const sums = sumsOf(paid, ({ amountMinor }) => amountMinor);
  const lines = await lockLines(tx, [...sums.keys()]);
  await moveLines(
    tx,
    lines.map((line) => {
      const dueMinor = line.dueMinor - (sums.get(line.id) ?? 0n);
      const to = line.state === 'DISPUTED' ? 'DISPUTED' : dueMinor === 0n ? 'CONFIRMED' : 'PENDING';
      return { lineId: line.id, to, dueMinor };
    }),
  );
}

export interface PaidOut {
  readonly lineId: string;
  readonly amountMinor: bigint;
  /** It was under way before. */
  readonly underWay: boolean;
  readonly state: 'BOOKED' | 'RETURNED';
}

/** Lines after payouts were booked or came back: what came back is due again. */
export async function movePaidOut(tx: DbTransaction, payouts: readonly PaidOut[]): Promise<void> {
  const changes = sumsOf(payouts, ({ amountMinor, underWay, state }) => {
    if (state === 'BOOKED') return amountMinor;
    return underWay ? 0n : -amountMinor;
  });
  const ended = new Set(payouts.filter(({ underWay }) => underWay).map(({ lineId }) => lineId));
  const lines = await lockLines(tx, [...changes.keys()]);
  await moveLines(
    tx,
    lines.map((line) => {
      const dueMinor = line.dueMinor + (changes.get(line.id) ?? 0n);
      return { lineId: line.id, to: stateAfter(line, dueMinor, ended.has(line.id)), dueMinor };
    }),
  );
}

/** A line stays in dispute, waiting or under way by another payment of it; else what is due again was rejected. */
function stateAfter({ state }: LockedLine, dueMinor: bigint, ended: boolean): SettlementLineState {
  if (state === 'DISPUTED' || state === 'PENDING' || (state === 'INSTRUCTED' && !ended)) return state;
  return dueMinor === 0n ? 'CONFIRMED' : 'REJECTED';
}

function sumsOf<Row extends { readonly lineId: string }>(
  rows: readonly Row[],
  amount: (row: Row) => bigint,
): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const row of rows) sums.set(row.lineId, (sums.get(row.lineId) ?? 0n) + amount(row));
  return sums;
}
