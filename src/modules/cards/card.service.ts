/** Use cases on cards. A card is known by its issuer's token; its number is refused before it goes anywhere. */
import { v7 } from 'uuid';
import type { Principal } from '../../domain/access/principal.js';
import { looksLikeCardNumber } from '../../domain/kernel/card-number.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { findMembers, findProgrammeNo, type MemberRecord } from '../members/index.js';
import { findPartner, type PartnerRecord } from '../partners/index.js';
import type { CardErrorCode } from './card.errors.js';
import { type CardRecord, findCard, linkCards, relinkCard, unlinkCard } from './card.sql.js';

export interface LinkCard {
  readonly programmeCode: string;
  /** Exactly one of them. */
  readonly member: { readonly memberId?: string; readonly memberCode?: string };
  readonly token: string;
  readonly lastFour: string;
  /** Code of the bank that issued the card. */
  readonly issuerCode: string;
}

const TOKEN = /^[\x21-\x7e]{8,128}$/;
const LAST_FOUR = /^[0-9]{4}$/;

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
      const wanted = {
        id: v7(),
        memberNo: member.value.no,
        token: command.token,
        lastFour: command.lastFour,
        issuerNo: bank.value.no,
      };
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
      const { unlinkedAt, ...linked } = card;
      if (unlinkedAt !== undefined) await relinkCard(tx, card.id);
      return ok(linked);
    });
  }

  /** Ends a link: purchases of the card are refused from now on, refunds of earlier ones still come in. */
  async unlink(principal: Principal, cardId: string): Promise<Result<CardRecord, CardErrorCode>> {
    return this.database.command(async (tx) => {
      const card = isId(cardId) ? await findCard(tx, cardId) : undefined;
      const own = principal.kind === 'PARTNER' ? [principal.partnerNo] : [];
      authorize(principal, 'card.link', { partnerNos: card ? [card.issuerNo] : own });
      const unlinked = card && (await unlinkCard(tx, card.id));
      return unlinked
        ? ok(unlinked)
        : fail('UNKNOWN_CARD', 'There is no card of this id; take the id from cardLink or from the member.', 'cardId');
    });
  }
}

function checkCard({ token, lastFour }: LinkCard): Result<undefined, CardErrorCode> {
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
  return ok(undefined);
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
