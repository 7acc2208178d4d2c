/** Units that one member gives to another (29). */
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { MemberLots } from '../../domain/redemption/member-lots.js';
import { transfer } from '../../domain/redemption/transfer.js';
import { newId } from '../../infrastructure/db/ids.js';
import { type OpenedLots, openMemberLots } from '../lots/index.js';
import { lockMembers } from '../members/index.js';
import { refuseBeyond } from './pay-out-once.js';
import { findPayer, type PayerRecord } from './payer.sql.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import { insertTransfer } from './redemption.sql.js';
import { storeLots, type Till } from './till.js';

/** Why the receiver cannot get them, or who it is. */
export async function receiverOf(
  { tx, terms, programme }: Till,
  giver: PayerRecord,
  code: string,
): Promise<Result<PayerRecord, RedemptionErrorCode>> {
  if (terms.transfer === undefined)
    return fail('TRANSFER_NOT_OFFERED', 'The programme does not let members give units to each other.');
  const receiver = await findPayer(tx, programme.no, { way: 'CODE', name: code });
  if (receiver?.status !== 'ACTIVE')
    return fail('UNKNOWN_RECEIVER', 'No active member of the programme has that code; check it.', 'toMemberCode');
  if (receiver.no === giver.no)
    return fail('TRANSFER_TO_ITSELF', 'Name another member; these units are already its own.', 'toMemberCode');
  return ok(receiver);
}

export async function transferUnits(
  till: Till,
  giver: PayerRecord,
  receiver: PayerRecord,
  units: bigint,
): Promise<Result<{ readonly id: string }, RedemptionErrorCode>> {
  const { tx, today, terms, programme } = till;
  await lockMembers(tx, [giver.no, receiver.no]);
  const lots = await openMemberLots(tx, {
    programmeNo: programme.no,
    terms,
    today,
    members: [{ memberNo: giver.no }, { memberNo: receiver.no }],
  });
  const refused = refuseBeyond(lots.of(giver.no), units, programme);
  if (!refused.ok) return refused;
  const given = { memberNo: giver.no, toMemberNo: receiver.no, units };
  const { id, store } = await storeTransfer(till, lots, lots.of(giver.no), given);
  await store();
  return ok({ id });
}

export interface Given {
  readonly memberNo: number;
  readonly toMemberNo: number;
  readonly units: bigint;
}

/** The transfer of units; `store` writes lots and journal and comes last. */
export async function storeTransfer(
  till: Till,
  lots: OpenedLots,
  before: MemberLots,
  { memberNo, toMemberNo, units }: Given,
): Promise<{ readonly id: string; store(): Promise<void> }> {
  const moved = transfer(before, lots.of(toMemberNo), { units, toMemberNo, newId }, till.terms);
  lots.put(memberNo, moved.from);
  lots.put(toMemberNo, moved.to);
  const id = newId();
  insertTransfer(till.tx, {
    ...{ id, fromMemberNo: memberNo, toMemberNo, programmeNo: till.programme.no, units, transferredAt: till.now },
  });
  return { id, store: () => storeLots(till, lots) };
}
