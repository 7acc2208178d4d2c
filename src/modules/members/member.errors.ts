/** Everything that can be refused about members. */
export type MemberErrorCode =
  | 'UNKNOWN_PROGRAMME'
  | 'MALFORMED_CODE'
  | 'MALFORMED_BIRTHDAY'
  | 'UNKNOWN_TIME_ZONE'
  | 'UNKNOWN_REFERRER'
  | 'SELF_REFERRAL'
  | 'ENROLLED_BEFORE'
  | 'UNKNOWN_MEMBER'
  | 'MEMBER_CLOSED';

export const MEMBER_ERRORS: Readonly<Record<MemberErrorCode, string>> = {
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  MALFORMED_CODE: 'A member code is empty, too long or not printable.',
  MALFORMED_BIRTHDAY: 'The birthday is not a day of a year, written MM-DD.',
  UNKNOWN_TIME_ZONE: 'The time zone is not one of the IANA database.',
  UNKNOWN_REFERRER: 'There is no member of the code given as referrer who takes part in the programme.',
  SELF_REFERRAL: 'Members do not refer themselves.',
  ENROLLED_BEFORE: 'The member was enrolled before: without this referrer, or by others and you may not see it.',
  UNKNOWN_MEMBER: 'There is no member of that id.',
  MEMBER_CLOSED: 'The member has left the programme.',
};
