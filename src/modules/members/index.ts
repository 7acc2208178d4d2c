export type { MemberErrorCode } from './member.errors.js';
export { Member, MemberBalance, MemberStatusEnum } from './member.graphql.js';
export { BALANCE_OF_MEMBER, MEMBER_BY_NO } from './member.loaders.js';
export { MemberResolver, memberNodes } from './member.resolver.js';
export { type EnrolMember, MemberService, type UpdateMember, whoseCards, whoseMember } from './member.service.js';
export {
  birthdayOf,
  enrolMembers,
  findMembers,
  findProgrammeNo,
  type LockedMember,
  lockMember,
  lockMembers,
  type MemberRecord,
  type MemberStatus,
  markReferralsTold,
  type NewMember,
} from './member.sql.js';
