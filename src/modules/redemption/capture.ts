/** Capturing: what is held, or a part of it, is used, and the redeemer is owed for it. */
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { capture } from '../../domain/redemption/redeem.js';
import { capturedMinor, redeemedAt, unitsFor } from './redeemed.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { RedemptionRecord } from './redemption.sql.js';
import { refuseUnlessHeld } from './release.js';
import type { Decided, Opened } from './resolving.js';

/** A part of a redemption: by its units or by what they pay. */
export interface PartOfIt {
  readonly units?: bigint | undefined;
  readonly amountMinor?: bigint | undefined;
}

/** All that is held when no part is named. */
export interface Capture extends PartOfIt {
  /** The price of what was delivered in the end; that of the authorisation when absent. */
  readonly purchaseMinor?: bigint | undefined;
  readonly transactionId?: string | undefined;
}

export function captureOpened(opened: Opened, command: Capture): Result<Decided, RedemptionErrorCode> {
  const { till, redemption, member } = opened;
  const { id, partnerNo, contractNo } = redemption;
  const refused = refuseUnlessHeld(opened);
  if (refused !== undefined) return refused;
  if (redemption.kind === 'REVIEW')
    return fail(
      'WAITS_FOR_REVIEW',
      'Somebody has to look at it first; decide on it with reviewDecide.',
      'redemptionId',
    );
  const partner = till.partners.byNo(partnerNo);
  if (partner?.status !== 'ACTIVE')
    return fail('PARTNER_NOT_ACTIVE', 'The partner is suspended or closed; void the redemption.', 'redemptionId');
  const units = unitsToCapture(opened, command);
  if (!units.ok) return units;
  const { purchaseMinor = redemption.purchaseMinor, transactionId = redemption.transactionId } = command;
  const valueMinor = capturedMinor(redemption, units.value);
  if (purchaseMinor < valueMinor || purchaseMinor > redemption.purchaseMinor) {
    return fail(
      'CAPTURE_ABOVE_AUTHORISATION',
      'The purchase may be at most the one authorised, and at least what the captured units pay.',
      'purchase.amount',
    );
  }
  if (transactionId != null && !opened.hasPurchase(transactionId))
    return fail(
      'UNKNOWN_PURCHASE',
      'The member has no such purchase; take the id from transactionSubmit.',
      'transactionId',
    );
  const contract = contractNo == null ? undefined : till.partners.contractByNo(contractNo);
  invariant(contract !== undefined, 'what is held at a till has a contract');
  const at = redeemedAt(valueMinor, contract);
  const item = redemption.kind === 'ITEM';
  const captured = capture(member, id, till.terms, { units: units.value, at, item });
  const record: RedemptionRecord = {
    ...redemption,
    ...{ state: 'CAPTURED', transactionId: transactionId ?? null, purchaseMinor, resolvedAt: till.now },
    ...{ capturedUnits: units.value, capturedMinor: valueMinor, feeMinor: at.feeMinor, feeTaxMinor: at.feeTaxMinor },
  };
  const takesChanged = units.value !== redemption.units;
  return ok({ record, member: captured, takesChanged, event: 'redemption.captured' });
}

function unitsToCapture(
  { till: { programme }, redemption }: Opened,
  { units, amountMinor }: PartOfIt,
): Result<bigint, RedemptionErrorCode> {
  if (redemption.kind === 'ITEM' && (units !== undefined || amountMinor !== undefined))
    return fail('ITEM_IS_WHOLE', 'Capture it without naming a part, or void it.', 'redemptionId');
  if (units !== undefined && amountMinor !== undefined)
    return fail('PART_NOT_EXACTLY_ONE', 'Give the units to capture or the amount they pay, not both.', 'units');
  const field = amountMinor === undefined ? 'units' : 'amount.amount';
  if (amountMinor !== undefined && amountMinor > redemption.valueMinor)
    return fail('CAPTURE_ABOVE_AUTHORISATION', 'The amount is more than the units that were authorised pay.', field);
  const wanted = amountMinor === undefined ? (units ?? redemption.units) : unitsFor(redemption, amountMinor);
  if (wanted <= 0n) return fail('UNITS_NOT_POSITIVE', 'Capture more than nothing, or void the redemption.', field);
  if (wanted > redemption.units) {
    const most = formatDecimal(redemption.units, programme.unitScale);
    return fail('CAPTURE_ABOVE_AUTHORISATION', `Only ${most} ${programme.unitCode} were authorised.`, field);
  }
  return ok(wanted);
}
