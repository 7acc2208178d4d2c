/** Everything that can be refused about members. */
export type MemberErrorCode = 'UNKNOWN_PROGRAMME' | 'MALFORMED_CODE';

export const MEMBER_ERRORS: Readonly<Record<MemberErrorCode, string>> = {
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  MALFORMED_CODE: 'A member code is empty, too long or not printable.',
};
