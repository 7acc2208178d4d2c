/** A basket that units have paid a part of comes back: so do the units. */
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { giveBack, type ReturnedPart } from '../../domain/redemption/give-back.js';
import { redemptionOf } from '../../domain/redemption/redeem.js';
import { newId } from '../../infrastructure/db/ids.js';
import type { PartOfIt } from './capture.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { RedemptionRecord } from './redemption.sql.js';
import type { Decided, Opened } from './resolving.js';

/** By units, or by how much of the basket came back. */
export type GiveBack = PartOfIt;

export function giveBackOpened(
  { till, redemption, member: before }: Opened,
  command: GiveBack,
): Result<Decided, RedemptionErrorCode> {
  const { id, contractNo } = redemption;
  const part = partOf(redemption, command);
  if (!part.ok) return part;
  const contract = contractNo == null ? undefined : till.partners.contractByNo(contractNo);
  invariant(contract !== undefined, 'what was captured at a till has a contract');
  const { member, back } = giveBack(before, id, part.value, till.terms, {
    newId,
    returnsFee: contract.settlement.returnReversesFee,
  });
  const paidBack = member.events
    .slice(before.events.length)
    .reduce((sum, event) => (event.kind === 'GIVEN_BACK' ? sum + (event.at?.valueMinor ?? 0n) : sum), 0n);
  const record: RedemptionRecord = {
    ...redemption,
    returnedUnits: redemption.returnedUnits + back.units,
    returnedMinor: redemption.returnedMinor + paidBack,
    basketReturnedMinor: redemptionOf(member, id).returnedMinor,
  };
  return ok({ record, member, takesChanged: true, event: 'redemption.returned' });
}

function partOf(
  redemption: RedemptionRecord,
  { units, amountMinor }: GiveBack,
): Result<ReturnedPart, RedemptionErrorCode> {
  if (redemption.kind !== 'PURCHASE')
    return fail('NOT_A_BASKET', 'These units paid for no basket, so that none can come back.', 'redemptionId');
  if (redemption.state !== 'CAPTURED')
    return fail('NOT_CAPTURED', 'The redemption was not captured; void it to give all its units back.', 'redemptionId');
  if ((units === undefined) === (amountMinor === undefined))
    return fail(
      'PART_NOT_EXACTLY_ONE',
      'Give either the units that go back or how much of the basket came back.',
      'units',
    );
  if (units !== undefined) {
    if (units <= 0n) return fail('UNITS_NOT_POSITIVE', 'Give units above zero.', 'units');
    if (units > redemption.capturedUnits - redemption.returnedUnits)
      return fail('RETURN_ABOVE_REDEMPTION', 'So many units are not left of the redemption.', 'units');
    return ok({ units });
  }
  const returnedMinor = amountMinor as bigint;
  if (returnedMinor <= 0n) return fail('AMOUNT_NOT_POSITIVE', 'Give an amount above zero.', 'amount.amount');
  if (returnedMinor > redemption.purchaseMinor - redemption.basketReturnedMinor)
    return fail('RETURN_ABOVE_REDEMPTION', 'So much is not left of the basket.', 'amount.amount');
  return ok({ returnedMinor });
}
