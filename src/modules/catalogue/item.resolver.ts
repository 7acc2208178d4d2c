/** Items: what is offered, and what those who run the programme do with it. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { badUserInput } from '../../graphql/bad-user-input.js';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import type { Keyset } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import { parseMoney } from '../../graphql/money.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize } from '../access/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ProgrammeEntity, type ProgrammeRecord, programmeOf } from '../programmes/index.js';
import { CatalogueItemEntity } from './catalogue.entity.js';
import type { CatalogueErrorCode } from './catalogue.errors.js';
import {
  CatalogueArguments,
  CatalogueItem,
  CatalogueItemConnection,
  CatalogueItemPayload,
  CatalogueItemPublishInput,
  CatalogueItemRestockInput,
  CatalogueItemWithdrawInput,
  CatalogueUserError,
} from './catalogue.graphql.js';
import type { ItemRecord } from './catalogue.sql.js';
import type { ItemService, PublishItem } from './item.service.js';

const BY_CODE: Keyset = { name: 'catalogue', columns: [{ property: 'code', kind: 'text' }], direction: 'ASC' };

/** An item in the measure of its programme. */
export async function shownItem(row: ItemRecord, context: GatewayContext): Promise<CatalogueItem> {
  return CatalogueItem.of(row, await programmeOf(row.programmeNo, context));
}

export const ITEM_BY_ID = rowsById('catalogue.item-by-id', CatalogueItemEntity);

async function findShown(id: string, context: GatewayContext): Promise<CatalogueItem | null> {
  authorize(context.principal, 'programme.read');
  const row = await context.loader(ITEM_BY_ID).load(id);
  return row === undefined ? null : shownItem(row, context);
}

export const catalogueNodes: NodeSource = { type: CatalogueItem, find: findShown };

@Resolver(() => CatalogueItem)
export class CatalogueItemResolver {
  constructor(private readonly items: ItemService) {}

  @Query(() => CatalogueItemConnection, {
    nullable: true,
    description: 'What a programme offers for units, by code; what was withdrawn is left out.',
  })
  async catalogue(
    @Args(() => CatalogueArguments) args: CatalogueArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<CatalogueItem>> {
    const { em, principal } = context;
    authorize(principal, 'programme.read');
    const programme = await em.findOne(ProgrammeEntity, { code: args.programmeCode });
    if (programme === null) throw badUserInput('There is no programme of the code given as programmeCode.');
    const own = { programmeNo: programme.no, withdrawnAt: null };
    return entityConnection(args, BY_CODE, { em, entity: CatalogueItemEntity, where: own }, (rows) =>
      rows.map((row) => CatalogueItem.of(row, programme)),
    );
  }

  @Query(() => CatalogueItem, {
    nullable: true,
    description: 'An item by its id, also a withdrawn one; null when there is none.',
  })
  catalogueItem(
    @Arg('id', () => ID, { description: 'The id of the item.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<CatalogueItem | null> {
    return findShown(id, context);
  }

  @Mutation(() => CatalogueItemPayload, { nullable: true, description: 'Publishes a new item.' })
  async catalogueItemPublish(
    @Arg('input', () => CatalogueItemPublishInput, { description: 'The item.' }) input: CatalogueItemPublishInput,
    @Ctx() context: GatewayContext,
  ): Promise<CatalogueItemPayload> {
    return payload(
      await this.items.publish(context.principal, input, (programme) => itemOf(input, programme)),
      context,
    );
  }

  @Mutation(() => CatalogueItemPayload, {
    nullable: true,
    description: 'Adds to the stock of an item, or takes from what nobody has claimed.',
  })
  async catalogueItemRestock(
    @Arg('input', () => CatalogueItemRestockInput, { description: 'The item, and by how much.' })
    input: CatalogueItemRestockInput,
    @Ctx() context: GatewayContext,
  ): Promise<CatalogueItemPayload> {
    return payload(await this.items.restock(context.principal, input), context);
  }

  @Mutation(() => CatalogueItemPayload, {
    nullable: true,
    description: 'Offers an item no more; what members have claimed stays theirs. Again is the same.',
  })
  async catalogueItemWithdraw(
    @Arg('input', () => CatalogueItemWithdrawInput, { description: 'The item.' }) input: CatalogueItemWithdrawInput,
    @Ctx() context: GatewayContext,
  ): Promise<CatalogueItemPayload> {
    return payload(await this.items.withdraw(context.principal, input.itemId), context);
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'Who delivers it and is paid for it.' })
  supplier(@Root() { supplierNo }: CatalogueItem, @Ctx() { loader }: GatewayContext): Promise<Partner | undefined> {
    return loader(PARTNER_BY_NO).load(supplierNo);
  }
}

const payload = async (
  result: Result<ItemRecord, CatalogueErrorCode>,
  context: GatewayContext,
): Promise<CatalogueItemPayload> =>
  result.ok
    ? { item: await shownItem(result.value, context), userErrors: [] }
    : { userErrors: CatalogueUserError.from(result.failure) };

function itemOf(
  input: CatalogueItemPublishInput,
  { currencyCode, unitCode, unitScale }: ProgrammeRecord,
): Result<PublishItem, CatalogueErrorCode> {
  const { code, name, kind, claimableFrom, supplierCode } = input;
  const priceUnits = parseDecimal(input.price, unitScale);
  if (typeof priceUnits !== 'bigint')
    return fail(
      'UNITS_NOT_POSITIVE',
      `${unitCode} has ${unitScale} decimals; give a price above zero in them.`,
      'price',
    );
  const amount = input.discount?.amount;
  const discount = amount == null ? ok(undefined) : parseMoney(amount, currencyCode, 'discount.amount');
  if (!discount.ok) return discount;
  return ok({
    supplierCode,
    item: {
      ...{ code, name, description: input.description ?? '', kind, priceUnits, claimableFrom },
      ...{ claimableUntil: input.claimableUntil ?? undefined, stock: input.stock ?? undefined },
      ...{ discountMinor: discount.value, discountRate: input.discount?.rate ?? undefined },
      validDays: input.validDays ?? undefined,
    },
  });
}
