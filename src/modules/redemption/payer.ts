/** Whose units are spent, and who may spend them. */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import { findPayer, type PayerName, type PayerRecord } from './payer.sql.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { Till } from './till.js';

/** One of id, code and card token; nobody means the caller when it is a member. */
export interface NamedPayer {
  readonly memberId?: string | undefined;
  readonly memberCode?: string | undefined;
  readonly cardToken?: string | undefined;
}

/** How the payer is named: in exactly one way. */
export function nameOf(
  principal: Principal,
  { memberId, memberCode, cardToken }: NamedPayer,
): Result<PayerName, RedemptionErrorCode> {
  const given = [memberId, memberCode, cardToken].filter((each) => each !== undefined);
  const itself = given.length === 0 && principal.kind === 'MEMBER' ? principal.memberId : undefined;
  if (itself === undefined && given.length !== 1) {
    return fail(
      'PAYER_NOT_EXACTLY_ONE',
      'Name the member by its id, its code or the token of one of its cards, and by one of them only.',
      'payer',
    );
  }
  const id = itself ?? memberId;
  if (id !== undefined) return isId(id) ? ok({ way: 'ID', name: id.toLowerCase() }) : unknownPayer();
  if (memberCode !== undefined) return ok({ way: 'CODE', name: memberCode });
  return ok({ way: 'TOKEN', name: cardToken as string });
}

/**
 * The payer, when the caller may spend its units: the member itself, a bank whose card it has linked, the partner at
 * whose till it is, or those who run the programme.
 */
export function refuseStranger(
  principal: Principal,
  payer: PayerRecord | undefined,
  tillOf?: number,
): Result<PayerRecord, RedemptionErrorCode> {
  if (payer === undefined) return unknownPayer();
  if (maySpend(principal, payer, tillOf)) return ok(payer);
  return fail(
    'ANOTHER_MEMBERS_UNITS',
    "These are another member's units. A member spends its own, a bank those of members whose cards it has issued.",
    'payer',
  );
}

/** Whether the caller may spend only as a bank of the member. */
export const asksAsBank = (principal: Principal, tillOf: number | undefined): boolean =>
  principal.kind === 'PARTNER' && principal.partnerNo !== tillOf;

function maySpend(principal: Principal, payer: PayerRecord, tillOf: number | undefined): boolean {
  if (principal.kind === 'MEMBER') return principal.memberNo === payer.no;
  if (principal.kind !== 'PARTNER') return true;
  return principal.partnerNo === tillOf || payer.issuers.includes(principal.partnerNo);
}

/** The member whose units are spent, when the caller may spend them. */
export async function payerOf(
  { tx, programme }: Till,
  principal: Principal,
  named: NamedPayer,
  tillOf?: number,
): Promise<Result<PayerRecord, RedemptionErrorCode>> {
  const name = nameOf(principal, named);
  if (!name.ok) return name;
  return refuseStranger(principal, await findPayer(tx, programme.no, name.value), tillOf);
}

export const refuseClosed = ({ status }: PayerRecord): Result<undefined, RedemptionErrorCode> =>
  status === 'CLOSED'
    ? fail('MEMBER_CLOSED', 'The member has left the programme; its units are spent no more.', 'payer')
    : ok(undefined);

const unknownPayer = () => fail('UNKNOWN_PAYER', 'There is no such member; enrol it first, or link the card.', 'payer');
