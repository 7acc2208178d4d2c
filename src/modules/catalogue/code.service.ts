/** The use case of a supplier's till: a discount's code is good once. */
import type { Principal } from '../../domain/access/principal.js';
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { readClock } from '../../infrastructure/db/clock.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize, itself } from '../access/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import type { CatalogueErrorCode } from './catalogue.errors.js';
import { type ClaimRecord, lockCode, useCode } from './catalogue.sql.js';
import { codeHash } from './discount-code.js';

export interface RedeemCode {
  readonly partnerCode: string;
  readonly code: string;
  /** The supplier's own name of the purchase. */
  readonly reference: string;
}

const LONGEST_REFERENCE = 64;
/** Sixteen letters with whatever separates them. */
const LONGEST_CODE = 40;

export class CodeService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
  ) {}

  /**
   * Uses a code up at the till of the supplier who gave it out. Again under the same reference is the same answer, so
   * that a till may ask twice; under another one the code is used.
   */
  async redeem(
    principal: Principal,
    { partnerCode, code, reference }: RedeemCode,
  ): Promise<Result<ClaimRecord, CatalogueErrorCode>> {
    authorize(principal, 'redemption.capture', itself(principal));
    if (reference === '' || reference.length > LONGEST_REFERENCE || reference !== reference.trim()) {
      return fail(
        'MALFORMED_REFERENCE',
        `A reference is 1 to ${LONGEST_REFERENCE} characters without spaces around it.`,
        'reference',
      );
    }
    return this.database.command(async (tx) => {
      const { partners, programmes } = await this.references.current(tx);
      const partner = partners.byCode(partnerCode);
      const own = principal.kind !== 'PARTNER' || principal.partnerNo === partner?.no;
      if (partner === undefined || !own)
        return fail('WRONG_PARTNER', 'Name the partner at whose till the code is used: your own.', 'partnerCode');
      const claim = code.length > LONGEST_CODE ? undefined : await lockCode(tx, codeHash(code));
      if (claim?.supplierNo !== partner.no)
        return fail('UNKNOWN_CODE', 'No such code was given out for this partner; type it again.', 'code');
      if (claim.usedReference === reference) return ok(claim);
      if (claim.usedReference != null)
        return fail('CODE_USED', 'The code was used before for another purchase; it is good once.', 'code');
      const programme = programmes.byNo(claim.programmeNo);
      invariant(programme !== undefined, 'a claim is in a programme');
      const now = await readClock(tx);
      if (claim.validUntil != null && claim.validUntil < businessDateIn(now, programme.timeZone))
        return fail('CODE_EXPIRED', `The last day of the code was ${claim.validUntil}.`, 'code');
      return ok(await useCode(tx, claim, now, reference));
    });
  }
}
