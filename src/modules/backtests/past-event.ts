/** A stored purchase as a replay decides it again: what the decision was given, with what is left of the purchase. */
import type { PastEvent } from '../../domain/backtest/replay.js';
import { decodeDecision, type Reference } from '../transactions/index.js';
import type { EventRow } from './history-pages.sql.js';

export function eventOf(row: EventRow, reference: Reference): PastEvent {
  const { purchase, facts } = decodeDecision(row, reference);
  const { merchantContract, issuerContract } = facts;
  const amountMinor = row.amountMinor - row.refundedMinor;
  return {
    id: row.id,
    version: row.facts.v,
    purchase: { ...purchase, amountMinor },
    contracts: { ...(merchantContract && { merchantContract }), ...(issuerContract && { issuerContract }) },
  };
}
