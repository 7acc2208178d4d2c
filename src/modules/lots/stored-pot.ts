/** How the pots of a lot are called in the database; `left` is the lot's own row. */
import type { Pot } from '../../domain/redemption/lot.js';

export const STORED_POTS = {
  left: 'LEFT',
  reserved: 'RESERVED',
  spent: 'SPENT',
  expired: 'EXPIRED',
  writtenOff: 'WRITTEN_OFF',
  clawedBack: 'CLAWED_BACK',
  movedOn: 'MOVED_ON',
} as const satisfies Readonly<Record<Pot, string>>;
export type StoredPot = (typeof STORED_POTS)[Pot];
