/** A stored purchase as a replay decides it again: what the decision was given, with what is left of the purchase. */
import type { PastEvent } from '../../domain/backtest/replay.js';
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import { keptAfterReturns, purchaseState } from '../../domain/transactions/lifecycle.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { decodePurchase, loadStanding, type Reference, storedMessage, withTimes } from '../transactions/index.js';
import type { EventRow } from './history-pages.sql.js';

/** Baskets by the id of their purchase. */
export type Baskets = ReadonlyMap<string, PastEvent['purchase']['lines']>;

/** What is left of the baskets of which a part went back, by what was said about them. The rest is as it was bought. */
export async function loadKeptBaskets(tx: DbTransaction, rows: readonly EventRow[]): Promise<Baskets> {
  const torn = rows.filter(({ lines, refundedMinor }) => lines !== null && refundedMinor > 0n);
  const { messages } = await loadStanding(tx, torn);
  const messagesOf = Map.groupBy(messages, ({ transactionId }) => transactionId);
  return new Map(
    [...messagesOf].map(([id, said]) => [id, keptAfterReturns(purchaseState(said.map(storedMessage))).at(-1)?.lines]),
  );
}

export function eventOf(row: EventRow, basket: PastEvent['purchase']['lines'], reference: Reference): PastEvent {
  const { partners } = reference;
  const { v, mc, ic } = row.facts;
  const merchantContract = mc === undefined ? undefined : partners.contractByNo(mc);
  const issuerContract = ic === undefined ? undefined : partners.contractByNo(ic);
  const purchase = decodePurchase(row, reference);
  return {
    id: row.id,
    version: v,
    purchase:
      row.refundedMinor === 0n
        ? purchase
        : { ...purchase, amountMinor: row.amountMinor - row.refundedMinor, ...(basket && { lines: basket }) },
    contracts: { ...(merchantContract && { merchantContract }), ...(issuerContract && { issuerContract }) },
  };
}

/**
 * The same for terms that did not decide it: they may count another of its days, and ask for the time of day
 * where nobody asked before.
 */
export function asDecidedBy(
  terms: ProgrammeTerms,
  event: PastEvent,
  row: EventRow,
  memberTimeZone: string | undefined,
): PastEvent {
  const timed = withTimes(event.purchase, new Date(row.occurredSeconds * 1_000), terms, memberTimeZone);
  const day = terms.attribution === 'POSTING' ? row.postedOn : row.authorisedOn;
  const purchase = day === null ? timed : { ...timed, businessDate: day };
  return purchase === event.purchase ? event : { ...event, purchase };
}
