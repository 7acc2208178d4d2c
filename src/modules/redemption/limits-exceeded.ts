/** Why less may be redeemed than was wanted, as an error. */
import { type Failure, fail } from '../../domain/kernel/result.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { LimitReason, Redeemable, Refusal } from '../../domain/redemption/limits.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { RedemptionErrorCode } from './redemption.errors.js';

const CODE_OF: Readonly<Record<Exclude<LimitReason, 'WANTED'>, RedemptionErrorCode>> = {
  BALANCE: 'INSUFFICIENT_UNITS',
  MAX_SHARE: 'ABOVE_MAX_SHARE',
  MINIMUM_OWN: 'BELOW_MINIMUM_OWN',
};

const SENTENCE_OF: Readonly<Record<Exclude<LimitReason, 'WANTED'>, string>> = {
  BALANCE: 'so many units the member has',
  MAX_SHARE: 'units may pay only a part of the purchase',
  MINIMUM_OWN: 'a part of the purchase must be paid in own money',
};

const REFUSAL_OF: Readonly<Record<Refusal, string>> = {
  REDEMPTION_ENDED: 'The last day of redemption has passed; nothing can be redeemed any more.',
  BELOW_MINIMUM: 'What may be redeemed is less than the least that one redemption takes; see redemptionQuote.',
  NOTHING_TO_REDEEM: 'Nothing may be redeemed for this purchase; see redemptionQuote for each limit.',
};

/** `wanted` exactly, or as many as may be when absent. */
export function refusalOf(
  { units, because, limits, refused }: Redeemable,
  wanted: bigint | undefined,
  { unitScale, unitCode }: ProgrammeRecord,
): Failure<RedemptionErrorCode> | undefined {
  const tightest = limits.find(({ reason }) => reason === because);
  const most = tightest?.units ?? 0n;
  if (refused !== 'REDEMPTION_ENDED' && wanted !== undefined && because !== 'WANTED' && most < wanted) {
    const atMost = `At most ${formatDecimal(most, unitScale)} ${unitCode} may be redeemed: ${SENTENCE_OF[because]}.`;
    return fail(CODE_OF[because], atMost, 'units').failure;
  }
  if (refused !== undefined)
    return fail(refused, REFUSAL_OF[refused], wanted === undefined ? undefined : 'units').failure;
  return units > 0n ? undefined : fail('NOTHING_TO_REDEEM', REFUSAL_OF.NOTHING_TO_REDEEM).failure;
}
