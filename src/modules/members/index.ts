export {
  enrolMembers,
  findMembers,
  findProgrammeNo,
  MEMBER_STATUSES,
  type MemberRecord,
  type MemberStatus,
  type NewMember,
} from './member.sql.js';
