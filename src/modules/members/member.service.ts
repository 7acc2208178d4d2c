/** Use cases on members. */
import type { Principal } from '../../domain/access/principal.js';
import { isBusinessDate, isTimeZone } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize, itself, type Subject } from '../access/index.js';
import type { MemberErrorCode } from './member.errors.js';
import {
  enrolMembers,
  findIssuersOf,
  findMembers,
  findProgrammeNo,
  isSharedWith,
  lockMember,
  type MemberRecord,
  updateMember,
} from './member.sql.js';

export interface EnrolMember {
  readonly programmeCode: string;
  /** The number or name by which partners know the member; unique in the programme for ever. */
  readonly code: string;
  /** MM-DD */
  readonly birthday?: string | undefined;
  readonly timeZone?: string | undefined;
  /** Code of the member who brought this one. */
  readonly referrerCode?: string | undefined;
}

/** What is left out stays as it is, null takes it away. */
export interface UpdateMember {
  readonly memberId: string;
  readonly birthday?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly withdrawReferral?: boolean | undefined;
}

const MAX_CODE = 64;
const A_LEAP_YEAR = '2000';

export class MemberService {
  constructor(private readonly database: Database) {}

  /**
   * Enrols a member; the same code again is the same member as it is, so a repeated request is harmless. A partner that
   * has not enrolled it and may not see it is told that it is there, and nothing of it. A referrer is named at enrolment or
   * never.
   */
  async enrol(principal: Principal, command: EnrolMember): Promise<Result<MemberRecord, MemberErrorCode>> {
    authorize(principal, 'member.enrol');
    const { programmeCode, code, referrerCode } = command;
    if (code === '' || code.length > MAX_CODE || code !== code.trim() || /\p{Cc}/u.test(code)) {
      return fail(
        'MALFORMED_CODE',
        `A member code is 1 to ${MAX_CODE} printable characters without spaces around it.`,
        'code',
      );
    }
    const details = checkDetails(command);
    if (!details.ok) return details;
    return this.database.command(async (tx) => {
      const programmeNo = await findProgrammeNo(tx, programmeCode);
      if (programmeNo === undefined) {
        return fail('UNKNOWN_PROGRAMME', 'There is no programme of this code; publish it first.', 'programmeCode');
      }
      const referrer = await referrerOf(tx, programmeNo, code, referrerCode);
      if (!referrer.ok) return referrer;
      const id = newId();
      const partnerNo = principal.kind === 'PARTNER' ? principal.partnerNo : undefined;
      const wanted = { id, code, ...details.value, referredByNo: referrer.value?.no, enrolledByNo: partnerNo };
      const member = (await enrolMembers(tx, programmeNo, [wanted])).get(code);
      invariant(member !== undefined, 'enrolling answers for every code');
      const isKnown = partnerNo === undefined || partnerNo === member.enrolledByNo;
      if (!isKnown && !(await isSharedWith(tx, member.no, partnerNo))) {
        return fail(
          'ENROLLED_BEFORE',
          'A member of this code was enrolled before, and you may not see it; link its card by the code, or choose another code.',
          'code',
        );
      }
      if (referrer.value !== undefined && member.referredByNo !== referrer.value.no) {
        return fail(
          'ENROLLED_BEFORE',
          'The member was enrolled before without this referrer, and only a new member is referred; leave it out.',
          'referrerCode',
        );
      }
      return ok(member);
    });
  }

  /** Changes what is known about a member; by itself, by a bank whose card it has linked, or by administrators. */
  async update(principal: Principal, command: UpdateMember): Promise<Result<MemberRecord, MemberErrorCode>> {
    const { memberId, birthday, timeZone, withdrawReferral = false } = command;
    return this.database.command(async (tx) => {
      const member = isId(memberId) ? await lockMember(tx, memberId) : undefined;
      authorize(principal, 'member.update', member ? await whoseMember(tx, member.no) : strangers(principal));
      if (member === undefined)
        return fail('UNKNOWN_MEMBER', 'There is no member of this id; take the id from memberEnrol.', 'memberId');
      if (member.status === 'CLOSED')
        return fail(
          'MEMBER_CLOSED',
          'The member has left the programme; enrol it anew under another code.',
          'memberId',
        );
      const details = checkDetails({ birthday: birthday ?? undefined, timeZone: timeZone ?? undefined });
      if (!details.ok) return details;
      return ok(
        await updateMember(tx, member, {
          birthday: birthday === undefined ? member.birthday : birthday,
          timeZone: timeZone === undefined ? member.timeZone : timeZone,
          referredByNo: withdrawReferral ? null : member.referredByNo,
        }),
      );
    });
  }
}

/** Who may act for a member: itself, and the banks whose cards it has linked, unless it does not want it any more. */
export const whoseMember = async (tx: DbTransaction, memberNo: number): Promise<Subject> => ({
  memberNo,
  partnerNos: (await findIssuersOf(tx, memberNo)).flatMap(({ issuerNo, shared }) => (shared ? [issuerNo] : [])),
});

/** Who may say what a member consents to: itself, and the banks whose cards it has linked. */
export const whoseCards = async (tx: DbTransaction, memberNo: number): Promise<Subject> => ({
  memberNo,
  partnerNos: (await findIssuersOf(tx, memberNo)).map(({ issuerNo }) => issuerNo),
});

/** Of a member that does not exist: partners learn that there is none, members that they may not ask. */
const strangers = (principal: Principal): Subject => (principal.kind === 'PARTNER' ? itself(principal) : {});

interface Details {
  readonly birthday?: string | undefined;
  readonly timeZone?: string | undefined;
}

function checkDetails({ birthday, timeZone }: Details): Result<Details, MemberErrorCode> {
  if (birthday !== undefined && !isBusinessDate(`${A_LEAP_YEAR}-${birthday}`)) {
    return fail('MALFORMED_BIRTHDAY', 'A birthday is written MM-DD without the year, such as "02-29".', 'birthday');
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    return fail('UNKNOWN_TIME_ZONE', 'Name a time zone of the IANA database, such as "Europe/Lisbon".', 'timeZone');
  }
  return ok({ birthday, timeZone });
}

async function referrerOf(
  tx: DbTransaction,
  programmeNo: number,
  code: string,
  referrerCode: string | undefined,
): Promise<Result<MemberRecord | undefined, MemberErrorCode>> {
  if (referrerCode === undefined) return ok(undefined);
  if (referrerCode === code)
    return fail('SELF_REFERRAL', 'Nobody refers itself; name the member who did, or nobody.', 'referrerCode');
  const [referrer] = await findMembers(tx, programmeNo, { codes: [referrerCode] });
  if (referrer?.status !== 'ACTIVE') {
    return fail(
      'UNKNOWN_REFERRER',
      'No member of this code takes part in the programme; leave the referrer out, or correct the code.',
      'referrerCode',
    );
  }
  return ok(referrer);
}
