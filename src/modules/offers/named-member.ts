/** The member that a command names: by its id, its code, or a card as the bank's app knows it. */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { type Action, authorize, itself } from '../access/index.js';
import { findMembers, findProgrammeNo, lockMember, type MemberRecord, whoseMember } from '../members/index.js';
import type { OfferErrorCode } from './offer.errors.js';
import { findMemberOfCard } from './offer.sql.js';

/** One of id, code and card; nobody means the caller when it is a member. Code and card need the programme. */
export interface NamedMember {
  readonly programmeCode?: string | undefined;
  readonly memberId?: string | undefined;
  readonly memberCode?: string | undefined;
  readonly cardToken?: string | undefined;
}

/**
 * Finds and locks the member and authorises the caller: the member itself, a bank whose card it has linked, or
 * those who run the programme. A partner learns that there is no such member, a member only that it may not.
 */
export async function lockNamedMember(
  tx: DbTransaction,
  principal: Principal,
  action: Action,
  name: NamedMember,
): Promise<Result<MemberRecord, OfferErrorCode>> {
  const id = await idOf(tx, principal, name);
  const member = id.ok && id.value !== undefined && isId(id.value) ? await lockMember(tx, id.value) : undefined;
  const nobodys = principal.kind === 'PARTNER' ? itself(principal) : {};
  authorize(principal, action, member ? await whoseMember(tx, member.no) : nobodys);
  if (!id.ok) return id;
  if (member === undefined)
    return fail('UNKNOWN_MEMBER', 'There is no such member; enrol it first, or link the card.', 'member');
  if (member.status === 'CLOSED')
    return fail('MEMBER_CLOSED', 'The member has left the programme; nothing can be changed for it.', 'member');
  return ok(member);
}

async function idOf(
  tx: DbTransaction,
  principal: Principal,
  { programmeCode, memberId, memberCode, cardToken }: NamedMember,
): Promise<Result<string | undefined, OfferErrorCode>> {
  const given = [memberId, memberCode, cardToken].filter((each) => each !== undefined);
  if (given.length === 0 && principal.kind === 'MEMBER') return ok(principal.memberId);
  if (given.length !== 1) {
    return fail(
      'MEMBER_NOT_EXACTLY_ONE',
      'Name the member by its id, its code or the token of one of its cards, and by one of them only.',
      'member',
    );
  }
  if (memberId !== undefined) return ok(memberId);
  const programmeNo = programmeCode === undefined ? undefined : await findProgrammeNo(tx, programmeCode);
  if (programmeNo === undefined) {
    return fail(
      'UNKNOWN_PROGRAMME',
      'Codes of members and tokens of cards belong to a programme; name one that is published.',
      'member.programmeCode',
    );
  }
  if (cardToken !== undefined) return ok(await findMemberOfCard(tx, programmeNo, cardToken));
  const [found] = await findMembers(tx, programmeNo, { codes: [memberCode as string] });
  return ok(found?.id);
}
