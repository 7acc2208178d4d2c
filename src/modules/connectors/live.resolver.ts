/** Fields that ask partners live: batched in each request, a partner that is down costs its own field and no other. */
import { GraphQLError } from 'graphql';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { availableOf, type LiveOffer } from '../../domain/connectors/live.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { PARTNER_FAULTS, type PartnerAnswer, PartnerFault } from '../../infrastructure/partner-port/index.js';
import { authorize } from '../access/index.js';
import { CatalogueItem } from '../catalogue/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { LiveStock, PartnerOffers } from './live.graphql.js';
import type { LiveQuestions } from './live.service.js';

/**
 * What a loader throws for one of its keys, as an error that GraphQL locates at the field; the rest of the answer
 * stands. (Loaders answer a key with an Error by throwing it to whoever asked for that key.)
 */
const located =
  (partnerCode: string) =>
  (error: unknown): never => {
    if (!(error instanceof PartnerFault)) throw error;
    throw new GraphQLError(
      `The partner "${partnerCode}" cannot be asked now. ${PARTNER_FAULTS[error.code].meaning} The rest of the answer is complete.`,
      { extensions: { code: 'PARTNER_UNAVAILABLE', partnerCode, reason: error.code } },
    );
  };

@Resolver(() => Partner)
export class PartnerOffersResolver {
  private readonly offers: LoaderDefinition<number, PartnerAnswer<readonly LiveOffer[]> | undefined>;

  constructor(live: LiveQuestions) {
    this.offers = { name: 'connectors.live-offers', load: (partnerNos) => live.offersOf(partnerNos) as never };
  }

  @FieldResolver(() => PartnerOffers, {
    nullable: true,
    description:
      'What it offers now, asked of the partner itself; null when it is not asked. A partner that does not answer is an ' +
      'error PARTNER_UNAVAILABLE at this field.',
  })
  async liveOffers(
    @Root() { no, code }: Partner,
    @Ctx() { loader, principal }: GatewayContext,
  ): Promise<PartnerOffers | null> {
    authorize(principal, 'partner.read');
    const answer = await loader(this.offers).load(no).catch(located(code));
    return answer === undefined ? null : PartnerOffers.of(answer);
  }
}

interface AskedItem {
  readonly supplierNo: number;
  readonly code: string;
}

@Resolver(() => CatalogueItem)
export class LiveStockResolver {
  /** By "supplier/code": all items of a supplier are one question. */
  private readonly stock: LoaderDefinition<string, LiveStock | undefined>;

  constructor(live: LiveQuestions) {
    this.stock = { name: 'connectors.live-stock', load: (keys) => loadStock(live, keys) as never };
  }

  @FieldResolver(() => LiveStock, {
    nullable: true,
    description:
      'Gifts: how many the supplier has, asked of it; null when it is not asked or keeps none. A supplier that does not ' +
      'answer is an error PARTNER_UNAVAILABLE at this field. What a claim may take is decided when it is made.',
  })
  async liveStock(
    @Root() { supplierNo, code, kind }: CatalogueItem,
    @Ctx() { loader, principal }: GatewayContext,
  ): Promise<LiveStock | null> {
    authorize(principal, 'programme.read');
    if (kind !== 'GIFT') return null;
    const supplier = await loader(PARTNER_BY_NO).load(supplierNo);
    const answer = loader(this.stock).load(`${supplierNo}/${code}`);
    return (await answer.catch(located(supplier?.code ?? ''))) ?? null;
  }
}

async function loadStock(
  live: LiveQuestions,
  keys: readonly string[],
): Promise<readonly (LiveStock | PartnerFault | undefined)[]> {
  const items = keys.map((key): AskedItem => {
    const [supplierNo, code = ''] = key.split('/');
    return { supplierNo: Number(supplierNo), code };
  });
  const bySupplier = Map.groupBy(items, ({ supplierNo }) => supplierNo);
  const answers = new Map(
    await Promise.all(
      Array.from(
        bySupplier,
        async ([no, asked]) =>
          [
            no,
            await live.stockOf(
              no,
              asked.map(({ code }) => code),
            ),
          ] as const,
      ),
    ),
  );
  return items.map(({ supplierNo, code }) => {
    const answer = answers.get(supplierNo);
    if (answer === undefined || answer instanceof PartnerFault) return answer;
    const available = availableOf(answer.value, code);
    return available === undefined ? undefined : LiveStock.of(available, answer);
  });
}
