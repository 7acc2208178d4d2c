/** Entries 6, 6p, 6R: confirmed units taken back that are all still in their lots. */
import type { JournalEntry } from '../../src/domain/ledger/entry.js';
import { lotEntry } from '../../src/domain/ledger/lot-entries.js';
import type { RewardEvent } from '../../src/domain/ledger/rewards.js';
import type { ClawedShare, Move } from '../../src/domain/redemption/events.js';
import type { Funding } from '../../src/domain/redemption/lot.js';
import { NO_PART, plainPart } from '../../src/domain/redemption/part.js';

export function refundEntry({ memberNo, businessDate, sourceId, shares }: RewardEvent): JournalEntry {
  const moves: Move[] = [];
  const clawed = shares.map(({ funderNo, model, ...part }): ClawedShare => {
    const funding: Funding = { funderNo, model, breakageOwner: 'PROGRAMME' };
    moves.push({ lotId: `lot-${moves.length}`, funding, from: 'left', to: 'clawedBack', part });
    // What has not been charged yet is not returned.
    const returned = model === 'SETTLE_AT_REDEMPTION' ? plainPart(part.units, part.valueMinor) : part;
    return { funding, returned, own: part, unused: NO_PART, others: NO_PART, debt: NO_PART };
  });
  return lotEntry(
    { kind: 'CLAWED_BACK', on: businessDate, origin: 'purchase', moves, shares: clawed },
    { memberNo, ...(sourceId === undefined ? {} : { sourceId }) },
  );
}
