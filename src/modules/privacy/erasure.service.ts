/** Erasing a member: refused while money is open, then everything personal goes and the books stay. */
import type { Principal } from '../../domain/access/principal.js';
import type { Failure } from '../../domain/kernel/result.js';
import { whatKeeps } from '../../domain/privacy/open-money.js';
import { leave } from '../../domain/redemption/expire.js';
import { usable } from '../../domain/redemption/member-lots.js';
import { isId } from '../../graphql/scalars.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { recordEntries } from '../ledger/index.js';
import { storeMemberLots } from '../lots/index.js';
import { lockMember, lockMembers } from '../members/index.js';
import { openLots, openTill } from '../redemption/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import type { ErasureEntity } from './erasure.entity.js';
import { erase, findErasure, findMemberNos, findOpenMoney } from './erasure.sql.js';
import type { PrivacyErrorCode } from './privacy.errors.js';

export interface EraseMember {
  readonly memberId: string;
  /** Whether the member gives up what it could still spend. */
  readonly forfeitUnits: boolean;
}

export type Erased =
  | { readonly ok: true; readonly receipt: ErasureEntity }
  | { readonly ok: false; readonly failures: readonly Failure<PrivacyErrorCode>[] };

const refused = (...failures: Failure<PrivacyErrorCode>[]): Erased => ({ ok: false, failures });

export class ErasureService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
  ) {}

  /** Erases a member for ever; again answers with the receipt there is. */
  erase(principal: Principal, { memberId, forfeitUnits }: EraseMember): Promise<Erased> {
    return this.database.command(async (tx) => {
      const found = isId(memberId) ? await findMemberNos(tx, memberId) : undefined;
      authorize(principal, 'member.erase', found ? { memberNo: found.memberNo } : {});
      if (found === undefined)
        return refused({
          code: 'UNKNOWN_MEMBER',
          message: 'There is no member of this id; correct it.',
          field: 'memberId',
        });
      return this.eraseKnown(tx, principal, { ...found, memberId, forfeitUnits });
    });
  }

  private async eraseKnown(
    tx: DbTransaction,
    principal: Principal,
    {
      memberId,
      memberNo,
      programmeNo,
      forfeitUnits,
    }: EraseMember & { readonly memberNo: number; readonly programmeNo: number },
  ): Promise<Erased> {
    const till = await openTill(tx, this.references, programmeNo);
    if (!till.ok)
      return refused({
        code: 'NOTHING_IN_FORCE',
        message: 'The programme has no version in force yet; erase when it has begun.',
      });
    await lockMember(tx, memberId);
    await lockMembers(tx, [memberNo]);
    const before = await findErasure(tx, memberNo);
    if (before !== undefined) return { ok: true, receipt: before };
    const reasons = whatKeeps(await findOpenMoney(tx, memberNo, programmeNo), forfeitUnits);
    if (reasons.length > 0) return refused(...reasons);
    // Opening lets go what has expired by today anyway; what is left is given up, as if it had expired today.
    const lots = await openLots(till.value, memberNo);
    const current = lots.of(memberNo);
    const given = usable(current);
    lots.put(memberNo, leave(current, given, 'expired'));
    const { entries, entryNos } = await storeMemberLots(tx, lots);
    const receipt = await erase(tx, {
      id: newId(),
      memberNo,
      requestedBy: principal.subject,
      forfeitedUnits: given.reduce((sum, { left }) => sum + left.units, 0n),
    });
    await recordEntries(tx, till.value.window, till.value.now, entries, entryNos);
    return { ok: true, receipt };
  }
}
