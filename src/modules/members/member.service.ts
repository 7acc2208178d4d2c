/** Use cases on members. */
import { v7 } from 'uuid';
import type { Principal } from '../../domain/access/principal.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import type { MemberErrorCode } from './member.errors.js';
import { enrolMembers, findProgrammeNo, type MemberRecord } from './member.sql.js';

export interface EnrolMember {
  readonly programmeCode: string;
  /** The number or name by which partners know the member; unique in the programme for ever. */
  readonly code: string;
}

const MAX_CODE = 64;

export class MemberService {
  constructor(private readonly database: Database) {}

  /** Enrols a member; the same code again is the same member, so a repeated request is harmless. */
  async enrol(principal: Principal, command: EnrolMember): Promise<Result<MemberRecord, MemberErrorCode>> {
    authorize(principal, 'member.enrol');
    const { programmeCode, code } = command;
    if (code === '' || code.length > MAX_CODE || code !== code.trim() || /\p{Cc}/u.test(code)) {
      return fail(
        'MALFORMED_CODE',
        `A member code is 1 to ${MAX_CODE} printable characters without spaces around it.`,
        'code',
      );
    }
    return this.database.command(async (tx) => {
      const programmeNo = await findProgrammeNo(tx, programmeCode);
      if (programmeNo === undefined) {
        return fail('UNKNOWN_PROGRAMME', 'There is no programme of this code; publish it first.', 'programmeCode');
      }
      const member = (await enrolMembers(tx, programmeNo, [{ id: v7(), code }])).get(code);
      invariant(member !== undefined, 'enrolling answers for every code');
      return ok(member);
    });
  }
}
