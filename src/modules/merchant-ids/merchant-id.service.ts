/**
 * Merchant ids discovered from purchases that banks tell of: proposed, and somebody says whose they are. An approved
 * one counts for what is told from then on; purchases decided before stay as they were decided, and a member or the
 * merchant can still claim one of those.
 */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { type NamedOutlet, type Proposal, proposeOutlet } from '../../domain/partners/merchant-id.js';
import { checkMerchantId } from '../../domain/partners/partner.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import type { OutletRecord, PartnerErrorCode, PartnerService } from '../partners/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { findRejected, findTold, findUnknown, insertRejection, type UnknownMerchantId } from './merchant-id.sql.js';

/** A list for people; the next ones come when these are decided. */
const MOST_PROPOSALS = 100;

export interface MerchantIdProposed extends UnknownMerchantId, Proposal {
  readonly outlet: OutletRecord;
}

export interface NamedMerchantId {
  readonly merchantId: string;
  readonly partnerCode: string;
  readonly outletCode: string;
}

export class MerchantIdService {
  constructor(
    private readonly database: Database,
    private readonly cache: ReferenceCache,
    private readonly partners: PartnerService,
  ) {}

  /** What unknown merchant ids look like, those with most purchases first. */
  async proposals(principal: Principal): Promise<MerchantIdProposed[]> {
    authorize(principal, 'merchantId.read');
    return this.database.command(async (tx) => {
      const { partners } = await this.cache.current(tx);
      const unknown = await findUnknown(tx, MOST_PROPOSALS);
      const ids = unknown.map(({ merchantId }) => merchantId);
      const told = Map.groupBy(await findTold(tx, ids), ({ merchantId }) => merchantId);
      const rejected = Map.groupBy(await findRejected(tx, ids), ({ merchantId }) => merchantId);
      const outlets = partners.outlets().map(
        ({ id, name, partnerNo, partnerCode }): NamedOutlet => ({
          id,
          name,
          partnerName: partners.byNo(partnerNo)?.name ?? partnerCode,
        }),
      );
      return unknown.flatMap((seen) => {
        const { merchantId } = seen;
        const not = new Set(rejected.get(merchantId)?.map(({ outletId }) => outletId));
        const proposal = proposeOutlet({ ...seen, told: told.get(merchantId) ?? [] }, outlets, not);
        const outlet = proposal && partners.outletById(proposal.outletId);
        return proposal === undefined || outlet === undefined ? [] : [{ ...seen, ...proposal, outlet }];
      });
    });
  }

  /** The merchant id names that outlet from now on. Again is the same. */
  async approve(principal: Principal, command: NamedMerchantId): Promise<Result<NamedMerchantId, PartnerErrorCode>> {
    const { partnerCode, outletCode, merchantId } = command;
    const added = await this.partners.addMerchantId(principal, partnerCode, outletCode, merchantId);
    return added.ok ? ok(command) : added;
  }

  /** It is not that outlet's, and is not proposed for it again. */
  async reject(principal: Principal, command: NamedMerchantId): Promise<Result<NamedMerchantId, PartnerErrorCode>> {
    authorize(principal, 'partner.update');
    const { partnerCode, outletCode, merchantId } = command;
    const checked = checkMerchantId(merchantId, 'merchantId');
    if (!checked.ok) return checked;
    return this.database.command(async (tx) => {
      const outlet = (await this.cache.current(tx)).partners.outlet(partnerCode, outletCode);
      if (outlet === undefined) {
        return fail('UNKNOWN_OUTLET', `Partner "${partnerCode}" has no outlet "${outletCode}".`, 'outletCode');
      }
      await insertRejection(tx, merchantId, outlet.id, principal.subject);
      return ok(command);
    });
  }
}
