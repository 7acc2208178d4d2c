/** Everything that can be refused about cards. No message here repeats what was sent: it may be a card number. */
export type CardErrorCode =
  | 'CARD_NUMBER_REFUSED'
  | 'MALFORMED_TOKEN'
  | 'MALFORMED_LAST_FOUR'
  | 'UNKNOWN_PROGRAMME'
  | 'UNKNOWN_ISSUER'
  | 'ISSUER_NOT_A_BANK'
  | 'ISSUER_NOT_ACTIVE'
  | 'MEMBER_NOT_EXACTLY_ONE'
  | 'UNKNOWN_MEMBER'
  | 'MEMBER_CLOSED'
  | 'CARD_OF_ANOTHER_MEMBER'
  | 'CARD_DIFFERS'
  | 'MALFORMED_PRODUCT'
  | 'MALFORMED_ACCOUNT'
  | 'STATEMENT_DAY_OUT_OF_RANGE'
  | 'SELF_REFERRAL'
  | 'UNKNOWN_CARD';

export const CARD_ERRORS: Readonly<Record<CardErrorCode, string>> = {
  CARD_NUMBER_REFUSED: 'The input looks like a card number, which the gateway never takes in.',
  MALFORMED_TOKEN: 'A card token has characters or a length that tokens may not have.',
  MALFORMED_LAST_FOUR: 'The last four are not four digits.',
  UNKNOWN_PROGRAMME: 'There is no programme of that code.',
  UNKNOWN_ISSUER: 'There is no partner of the code given as issuer.',
  ISSUER_NOT_A_BANK: 'The partner given as issuer does not have the role BANK.',
  ISSUER_NOT_ACTIVE: 'The partner given as issuer is suspended or has left.',
  MEMBER_NOT_EXACTLY_ONE: 'A member is named by its id or by its code, and by one of them only.',
  UNKNOWN_MEMBER: 'There is no such member in the programme.',
  MEMBER_CLOSED: 'The member has left the programme.',
  CARD_OF_ANOTHER_MEMBER: 'The token is, or once was, linked to another member.',
  CARD_DIFFERS:
    'The token is linked to the member already, with another issuer, other last four digits or other details.',
  MALFORMED_PRODUCT: 'The card product is not a code.',
  MALFORMED_ACCOUNT: 'The account has characters or a length that accounts may not have.',
  STATEMENT_DAY_OUT_OF_RANGE: 'A statement cycle begins on a day from 1 to 28.',
  SELF_REFERRAL: 'The account belongs to the member who referred this one, or whom this one has referred.',
  UNKNOWN_CARD: 'There is no card of that id.',
};
