/**
 * Changes of money or units by hand. They take two people: one asks, saying why, another decides. Pure; what is
 * decided on was read under the adjustment's lock.
 */
import type { BusinessDate } from '../kernel/calendar.js';
import { fail, ok, type Result } from '../kernel/result.js';

/** Units given to a member at the programme's cost (entry 24). */
export interface Goodwill {
  readonly kind: 'GOODWILL';
  readonly memberNo: number;
  /** Reward steps. */
  readonly units: bigint;
  /** Their money at the price they are given at, minor units. */
  readonly amountMinor: bigint;
  /** Last day on which they can be spent; the programme's rule when absent. */
  readonly expiresOn?: BusinessDate;
}

/** What a member owes after a refund is given up (entry 26). */
export interface NegativeWriteOff {
  readonly kind: 'NEGATIVE_WRITE_OFF';
  readonly memberNo: number;
  /** What the balance was below zero when it was asked for, in steps; all of it is given up. */
  readonly units: bigint;
  /** What the programme loses, minor units. */
  readonly amountMinor: bigint;
}

/** Money between the programme and a partner (entries 25, 33 and, for a correction, 24 in money). */
export interface PartnerAdjustment {
  readonly kind: 'BAD_DEBT' | 'DEPOSIT_USE' | 'DEPOSIT_RETURN' | 'CORRECTION';
  readonly partnerNo: number;
  /** Minor units, above zero; a correction below zero is in the partner's favour. */
  readonly amountMinor: bigint;
}

export type Adjustment = Goodwill | NegativeWriteOff | PartnerAdjustment;
export type AdjustmentKind = Adjustment['kind'];
export type AdjustmentState = 'PENDING' | 'APPROVED' | 'REJECTED' | 'WITHDRAWN';

/** Something that shows why: a note, where it can be found, and its hash. */
export interface Evidence {
  readonly description: string;
  readonly url?: string;
  /** SHA-256 of the document, in hexadecimal. */
  readonly sha256?: string;
}

export type ReasonFaultCode = 'MALFORMED_REASON' | 'MALFORMED_EVIDENCE' | 'TOO_MUCH_EVIDENCE';
export type AdjustmentFaultCode = ReasonFaultCode | 'AMOUNT_NOT_POSITIVE' | 'EXPIRY_IN_THE_PAST';

const LONGEST_REASON = 1_000;
const LONGEST_DESCRIPTION = 500;
const LONGEST_URL = 1_000;
const MOST_EVIDENCE = 10;
const SHA256 = /^[0-9a-f]{64}$/;
const URL = /^https?:\/\/[^\s]+$/;

/** The first fault of what is asked for. */
export function checkAdjustment(
  wanted: Adjustment,
  why: { readonly reason: string; readonly evidence: readonly Evidence[] },
  today: BusinessDate,
): Result<undefined, AdjustmentFaultCode> {
  const zero = wanted.kind === 'CORRECTION' ? wanted.amountMinor === 0n : wanted.amountMinor <= 0n;
  if (wanted.kind === 'GOODWILL' && wanted.units <= 0n)
    return fail('AMOUNT_NOT_POSITIVE', 'Give units above zero.', 'goodwill.units');
  if (wanted.kind === 'GOODWILL' ? wanted.amountMinor < 0n : zero)
    return fail('AMOUNT_NOT_POSITIVE', 'Give an amount above zero; only a correction may be below.', 'amount');
  if (wanted.kind === 'GOODWILL' && wanted.expiresOn !== undefined && wanted.expiresOn < today) {
    return fail(
      'EXPIRY_IN_THE_PAST',
      `It is ${today}; units that are given now can last until that day at the earliest.`,
      'goodwill.expiresOn',
    );
  }
  return checkReason(why.reason, why.evidence);
}

/** The first fault of a reason and of what shows it. */
export function checkReason(reason: string, evidence: readonly Evidence[]): Result<undefined, ReasonFaultCode> {
  if (reason.trim() === '' || reason.length > LONGEST_REASON)
    return fail('MALFORMED_REASON', `Say why, in 1 to ${LONGEST_REASON} characters.`, 'reason');
  if (evidence.length > MOST_EVIDENCE)
    return fail('TOO_MUCH_EVIDENCE', `Name at most ${MOST_EVIDENCE} pieces of evidence.`, 'evidence');
  for (const [index, { description, url, sha256 }] of evidence.entries()) {
    const field = `evidence[${index}]`;
    if (description.trim() === '' || description.length > LONGEST_DESCRIPTION)
      return fail(
        'MALFORMED_EVIDENCE',
        `Describe it in 1 to ${LONGEST_DESCRIPTION} characters.`,
        `${field}.description`,
      );
    if (url !== undefined && (url.length > LONGEST_URL || !URL.test(url)))
      return fail('MALFORMED_EVIDENCE', 'Give an address that begins with http:// or https://.', `${field}.url`);
    if (sha256 !== undefined && !SHA256.test(sha256))
      return fail('MALFORMED_EVIDENCE', 'Give SHA-256 as 64 hexadecimal digits in lower case.', `${field}.sha256`);
  }
  return ok(undefined);
}

export type AdjustmentDecisionCode = 'ADJUSTMENT_DECIDED' | 'SAME_PERSON';

/** An adjustment that somebody wants to decide on. */
export interface Requested {
  readonly state: AdjustmentState;
  readonly requestedBy: string;
}

/** Whether this person may let it take effect. */
export function decideApproval(
  { state, requestedBy }: Requested,
  subject: string,
): Result<'APPROVED', AdjustmentDecisionCode> {
  if (state !== 'PENDING') return decidedBefore(state);
  if (requestedBy === subject) {
    return fail('SAME_PERSON', `${subject} asked for it; somebody else has to approve it.`, 'adjustmentId');
  }
  return ok('APPROVED');
}

/** What rejecting makes of it: whoever asked takes it back, anybody else turns it down. */
export function decideRejection(
  { state, requestedBy }: Requested,
  subject: string,
): Result<'REJECTED' | 'WITHDRAWN', 'ADJUSTMENT_DECIDED'> {
  if (state !== 'PENDING') return decidedBefore(state);
  return ok(requestedBy === subject ? 'WITHDRAWN' : 'REJECTED');
}

const decidedBefore = (state: AdjustmentState) =>
  fail('ADJUSTMENT_DECIDED', `This adjustment is ${state} already; ask for another one.`, 'adjustmentId');

export type OwedCode = 'NOTHING_OWED' | 'OWES_MORE';

/** What a member owes is given up as it was asked for, or as much of it as has not been repaid since. */
export function checkOwed({ units }: NegativeWriteOff, owedUnits: bigint): Result<undefined, OwedCode> {
  if (owedUnits === 0n)
    return fail('NOTHING_OWED', 'The member has repaid everything; reject the adjustment.', 'adjustmentId');
  if (owedUnits > units)
    return fail('OWES_MORE', 'The member owes more by now than was asked for; ask again.', 'adjustmentId');
  return ok(undefined);
}

export type PartnerBalanceCode = 'MORE_THAN_OWED' | 'MORE_THAN_DEPOSITED';

/** What stands of a partner when an adjustment takes effect, minor units. */
export interface PartnerStanding {
  /** Settled and not yet paid; + owes. */
  readonly unpaidMinor: bigint;
  readonly depositMinor: bigint;
}

/** A debt is written off or paid from a deposit only as far as it is there, and so is a deposit. */
export function checkStanding(
  { kind, amountMinor }: PartnerAdjustment,
  { unpaidMinor, depositMinor }: PartnerStanding,
): Result<undefined, PartnerBalanceCode> {
  if ((kind === 'BAD_DEBT' || kind === 'DEPOSIT_USE') && amountMinor > unpaidMinor)
    return fail('MORE_THAN_OWED', 'The partner owes less than that of what was settled; ask for less.', 'amount');
  if ((kind === 'DEPOSIT_USE' || kind === 'DEPOSIT_RETURN') && amountMinor > depositMinor)
    return fail('MORE_THAN_DEPOSITED', 'The deposit is smaller than that; ask for less.', 'amount');
  return ok(undefined);
}
