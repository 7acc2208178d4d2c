/** Use cases of consent: a member, its bank or an operator records what the member says. */
import type { Principal } from '../../domain/access/principal.js';
import {
  type ConsentChannel,
  type ConsentPurpose,
  type ConsentState,
  checkConsent,
  type Notice,
  nextVersion,
} from '../../domain/consents/consent.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import type { Database } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize, itself } from '../access/index.js';
import { recordEvents } from '../events/index.js';
import { lockMember, lockMembers, type MemberRecord, whoseCards } from '../members/index.js';
import { findPartner } from '../partners/index.js';
import type { ConsentReceiptEntity } from './consent.entity.js';
import type { ConsentErrorCode } from './consent.errors.js';
import { findLastReceipt, insertReceipt, PROGRAMME_ITSELF, standing } from './consent.sql.js';

export interface SayConsent {
  readonly memberId: string;
  readonly purpose: ConsentPurpose;
  readonly state: ConsentState;
  readonly partnerCode?: string | undefined;
  readonly channel: ConsentChannel;
  readonly notice?: Notice | undefined;
  readonly evidence?: string | undefined;
}

export interface SaidConsent {
  readonly member: MemberRecord;
  readonly receipt: ConsentReceiptEntity;
}

export class ConsentService {
  constructor(private readonly database: Database) {}

  /**
   * Records what the member says about a purpose; the same again writes nothing and answers with the receipt there is.
   * The bank of a linked card speaks for the member even when nothing is shared with it: that is how sharing begins again.
   */
  async say(principal: Principal, command: SayConsent): Promise<Result<SaidConsent, ConsentErrorCode>> {
    const { memberId, purpose, state, partnerCode, channel, notice, evidence } = command;
    const byMember = principal.kind === 'MEMBER';
    return this.database.command(async (tx) => {
      const member = isId(memberId) ? await lockMember(tx, memberId) : undefined;
      const nobodys = principal.kind === 'PARTNER' ? itself(principal) : {};
      authorize(principal, 'consent.record', member ? await whoseCards(tx, member.no) : nobodys);
      if (member === undefined)
        return fail('UNKNOWN_MEMBER', 'There is no member of this id; take the id from memberEnrol.', 'memberId');
      if (member.status === 'CLOSED')
        return fail('MEMBER_CLOSED', 'The member has left the programme; nothing is done with its data.', 'memberId');
      const wanted = { purpose, state, notice, evidence, byMember, forPartner: partnerCode !== undefined };
      const checked = checkConsent(wanted);
      if (!checked.ok) return checked;
      const partner = partnerCode === undefined ? undefined : await findPartner(tx, partnerCode);
      if (partnerCode !== undefined && partner === undefined)
        return fail('UNKNOWN_PARTNER', 'There is no partner of this code; correct it.', 'partnerCode');
      const partnerNo = partner?.no ?? PROGRAMME_ITSELF;
      const last = await findLastReceipt(tx, member.no, purpose, partnerNo);
      const version = nextVersion(last && standing(last), wanted);
      if (last !== undefined && version === undefined) return ok({ member, receipt: last });
      const id = newId();
      await lockMembers(tx, [member.no]);
      recordEvents(tx, [
        {
          type: state === 'GIVEN' ? 'consent.given' : 'consent.withdrawn',
          programmeNo: member.programmeNo,
          memberNo: member.no,
          partnerNos: partner === undefined ? [] : [partner.no],
          subjectId: id,
        },
      ]);
      const receipt = await insertReceipt(tx, {
        id,
        memberNo: member.no,
        purpose,
        partnerNo,
        version: version as number,
        state,
        recordedBy: principal.subject,
        channel,
        notice,
        evidence,
      });
      return ok({ member, receipt });
    });
  }
}
