/** Cash that a bank could not pay: the units come back whole (12), as if they had never left. */
import { giveBack } from '../../domain/redemption/give-back.js';
import { redemptionOf } from '../../domain/redemption/redeem.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { lockMembers } from '../members/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { kernelOf } from './redeemed.js';
import { findTakes, getRedemption, type RedemptionRecord, tell, updateRedemptions } from './redemption.sql.js';
import { openLots, openTill, storeChanged } from './till.js';

export interface UnpaidCash {
  readonly redemptionId: string;
  readonly memberNo: number;
  readonly programmeNo: number;
}

/**
 * The first and the last thing that its transaction does. In between, `settle` says under the member's lock that nothing was
 * paid, and whether it says so for the first time: what was settled before is not given back again.
 */
export async function returnUnpaid(
  tx: DbTransaction,
  references: ReferenceCache,
  { redemptionId, memberNo, programmeNo }: UnpaidCash,
  settle: () => Promise<boolean>,
): Promise<void> {
  const till = await openTill(tx, references, programmeNo);
  if (!till.ok) throw new Error(till.failure.message);
  await lockMembers(tx, [memberNo]);
  if (!(await settle())) return;
  const redemption = await getRedemption(tx, redemptionId);
  const takes = (await findTakes(tx, [redemptionId])).get(redemptionId) ?? [];
  const lots = await openLots(till.value, memberNo, [kernelOf(redemption, takes, till.value.programme.timeZone)]);
  const part = { units: redemption.capturedUnits };
  const { member, back } = giveBack(lots.of(memberNo), redemptionId, part, till.value.terms, {
    newId,
    returnsFee: true,
  });
  const record: RedemptionRecord = {
    ...redemption,
    returnedUnits: back.units,
    returnedMinor: redemption.capturedMinor,
  };
  tell(tx, 'redemption.returned', record);
  updateRedemptions(tx, [{ record, decided: redemptionOf(member, redemptionId) }]);
  await storeChanged(till.value, lots, memberNo, member);
}
