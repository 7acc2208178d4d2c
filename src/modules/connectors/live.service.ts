/**
 * What partners are asked while somebody waits: their offers, and how many they have of a gift. Each partner in lanes
 * of its own and within a deadline; one that does not answer is a fault of its own answer and of no other.
 */
import { type Capability, endpointOf } from '../../domain/connectors/connector.js';
import { availableOf, type LiveOffer, offersIn, stockIn } from '../../domain/connectors/live.js';
import { readClock } from '../../infrastructure/db/clock.js';
import type { Database } from '../../infrastructure/db/database.js';
import { LIVE, type PartnerAnswer, PartnerFault } from '../../infrastructure/partner-port/index.js';
import type { StockAnswer } from '../catalogue/index.js';
import { type ConnectorRecord, findAble } from './connector.sql.js';
import { opened } from './feed.service.js';
import { itemsIn } from './feed-source.js';
import { graphqlData, type PartnerClient, type Reachable } from './partner-client.js';

type Open = ConnectorRecord & Reachable;

const MOST_BYTES = 256 * 1024;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const OFFERS_KEPT = { key: 'all', freshMs: 30 * SECOND_MS, staleMs: HOUR_MS };
const STOCK_KEPT = { freshMs: 5 * SECOND_MS, staleMs: 60 * SECOND_MS };

export class LiveQuestions {
  constructor(
    private readonly database: Database,
    private readonly client: PartnerClient,
  ) {}

  /** The offers of each partner, in their order: nothing where a partner is not asked, or why it did not answer. */
  async offersOf(
    partnerNos: readonly number[],
  ): Promise<readonly (PartnerAnswer<readonly LiveOffer[]> | PartnerFault | undefined)[]> {
    const able = await this.able(partnerNos, 'OFFERS');
    return Promise.all(
      partnerNos.map((no) => {
        const connector = able.get(no);
        return connector && faultAsValue(this.offers(connector));
      }),
    );
  }

  /** How many the supplier has of each of these items; items that it does not name are none of its stock. */
  async stockOf(
    supplierNo: number,
    items: readonly string[],
  ): Promise<PartnerAnswer<Readonly<Record<string, number>>> | PartnerFault | undefined> {
    const connector = (await this.able([supplierNo], 'STOCK')).get(supplierNo);
    return connector && faultAsValue(this.stock(connector, items, true));
  }

  /** The same for a claim: never from memory, and with the time before it was asked. */
  readonly stockForClaim = async (item: {
    readonly supplierNo: number;
    readonly code: string;
  }): Promise<StockAnswer> => {
    const { connector, askedAt } = await this.database.command(async (tx) => ({
      connector: (await findAble(tx, [item.supplierNo], 'STOCK')).map((record) => opened(tx, record))[0],
      askedAt: await readClock(tx),
    }));
    if (connector === undefined) return undefined;
    const answer = await faultAsValue(this.stock(connector, [item.code], false));
    if (answer instanceof PartnerFault) return 'UNKNOWN';
    const available = availableOf(answer.value, item.code);
    return available === undefined ? undefined : { available, askedAt };
  };

  private async able(partnerNos: readonly number[], capability: Capability): Promise<ReadonlyMap<number, Open>> {
    const found = await this.database.command(async (tx) =>
      (await findAble(tx, partnerNos, capability)).map((record) => opened(tx, record)),
    );
    return new Map(found.map((connector) => [connector.partnerNo, connector]));
  }

  private offers(connector: Open): Promise<PartnerAnswer<readonly LiveOffer[]>> {
    return this.ask(connector, 'OFFERS', {}, OFFERS_KEPT, offersIn);
  }

  private stock(
    connector: Open,
    items: readonly string[],
    mayBeKept: boolean,
  ): Promise<PartnerAnswer<Readonly<Record<string, number>>>> {
    const asked = [...new Set(items)].sort();
    const kept = mayBeKept ? { ...STOCK_KEPT, key: asked.join(',') } : undefined;
    return this.ask(connector, 'STOCK', { items: asked }, kept, stockIn);
  }

  private ask<T>(
    connector: Open,
    capability: Capability,
    variables: { readonly items?: readonly string[] },
    cache: { readonly key: string; readonly freshMs: number; readonly staleMs: number } | undefined,
    read: (items: readonly unknown[], fields: NonNullable<ReturnType<typeof endpointOf>>['fields']) => T,
  ): Promise<PartnerAnswer<T>> {
    const { path = '/', query, itemsAt, fields } = endpointOf(connector, capability) ?? { fields: [] };
    const { items } = variables;
    const parameter =
      items === undefined ? '' : `${path.includes('?') ? '&' : '?'}items=${encodeURIComponent(items.join(','))}`;
    return this.client.ask(connector, {
      ...{ capability, policy: LIVE, maxBytes: MOST_BYTES, repeatable: true },
      ...(connector.kind === 'GRAPHQL' ? { body: { query, variables } } : { path: path + parameter }),
      ...(cache && { cache }),
      read: (answer) => read(itemsIn(connector.kind === 'GRAPHQL' ? graphqlData(answer) : answer, itemsAt), fields),
    });
  }
}

const faultAsValue = <T>(asking: Promise<T>): Promise<T | PartnerFault> =>
  asking.catch((error: unknown) => {
    if (error instanceof PartnerFault) return error;
    throw error;
  });
