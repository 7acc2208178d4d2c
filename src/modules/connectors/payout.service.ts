/**
 * Telling banks to pay cash out to cards. The bank knows each payout by its key, the id of the redemption, so it is told
 * again with the same words until it says what became of it: confirmed, or failed. Whatever else comes back, or
 * nothing, leaves it open, because nobody knows then whether it was paid. What has failed gives the units back, once.
 */
import { endpointOf } from '../../domain/connectors/connector.js';
import { type PayoutAnswer, readPayout, restAfter } from '../../domain/connectors/payout.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { currencyScale } from '../../domain/money/currency.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { Database } from '../../infrastructure/db/database.js';
import { LIVE, PartnerFault } from '../../infrastructure/partner-port/index.js';
import { returnUnpaid } from '../redemption/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { findConnectorById } from './connector.sql.js';
import { opened } from './feed.service.js';
import type { PartnerClient } from './partner-client.js';
import { claimPayouts, storeAnswer, storeFault, type WaitingPayout } from './payout.sql.js';

const PAGE = 20;
const MOST_BYTES = 64 * 1024;

export class BankPayouts {
  constructor(
    private readonly database: Database,
    private readonly client: PartnerClient,
    private readonly references: ReferenceCache,
  ) {}

  /** The periodic job: asks about what is open and due. How many were asked about. */
  async askWaiting(signal?: AbortSignal): Promise<number> {
    let asked = 0;
    for (;;) {
      if (signal?.aborted) return asked;
      const waiting = await this.database.command((tx) => claimPayouts(tx, PAGE));
      await Promise.all(waiting.map((payout) => this.askAbout(payout)));
      asked += waiting.length;
      if (waiting.length < PAGE) return asked;
    }
  }

  private async askAbout(payout: WaitingPayout): Promise<void> {
    const rest = restAfter(payout.asked);
    try {
      const answer = await this.tell(payout);
      await this.database.command(async (tx) => {
        const settle = (): Promise<boolean> => storeAnswer(tx, payout, answer, rest);
        if (answer.state === 'FAILED') await returnUnpaid(tx, this.references, payout, settle);
        else await settle();
      });
    } catch (error) {
      if (!(error instanceof PartnerFault)) throw error;
      await this.database.command((tx) => storeFault(tx, payout, error.code, rest));
    }
  }

  private async tell({ redemptionId: key, connectorId, amountMinor, currencyCode, cardToken }: WaitingPayout) {
    const connector = await this.database.command(async (tx) => {
      const found = await findConnectorById(tx, connectorId);
      invariant(found !== undefined, 'a connector is never deleted');
      return opened(tx, found);
    });
    const path = endpointOf(connector, 'PAYOUT')?.path;
    // It was changed to pay nothing more; what is open waits for whoever has changed it.
    if (path === undefined) throw new PartnerFault('REJECTED', 'The connector is not for payouts any more.');
    const amount = formatDecimal(amountMinor, currencyScale(currencyCode));
    const { value } = await this.client.ask<PayoutAnswer>(connector, {
      ...{ capability: 'PAYOUT', policy: LIVE, maxBytes: MOST_BYTES, path },
      // The key makes it so.
      repeatable: true,
      headers: { 'idempotency-key': key },
      body: { key, amount, currency: currencyCode, cardToken },
      read: (said) => {
        const answer = readPayout(said, key);
        if (answer === undefined) throw new PartnerFault('MALFORMED', 'It does not say what became of the payout.');
        return answer;
      },
    });
    return value;
  }
}
