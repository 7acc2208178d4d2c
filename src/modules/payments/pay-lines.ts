import type { PaidLine } from '../../domain/payments/claims.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { lockLines, moveLines } from '../settlement/index.js';

/** Takes what receipts paid off what is due of lines; a line of which nothing is left is confirmed. */
export async function payLines(tx: DbTransaction, paid: readonly PaidLine[]): Promise<void> {
  const sums = new Map<string, bigint>();
  for (const { lineId, amountMinor } of paid) sums.set(lineId, (sums.get(lineId) ?? 0n) + amountMinor);
  const lines = await lockLines(tx, [...sums.keys()]);
  await moveLines(
    tx,
    lines.map((line) => {
      const dueMinor = line.dueMinor - (sums.get(line.id) ?? 0n);
      return { lineId: line.id, to: dueMinor === 0n ? ('CONFIRMED' as const) : ('PENDING' as const), dueMinor };
    }),
  );
}
