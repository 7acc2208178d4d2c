/** Use cases on cards. A card is known by its issuer's token; its number is refused before it goes anywhere. */
import type { Principal } from '../../domain/access/principal.js';
import { looksLikeCardNumber } from '../../domain/kernel/card-number.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { findMembers, findProgrammeNo, type MemberRecord } from '../members/index.js';
import { findPartner, type PartnerRecord } from '../partners/index.js';
import type { CardErrorCode } from './card.errors.js';
import {
  type CardDetails,
  type CardRecord,
  findCard,
  linkCards,
  lockCard,
  relinkCard,
  sharesAccountWithReferral,
  unlinkCard,
  updateCard,
} from './card.sql.js';

export interface LinkCard extends CardDetails {
  readonly programmeCode: string;
  /** Exactly one of them. */
  readonly member: { readonly memberId?: string; readonly memberCode?: string };
  readonly token: string;
  readonly lastFour: string;
  /** Code of the bank that issued the card. */
  readonly issuerCode: string;
}

/** What is left out stays as it is, null takes it away. */
export interface UpdateCard {
  readonly cardId: string;
  readonly product?: string | null | undefined;
  readonly account?: string | null | undefined;
  readonly statementDay?: number | null | undefined;
}

const TOKEN = /^[\x21-\x7e]{8,128}$/;
const LAST_FOUR = /^[0-9]{4}$/;
const PRODUCT = /^[a-z0-9][a-z0-9-]{0,62}$/;
const ACCOUNT = /^[\x21-\x7e]{1,64}$/;
const LAST_STATEMENT_DAY = 28;

export class CardService {
  constructor(private readonly database: Database) {}

  /**
   * Links a card to a member. The same token for the same member is the same card, and counts again when it
   * had been unlinked; a token never moves to another member, because refunds of its purchases still come.
   */
  async link(principal: Principal, command: LinkCard): Promise<Result<CardRecord, CardErrorCode>> {
    return this.database.command(async (tx) => {
      const issuer = await findPartner(tx, command.issuerCode);
      authorize(principal, 'card.link', { partnerNos: issuer ? [issuer.no] : [] });
      const checked = checkCard(command);
      if (!checked.ok) return checked;
      const programmeNo = await findProgrammeNo(tx, command.programmeCode);
      if (programmeNo === undefined)
        return fail('UNKNOWN_PROGRAMME', 'There is no programme of this code; publish it first.', 'programmeCode');
      const bank = checkIssuer(issuer);
      if (!bank.ok) return bank;
      const member = await memberOf(tx, programmeNo, command.member);
      if (!member.ok) return member;
      const { token, lastFour, product, account, statementDay } = command;
      const details = { product, account, statementDay };
      const owner = await checkReferral(tx, member.value.no, account, bank.value.no);
      if (!owner.ok) return owner;
      const wanted = { id: newId(), memberNo: member.value.no, token, lastFour, issuerNo: bank.value.no, ...details };
      const card = (await linkCards(tx, programmeNo, [wanted])).get(command.token);
      invariant(card !== undefined, 'linking answers for every token');
      if (card.memberNo !== wanted.memberNo) {
        return fail(
          'CARD_OF_ANOTHER_MEMBER',
          'The token is linked to another member; ask the issuer for a new token.',
          'token',
        );
      }
      if (card.issuerNo !== wanted.issuerNo || card.lastFour !== wanted.lastFour) {
        return fail(
          'CARD_DIFFERS',
          'The token is linked with another issuer or other last four digits; send the same ones, or a new token.',
          'token',
        );
      }
      const other = DETAILS.find((detail) => details[detail] !== undefined && details[detail] !== card[detail]);
      if (other !== undefined)
        return fail('CARD_DIFFERS', `The card is linked with another ${other}; change it with cardUpdate.`, other);
      const { unlinkedAt, ...linked } = card;
      if (unlinkedAt !== undefined) await relinkCard(tx, programmeNo, card);
      return ok(linked);
    });
  }

  /** Changes what the issuer says about a card; what was decided stays as it is. */
  async update(principal: Principal, command: UpdateCard): Promise<Result<CardRecord, CardErrorCode>> {
    const { cardId, product, account, statementDay } = command;
    return this.database.command(async (tx) => {
      const card = isId(cardId) ? await lockCard(tx, cardId) : undefined;
      const own = principal.kind === 'PARTNER' ? [principal.partnerNo] : [];
      authorize(principal, 'card.link', { partnerNos: card ? [card.issuerNo] : own });
      if (card === undefined) return unknownCard();
      const details: CardDetails = {
        product: product === undefined ? card.product : (product ?? undefined),
        account: account === undefined ? card.account : (account ?? undefined),
        statementDay: statementDay === undefined ? card.statementDay : (statementDay ?? undefined),
      };
      const checked = checkDetails(details);
      if (!checked.ok) return checked;
      const owner = await checkReferral(tx, card.memberNo, details.account, card.issuerNo);
      if (!owner.ok) return owner;
      return ok((await updateCard(tx, card.id, details)) ?? card);
    });
  }

  /** Ends a link: purchases of the card are refused from now on, refunds of earlier ones still come in. */
  async unlink(principal: Principal, cardId: string): Promise<Result<CardRecord, CardErrorCode>> {
    return this.database.command(async (tx) => {
      const card = isId(cardId) ? await findCard(tx, cardId) : undefined;
      const own = principal.kind === 'PARTNER' ? [principal.partnerNo] : [];
      authorize(principal, 'card.link', { partnerNos: card ? [card.issuerNo] : own });
      const unlinked = card && (await unlinkCard(tx, card));
      return unlinked ? ok(unlinked) : unknownCard();
    });
  }
}

const unknownCard = () =>
  fail('UNKNOWN_CARD', 'There is no card of this id; take the id from cardLink or from the member.', 'cardId');

const DETAILS = ['product', 'account', 'statementDay'] as const;

function checkCard({ token, lastFour, ...details }: LinkCard): Result<undefined, CardErrorCode> {
  for (const [field, text] of [
    ['token', token],
    ['lastFour', lastFour],
  ] as const) {
    if (looksLikeCardNumber(text)) {
      return fail(
        'CARD_NUMBER_REFUSED',
        'This looks like a card number; send the token of the card and never its number.',
        field,
      );
    }
  }
  if (!TOKEN.test(token)) {
    return fail(
      'MALFORMED_TOKEN',
      'A card token is 8 to 128 letters, digits and signs of ASCII without spaces.',
      'token',
    );
  }
  if (!LAST_FOUR.test(lastFour))
    return fail('MALFORMED_LAST_FOUR', 'The last four digits of the card are four digits, such as "0042".', 'lastFour');
  return checkDetails(details);
}

function checkDetails({ product, account, statementDay }: CardDetails): Result<undefined, CardErrorCode> {
  if (product !== undefined && !PRODUCT.test(product)) {
    return fail(
      'MALFORMED_PRODUCT',
      'A card product is a code of small letters, digits and dashes, such as "credit-gold".',
      'product',
    );
  }
  if (account !== undefined && looksLikeCardNumber(account)) {
    return fail(
      'CARD_NUMBER_REFUSED',
      'This looks like a card number; send a name of the account that nobody can pay with.',
      'account',
    );
  }
  if (account !== undefined && !ACCOUNT.test(account)) {
    return fail(
      'MALFORMED_ACCOUNT',
      'An account is 1 to 64 letters, digits and signs of ASCII without spaces.',
      'account',
    );
  }
  if (statementDay !== undefined && !(statementDay >= 1 && statementDay <= LAST_STATEMENT_DAY)) {
    return fail(
      'STATEMENT_DAY_OUT_OF_RANGE',
      `A statement cycle begins on a day that every month has: 1 to ${LAST_STATEMENT_DAY}.`,
      'statementDay',
    );
  }
  return ok(undefined);
}

/** Nobody refers itself, not through a card of the same account either. */
async function checkReferral(
  tx: DbTransaction,
  memberNo: number,
  account: string | undefined,
  issuerNo: number,
): Promise<Result<undefined, CardErrorCode>> {
  if (account === undefined || !(await sharesAccountWithReferral(tx, memberNo, account, issuerNo)))
    return ok(undefined);
  return fail(
    'SELF_REFERRAL',
    'This account is that of the referrer, and nobody refers itself; withdraw the referral with memberUpdate first.',
    'account',
  );
}

function checkIssuer(issuer: PartnerRecord | undefined): Result<PartnerRecord, CardErrorCode> {
  if (issuer === undefined)
    return fail('UNKNOWN_ISSUER', 'There is no partner of this code; onboard the bank first.', 'issuerCode');
  if (!issuer.roles.includes('BANK'))
    return fail('ISSUER_NOT_A_BANK', 'This partner issues no cards; name one with the role BANK.', 'issuerCode');
  if (issuer.status !== 'ACTIVE')
    return fail(
      'ISSUER_NOT_ACTIVE',
      'The issuer is not active; reactivate it before its cards are linked.',
      'issuerCode',
    );
  return ok(issuer);
}

async function memberOf(
  tx: DbTransaction,
  programmeNo: number,
  { memberId, memberCode }: LinkCard['member'],
): Promise<Result<MemberRecord, CardErrorCode>> {
  if ((memberId === undefined) === (memberCode === undefined)) {
    return fail('MEMBER_NOT_EXACTLY_ONE', 'Name the member by its id or by its code, not by both.', 'member');
  }
  const by = memberId === undefined ? { codes: [memberCode as string] } : { ids: [memberId].filter(isId) };
  const [member] = await findMembers(tx, programmeNo, by);
  if (member === undefined)
    return fail('UNKNOWN_MEMBER', 'There is no such member in this programme; enrol it first.', 'member');
  if (member.status === 'CLOSED')
    return fail('MEMBER_CLOSED', 'The member has left the programme; enrol it anew under another code.', 'member');
  return ok(member);
}
