/** Charges of partners that have bought a block are taken from it at once (LEDGER 2: 32). */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { Account } from '../../domain/ledger/accounts.js';
import type { JournalEntry } from '../../domain/ledger/entry.js';
import { prepaidConsumed } from '../../domain/ledger/treasury-entries.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { lockBlocks } from './standing.sql.js';

/**
 * The entries that take what `charging` charges partners from their blocks, one for each partner, to be recorded
 * together with them. What a block no longer holds stays in the partner's position and is settled like any other:
 * rounding, and contracts that changed, may leave a rest.
 */
export async function prepaidEntries(
  tx: DbTransaction,
  moneyUnit: number,
  charging: readonly JournalEntry[],
  businessDate: BusinessDate,
): Promise<JournalEntry[]> {
  const charges = new Map<number, bigint>();
  for (const { postings } of charging)
    for (const { account, party, amount } of postings)
      if (account === Account.POSITION && amount > 0n) charges.set(party, (charges.get(party) ?? 0n) + amount);
  if (charges.size === 0) return [];
  const blocks = await lockBlocks(tx, moneyUnit, [...charges.keys()]);
  return [...blocks].flatMap(([partnerNo, left]) => {
    const chargeMinor = charges.get(partnerNo) ?? 0n;
    const amountMinor = chargeMinor < left ? chargeMinor : left;
    return amountMinor > 0n ? [prepaidConsumed({ partnerNo, amountMinor, businessDate })] : [];
  });
}
