/** Use cases of those who run the programme: publishing items, filling up their stock, withdrawing them. */
import type { Principal } from '../../domain/access/principal.js';
import { checkItem, type Item, MOST_STOCK } from '../../domain/catalogue/item.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { formatRate } from '../../domain/money/rate.js';
import { isId } from '../../graphql/scalars.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { findPartner } from '../partners/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import { findProgramme } from '../redemption/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import type { CatalogueErrorCode } from './catalogue.errors.js';
import { addStock, findItemById, type ItemRecord, insertItem, withdrawItem } from './catalogue.sql.js';

export interface PublishItem {
  readonly item: Item;
  readonly supplierCode: string;
}

export interface PublishKey {
  readonly programmeCode: string;
  readonly idempotencyKey: string;
}

export interface Restock {
  readonly itemId: string;
  /** More, or fewer when below zero. */
  readonly by: number;
  readonly idempotencyKey: string;
}

type ItemAnswer = Result<ItemRecord, CatalogueErrorCode>;

export class ItemService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
  ) {}

  /** Publishes a new item; it is never changed afterwards but for its stock and its end. */
  async publish(
    principal: Principal,
    { programmeCode, idempotencyKey }: PublishKey,
    translate: (programme: ProgrammeRecord) => Result<PublishItem, CatalogueErrorCode>,
  ): Promise<ItemAnswer> {
    authorize(principal, 'catalogue.publish');
    const programme = await findProgramme(this.database, this.references, programmeCode);
    if (!programme.ok) return programme;
    const command = translate(programme.value);
    if (!command.ok) return command;
    const { item, supplierCode } = command.value;
    const checked = checkItem(item);
    if (!checked.ok) return checked;
    const { discountRate, ...rest } = item;
    const body = { ...rest, supplierCode, programmeCode, discountRate: discountRate && formatRate(discountRate) };
    const key = { client: principal.subject, key: idempotencyKey, operation: 'PUBLISH_ITEM', body };
    return this.once(key, async (tx) => {
      const supplier = await findPartner(tx, supplierCode);
      if (supplier === undefined)
        return fail('UNKNOWN_PARTNER', `No partner has the code "${supplierCode}"; onboard it first.`, 'supplierCode');
      const made = await insertItem(tx, {
        ...{
          ...rest,
          id: newId(),
          programmeNo: programme.value.no,
          supplierNo: supplier.no,
          publishedBy: principal.subject,
        },
        ...{
          claimableUntil: item.claimableUntil ?? null,
          stock: item.stock ?? null,
          validDays: item.validDays ?? null,
        },
        ...{ discountMinor: item.discountMinor ?? null, discountRate: body.discountRate ?? null },
      });
      return made === undefined
        ? fail('ITEM_EXISTS', `"${programmeCode}" has an item "${item.code}"; choose another code.`, 'code')
        : ok({ id: made.id });
    });
  }

  /** Adds to the stock of an item, or takes from what nobody has claimed. */
  async restock(principal: Principal, { itemId, by, idempotencyKey }: Restock): Promise<ItemAnswer> {
    authorize(principal, 'catalogue.publish');
    const key = { client: principal.subject, key: idempotencyKey, operation: 'RESTOCK_ITEM', body: { itemId, by } };
    return this.once(key, async (tx) => {
      if (!isId(itemId) || (await findItemById(tx, itemId)) === undefined) return unknownItem();
      return (await addStock(tx, itemId, by, MOST_STOCK))
        ? ok({ id: itemId })
        : fail(
            'STOCK_OUT_OF_RANGE',
            'The item has no stock to change, or it would be less than what is claimed or too large.',
            'by',
          );
    });
  }

  /** Offers an item no more; what is claimed stays claimed. Again is the same. */
  async withdraw(principal: Principal, itemId: string): Promise<ItemAnswer> {
    authorize(principal, 'catalogue.publish');
    return this.database.command(async (tx) => {
      if (isId(itemId)) await withdrawItem(tx, itemId);
      const item = isId(itemId) ? await findItemById(tx, itemId) : undefined;
      return item === undefined ? unknownItem() : ok(item);
    });
  }

  private once(
    key: Parameters<typeof answerOnce>[1],
    work: (tx: DbTransaction) => Promise<Result<{ id: string }, CatalogueErrorCode>>,
  ): Promise<ItemAnswer> {
    return this.database.command(async (tx) => {
      const answer = await answerOnce(tx, key, () => work(tx));
      if (!answer.ok) return answer;
      const item = await findItemById(tx, answer.value.id);
      return item === undefined ? unknownItem() : ok(item);
    });
  }
}

const unknownItem = () =>
  fail('UNKNOWN_ITEM', 'There is no item of this id; take the id from the catalogue.', 'itemId');
