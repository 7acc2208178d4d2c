/** Use cases of members and suppliers: claiming an item, its code, its access. */
import type { Principal } from '../../domain/access/principal.js';
import { isOffered, lastDayOf } from '../../domain/catalogue/item.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize, itself } from '../access/index.js';
import { whoseMember } from '../members/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import {
  findProgramme,
  getRedemption,
  type NamedPayer,
  openTill,
  type PayerRecord,
  payerOf,
  payForItem,
  type RedemptionRecord,
  redeemerOf,
  refuseClosed,
  type Till,
} from '../redemption/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import type { CatalogueErrorCode } from './catalogue.errors.js';
import {
  type ClaimRecord,
  countPromised,
  findAccess,
  findClaim,
  findItem,
  type ItemRecord,
  insertClaim,
  renewCode,
  takeOne,
} from './catalogue.sql.js';
import { codeHash, newCode } from './discount-code.js';

/** An item, and the member it is about. */
export interface ItemOfMember {
  readonly programmeCode: string;
  readonly itemCode: string;
  readonly payer: NamedPayer;
}

export interface Claim extends ItemOfMember {
  readonly idempotencyKey: string;
}

export interface Claimed {
  readonly claim: ClaimRecord;
  readonly redemption: RedemptionRecord;
  readonly programme: ProgrammeRecord;
  /** Of a discount, when it was made just now: it is told once. */
  readonly code?: string | undefined;
}

/** What a supplier says about its stock: nothing when it is not asked, or keeps none of this item. */
export type StockAnswer =
  | undefined
  | 'UNKNOWN'
  | { readonly available: number /** By the database's clock, before it was asked. */; readonly askedAt: Date };

/** Asks the supplier of a gift how many it has. */
export type AskStock = (item: Pick<ItemRecord, 'supplierNo' | 'code'>) => Promise<StockAnswer>;

export class ClaimService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
    private readonly askStock: AskStock,
  ) {}

  /**
   * Takes an item for units. A gift holds its price until the supplier captures it; a discount and access are
   * delivered, and so captured, at once. The same key gives the same claim, but no code a second time.
   */
  async claim(principal: Principal, command: Claim): Promise<Result<Claimed, CatalogueErrorCode>> {
    const { idempotencyKey, programmeCode, itemCode } = command;
    authorize(principal, 'redemption.authorise', itself(principal));
    // Before the transaction: nobody waits for a supplier with a member locked.
    const stock = await this.stockOf(programmeCode, itemCode);
    return this.at(principal, command, async (till, item, payer) => {
      let code: string | undefined;
      const body = { programmeCode, itemCode, payer: payer.id };
      const answer = await answerOnce<{ id: string }, CatalogueErrorCode>(
        till.tx,
        { client: principal.subject, key: idempotencyKey, operation: 'CATALOGUE_CLAIM', body },
        async () => {
          code = item.kind === 'DISCOUNT' ? newCode() : undefined;
          const claimed = await claimItem(till, item, payer, { code, stock });
          return claimed.ok ? ok({ id: claimed.value.id }) : claimed;
        },
      );
      if (!answer.ok) return answer;
      const claim = await findClaim(till.tx, answer.value.id);
      invariant(claim !== undefined, 'a claim never goes away');
      const redemption = await getRedemption(till.tx, claim.id);
      return ok({ claim, redemption, programme: till.programme, code });
    });
  }

  /** The last day of a member's access to an item; nothing when it has none today. */
  async access(
    principal: Principal,
    command: ItemOfMember,
  ): Promise<Result<BusinessDate | undefined, CatalogueErrorCode>> {
    return this.at(principal, command, async (till, item, payer) =>
      ok(await findAccess(till.tx, item.id, payer.no, till.today)),
    );
  }

  /** A new code for a discount whose code was lost; the one before is good no more. */
  async renew(
    principal: Principal,
    claimId: string,
  ): Promise<Result<{ claim: ClaimRecord; code: string }, CatalogueErrorCode>> {
    authorize(principal, 'redemption.authorise', itself(principal));
    return this.database.command(async (tx) => {
      const claim = isId(claimId) ? await findClaim(tx, claimId) : undefined;
      if (claim === undefined) return unknownClaim();
      const { partnerNos = [] } = await whoseMember(tx, claim.memberNo);
      const own =
        principal.kind === 'MEMBER'
          ? principal.memberNo === claim.memberNo
          : principal.kind !== 'PARTNER' || partnerNos.includes(principal.partnerNo);
      if (!own) return unknownClaim();
      const code = newCode();
      if (await renewCode(tx, claim, codeHash(code))) return ok({ claim, code });
      return claim.usedAt == null
        ? fail('NOT_A_DISCOUNT', 'The item has no code; only discounts do.', 'claimId')
        : fail('CODE_USED', 'The code was used already; claim the item again for another.', 'claimId');
    });
  }

  private async stockOf(programmeCode: string, itemCode: string): Promise<StockAnswer> {
    const programme = await findProgramme(this.database, this.references, programmeCode);
    if (!programme.ok) return undefined;
    const item = await this.database.command((tx) => findItem(tx, programme.value.no, itemCode));
    return item?.kind === 'GIFT' && item.withdrawnAt == null ? this.askStock(item) : undefined;
  }

  /** Inside the fence, with the item and the member when the caller may act for it or is the supplier. */
  private async at<Answer>(
    principal: Principal,
    { programmeCode, itemCode, payer: named }: ItemOfMember,
    work: (till: Till, item: ItemRecord, payer: PayerRecord) => Promise<Result<Answer, CatalogueErrorCode>>,
  ): Promise<Result<Answer, CatalogueErrorCode>> {
    authorize(principal, 'redemption.authorise', itself(principal));
    const programme = await findProgramme(this.database, this.references, programmeCode);
    if (!programme.ok) return programme;
    return this.database.command(async (tx) => {
      const till = await openTill(tx, this.references, programme.value.no);
      if (!till.ok) return till;
      const item = await findItem(tx, programme.value.no, itemCode);
      if (item === undefined)
        return fail('UNKNOWN_ITEM', `"${programmeCode}" has no item "${itemCode}"; see its catalogue.`, 'itemCode');
      const payer = await payerOf(till.value, principal, named, item.supplierNo);
      return payer.ok ? work(till.value, item, payer.value) : payer;
    });
  }
}

/** Takes one of the item's stock with the units that pay for it, or neither. */
async function claimItem(
  till: Till,
  item: ItemRecord,
  payer: PayerRecord,
  { code, stock }: { readonly code: string | undefined; readonly stock: StockAnswer },
): Promise<Result<RedemptionRecord, CatalogueErrorCode>> {
  const { tx, today, now, partners } = till;
  if (item.withdrawnAt != null || !isOffered(item, today))
    return fail('ITEM_NOT_OFFERED', 'The item is not offered today; see the catalogue for what is.', 'itemCode');
  const closed = refuseClosed(payer);
  if (!closed.ok) return closed;
  const partner = partners.byNo(item.supplierNo);
  invariant(partner !== undefined, 'an item has a supplier');
  const supplier = redeemerOf(till, partner);
  if (!supplier.ok) return supplier;
  const price = { units: item.priceUnits, deliveredAtOnce: item.kind !== 'GIFT' };
  return payForItem<CatalogueErrorCode>(till, supplier.value, payer, price, async (id) => {
    const there = await refuseBeyondStock(till, item, stock);
    if (!there.ok) return there;
    if (!(await takeOne(tx, item.id)))
      return fail('SOLD_OUT', 'Nothing is left of the item; choose another.', 'itemCode');
    const { programmeNo, supplierNo, validDays } = item;
    const validUntil = validDays == null ? null : lastDayOf(today, validDays);
    const claim = { id, memberNo: payer.no, programmeNo, itemId: item.id, supplierNo, claimedAt: now, validUntil };
    await insertClaim(
      tx,
      { ...claim, usedAt: null, usedReference: null },
      code === undefined ? undefined : codeHash(code),
    );
    return ok(undefined);
  });
}

/** What the supplier has bounds what is promised; when it cannot say, only what it has set aside for us counts. */
async function refuseBeyondStock(
  { tx }: Till,
  item: ItemRecord,
  stock: StockAnswer,
): Promise<Result<undefined, CatalogueErrorCode>> {
  if (stock === undefined) return ok(undefined);
  if (stock === 'UNKNOWN')
    return item.stock == null
      ? fail('SUPPLIER_UNAVAILABLE', 'The supplier cannot say now whether it has any left; try again in a moment.')
      : ok(undefined);
  return (await countPromised(tx, item.id, stock.askedAt)) < stock.available
    ? ok(undefined)
    : fail('SOLD_OUT', 'The supplier has none left; choose another.', 'itemCode');
}

const unknownClaim = () =>
  fail('UNKNOWN_CLAIM', 'There is no claim of this id; see the claims of the member.', 'claimId');
