/** Units that one member gives to another (29). */
import { v7 } from 'uuid';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { transfer } from '../../domain/redemption/transfer.js';
import { openMemberLots } from '../lots/index.js';
import { lockMembers } from '../members/index.js';
import { refuseBeyond } from './pay-out-once.js';
import type { TransferUnits } from './payout.service.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import { findPayer, insertTransfer, type PayerRecord } from './redemption.sql.js';
import { storeLots, type Till } from './till.js';

export async function transferUnits(
  till: Till,
  giver: PayerRecord,
  { units, toMemberCode }: TransferUnits,
): Promise<Result<{ readonly id: string }, RedemptionErrorCode>> {
  const { tx, now, today, terms, programme } = till;
  if (terms.transfer === undefined)
    return fail('TRANSFER_NOT_OFFERED', 'The programme does not let members give units to each other.');
  const receiver = await findPayer(tx, programme.no, { code: toMemberCode });
  if (receiver?.status !== 'ACTIVE')
    return fail('UNKNOWN_RECEIVER', 'No active member of the programme has that code; check it.', 'toMemberCode');
  if (receiver.no === giver.no)
    return fail('TRANSFER_TO_ITSELF', 'Name another member; these units are already its own.', 'toMemberCode');
  await lockMembers(tx, [giver.no, receiver.no]);
  const lots = await openMemberLots(tx, {
    programmeNo: programme.no,
    terms,
    today,
    members: [{ memberNo: giver.no }, { memberNo: receiver.no }],
  });
  const refused = refuseBeyond(lots.of(giver.no), units, programme);
  if (!refused.ok) return refused;
  const moved = transfer(lots.of(giver.no), lots.of(receiver.no), { units, toMemberNo: receiver.no, newId: v7 }, terms);
  lots.put(giver.no, moved.from);
  lots.put(receiver.no, moved.to);
  const id = v7();
  await insertTransfer(tx, {
    ...{ id, fromMemberNo: giver.no, toMemberNo: receiver.no, programmeNo: programme.no, units, transferredAt: now },
  });
  await storeLots(till, lots);
  return ok({ id });
}
