/** What is asked for, in codes and decimals, as an adjustment of known parties and exact amounts. */
import type { Adjustment, PartnerAdjustment } from '../../domain/adjustments/adjustment.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { applyRate } from '../../domain/money/rounding.js';
import { type MoneyInput, parseMoney } from '../../graphql/money.js';
import { isId } from '../../graphql/scalars.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { findMembers } from '../members/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { Reference } from '../transactions/index.js';
import type { AdjustmentErrorCode } from './adjustment.errors.js';
import { findOwed } from './adjustment.sql.js';

/** By exactly one of them. */
export interface NamedMember {
  readonly memberId?: string | undefined;
  readonly memberCode?: string | undefined;
}

export type Wanted =
  | { readonly kind: PartnerAdjustment['kind']; readonly partnerCode: string; readonly amount: MoneyInput }
  | {
      readonly kind: 'GOODWILL';
      readonly member: NamedMember;
      /** Whole units, as a decimal. */
      readonly units: string;
      readonly expiresOn?: BusinessDate | undefined;
    }
  | { readonly kind: 'NEGATIVE_WRITE_OFF'; readonly member: NamedMember };

export interface WantedIn {
  readonly reference: Reference;
  readonly programme: ProgrammeRecord;
  readonly today: BusinessDate;
}

type Read<T> = Result<T, AdjustmentErrorCode>;

export async function adjustmentOf(
  tx: DbTransaction,
  wanted: readonly Wanted[],
  known: WantedIn,
): Promise<Read<Adjustment>> {
  const [one, ...others] = wanted;
  if (one === undefined || others.length > 0)
    return fail('NOT_EXACTLY_ONE', 'Say what to adjust, and one thing only; ask for each on its own.');
  if ('partnerCode' in one) return ofPartner(one, known);
  const memberNo = await findMember(tx, one.member, known.programme.no);
  if (!memberNo.ok) return memberNo;
  return one.kind === 'GOODWILL' ? goodwill(one, memberNo.value, known) : writeOff(tx, memberNo.value);
}

function ofPartner(
  { kind, partnerCode, amount }: Extract<Wanted, { partnerCode: string }>,
  { reference: { partners }, programme }: WantedIn,
): Read<Adjustment> {
  const partner = partners.byCode(partnerCode);
  if (partner === undefined || !partners.hasContractIn(partner.no, programme.no)) {
    return fail(
      'UNKNOWN_PARTNER',
      `No partner "${partnerCode}" has a contract in ${programme.code}; check the code.`,
      'partner.partnerCode',
    );
  }
  const amountMinor = parseMoney(amount, programme.currencyCode, 'partner.amount');
  return amountMinor.ok ? ok({ kind, partnerNo: partner.no, amountMinor: amountMinor.value }) : amountMinor;
}

async function findMember(
  tx: DbTransaction,
  { memberId, memberCode }: NamedMember,
  programmeNo: number,
): Promise<Read<number>> {
  if ((memberId === undefined) === (memberCode === undefined))
    return fail(
      'MEMBER_NOT_EXACTLY_ONE',
      'Name the member by its id or by its code, and by one of them only.',
      'member',
    );
  const ids = memberId !== undefined && isId(memberId) ? [memberId] : [];
  const [member] = await findMembers(tx, programmeNo, { ids, codes: memberCode === undefined ? [] : [memberCode] });
  return member === undefined
    ? fail('UNKNOWN_MEMBER', 'The programme has no such member; check the id or the code.', 'member')
    : ok(member.no);
}

/** Valued at the price at which the programme gives units today. */
function goodwill(
  { units: text, expiresOn }: Extract<Wanted, { kind: 'GOODWILL' }>,
  memberNo: number,
  { reference: { programmes }, programme, today }: WantedIn,
): Read<Adjustment> {
  const units = parseDecimal(text, programme.unitScale);
  if (typeof units !== 'bigint') {
    const most = `${programme.unitScale} decimals`;
    return fail('MALFORMED_UNITS', `Give units of ${programme.unitCode} with at most ${most}.`, 'goodwill.units');
  }
  const published = programmes.inForce(programme.no, today);
  if (published === undefined)
    return fail('NO_TERMS_IN_FORCE', `${programme.code} has no terms in force; publish a version.`, 'programmeCode');
  const amountMinor = applyRate(units, published.terms.unit.priceMinor, 'HALF_EVEN');
  return ok({ kind: 'GOODWILL', memberNo, units, amountMinor, ...(expiresOn !== undefined && { expiresOn }) });
}

/** All that the member owes now. */
async function writeOff(tx: DbTransaction, memberNo: number): Promise<Read<Adjustment>> {
  const owed = await findOwed(tx, memberNo);
  if (owed.units <= 0n || owed.valueMinor <= 0n)
    return fail('NOTHING_OWED', 'The member owes nothing; there is nothing to give up.', 'negativeWriteOff.member');
  return ok({ kind: 'NEGATIVE_WRITE_OFF', memberNo, units: owed.units, amountMinor: owed.valueMinor });
}
