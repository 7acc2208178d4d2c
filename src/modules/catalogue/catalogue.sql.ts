/** Items and claims: found, reserved and written. An item's row is locked after its member, and for a moment. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { CatalogueClaimEntity, CatalogueItemEntity } from './catalogue.entity.js';

export type ItemRecord = CatalogueItemEntity;
export type ClaimRecord = Omit<CatalogueClaimEntity, 'codeHash'>;

const ITEM = `id, programme_no as "programmeNo", code, name, description, kind, supplier_no as "supplierNo",
  price_units as "priceUnits", claimable_from as "claimableFrom", claimable_until as "claimableUntil", stock, claimed,
  discount_minor as "discountMinor", discount_rate as "discountRate", valid_days as "validDays",
  published_at as "publishedAt", published_by as "publishedBy", withdrawn_at as "withdrawnAt"`;

const CLAIM = `id, member_no as "memberNo", programme_no as "programmeNo", item_id as "itemId", supplier_no as "supplierNo",
  claimed_at as "claimedAt", valid_until as "validUntil", used_at as "usedAt", used_reference as "usedReference"`;

const INSERT_ITEM = statement(
  'catalogue.insert-item',
  `insert into catalogue_item (id, programme_no, code, name, description, kind, supplier_no, price_units, claimable_from,
     claimable_until, stock, discount_minor, discount_rate, valid_days, published_at, published_by)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, hansa_now(), $15)
   on conflict (programme_no, code) do nothing returning ${ITEM}`,
);

export type NewItem = Omit<ItemRecord, 'claimed' | 'publishedAt' | 'withdrawnAt'>;

/** The item, unless the programme has one of that code. */
export async function insertItem(tx: DbTransaction, item: NewItem): Promise<ItemRecord | undefined> {
  const [made] = await tx.run<ItemRecord>(INSERT_ITEM, [
    ...[item.id, item.programmeNo, item.code, item.name, item.description, item.kind, item.supplierNo, item.priceUnits],
    ...[item.claimableFrom, item.claimableUntil ?? null, item.stock ?? null, item.discountMinor ?? null],
    ...[item.discountRate ?? null, item.validDays ?? null, item.publishedBy],
  ]);
  return made;
}

const FIND_ITEM = statement(
  'catalogue.find-item',
  `select ${ITEM} from catalogue_item where programme_no = $1 and code = $2`,
);

export async function findItem(tx: DbTransaction, programmeNo: number, code: string): Promise<ItemRecord | undefined> {
  const [found] = await tx.run<ItemRecord>(FIND_ITEM, [programmeNo, code]);
  return found;
}

const GET_ITEM = statement('catalogue.get-item', `select ${ITEM} from catalogue_item where id = $1`);

export async function findItemById(tx: DbTransaction, id: string): Promise<ItemRecord | undefined> {
  const [found] = await tx.run<ItemRecord>(GET_ITEM, [id]);
  return found;
}

// Those who come at once wait for each other here, and each sees what the one before has left.
const TAKE_ONE = statement(
  'catalogue.take-one',
  `update catalogue_item set claimed = claimed + 1
   where id = $1 and withdrawn_at is null and (stock is null or claimed < stock) returning id`,
);

/** Takes one of the item; false when nothing is left, or it was withdrawn meanwhile. */
export const takeOne = async (tx: DbTransaction, itemId: string): Promise<boolean> =>
  (await tx.run(TAKE_ONE, [itemId])).length > 0;

const LOCK_ITEM = statement('catalogue.lock-item', 'select id from catalogue_item where id = $1 for update');
// In a statement of its own: those who waited for the lock see the claims of those who had it.
const COUNT_PROMISED = statement(
  'catalogue.count-promised',
  `select count(*)::integer as promised from catalogue_claim c
   join redemption r on r.id = c.id and r.member_no = c.member_no
   where c.item_id = $1 and (r.state = 'AUTHORISED' or r.state = 'CAPTURED' and r.resolved_at >= $2)`,
);

/**
 * How many of the item are promised and not yet counted out by its supplier when it was asked at `askedAt`; whoever
 * claims the same at the same time waits. A supplier counts out before it captures.
 */
export async function countPromised(tx: DbTransaction, itemId: string, askedAt: Date): Promise<number> {
  await tx.run(LOCK_ITEM, [itemId]);
  const [row] = await tx.run<{ promised: number }>(COUNT_PROMISED, [itemId, askedAt]);
  return row?.promised ?? 0;
}

// Locked in order, so that two who give several items back wait for each other and never deadlock.
const PUT_BACK = statement(
  'catalogue.put-back',
  `with given as (
     select c.item_id, count(*) as items from unnest($1::uuid[], $2::int[]) as g (id, member_no)
     join catalogue_claim c on c.id = g.id and c.member_no = g.member_no group by c.item_id
   ), locked as materialized (
     select id from catalogue_item where id in (select item_id from given) order by id for update
   )
   update catalogue_item i set claimed = i.claimed - g.items from locked join given g on g.item_id = locked.id where i.id = locked.id`,
);

/** The items of claims that were given up can be claimed again. */
export async function putBack(
  tx: DbTransaction,
  claims: readonly { readonly id: string; readonly memberNo: number }[],
): Promise<void> {
  await tx.run(PUT_BACK, [claims.map(({ id }) => id), claims.map(({ memberNo }) => memberNo)]);
}

const ADD_STOCK = statement(
  'catalogue.add-stock',
  `update catalogue_item set stock = stock + $2 where id = $1 and stock is not null and stock + $2 between claimed and $3 returning id`,
);

/** False when the item has no stock, or it would fall below what is claimed or rise above the most. */
export const addStock = async (tx: DbTransaction, itemId: string, by: number, most: number): Promise<boolean> =>
  (await tx.run(ADD_STOCK, [itemId, by, most])).length > 0;

const WITHDRAW = statement(
  'catalogue.withdraw',
  'update catalogue_item set withdrawn_at = coalesce(withdrawn_at, hansa_now()) where id = $1',
);

export const withdrawItem = (tx: DbTransaction, itemId: string): Promise<unknown> => tx.run(WITHDRAW, [itemId]);

const INSERT_CLAIM = statement(
  'catalogue.insert-claim',
  `insert into catalogue_claim (id, member_no, programme_no, item_id, supplier_no, claimed_at, code_hash, valid_until)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

export const insertClaim = (tx: DbTransaction, claim: ClaimRecord, code: Buffer | undefined): Promise<unknown> =>
  tx.run(INSERT_CLAIM, [
    ...[claim.id, claim.memberNo, claim.programmeNo, claim.itemId, claim.supplierNo, claim.claimedAt],
    ...[code ?? null, claim.validUntil ?? null],
  ]);

const FIND_CLAIM = statement('catalogue.find-claim', `select ${CLAIM} from catalogue_claim where id = $1`);

export async function findClaim(tx: DbTransaction, id: string): Promise<ClaimRecord | undefined> {
  const [found] = await tx.run<ClaimRecord>(FIND_CLAIM, [id]);
  return found;
}

const LOCK_CODE = statement(
  'catalogue.lock-code',
  `select ${CLAIM} from catalogue_claim where code_hash = $1 for update`,
);

/** The claim of that code, locked: a code is used once. */
export async function lockCode(tx: DbTransaction, code: Buffer): Promise<ClaimRecord | undefined> {
  const [found] = await tx.run<ClaimRecord>(LOCK_CODE, [code]);
  return found;
}

const USE_CODE = statement(
  'catalogue.use-code',
  `update catalogue_claim set used_at = $3, used_reference = $4 where id = $1 and member_no = $2 returning ${CLAIM}`,
);

export async function useCode(
  tx: DbTransaction,
  claim: ClaimRecord,
  at: Date,
  reference: string,
): Promise<ClaimRecord> {
  const [used] = await tx.run<ClaimRecord>(USE_CODE, [claim.id, claim.memberNo, at, reference]);
  return used ?? claim;
}

const RENEW_CODE = statement(
  'catalogue.renew-code',
  `update catalogue_claim set code_hash = $3 where id = $1 and member_no = $2 and used_at is null and code_hash is not null returning id`,
);

/** The code before is good no more; false when it was used. */
export const renewCode = async (tx: DbTransaction, claim: ClaimRecord, code: Buffer): Promise<boolean> =>
  (await tx.run(RENEW_CODE, [claim.id, claim.memberNo, code])).length > 0;

const FIND_ACCESS = statement(
  'catalogue.find-access',
  `select max(valid_until) as until from catalogue_claim
   where item_id = $1 and member_no = $2 and valid_until >= $3 and code_hash is null`,
);

/** The last day of the member's access to an item, when it has any on the day. */
export async function findAccess(
  tx: DbTransaction,
  itemId: string,
  memberNo: number,
  today: BusinessDate,
): Promise<BusinessDate | undefined> {
  const [found] = await tx.run<{ until: BusinessDate | null }>(FIND_ACCESS, [itemId, memberNo, today]);
  return found?.until ?? undefined;
}
