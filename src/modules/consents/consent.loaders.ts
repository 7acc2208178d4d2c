/** Batched reads of consents, as far as the caller may see them. */
import type { LoaderDefinition } from '../../graphql/context.js';
import { groupedBy } from '../../graphql/loaders.js';
import { rowsOf } from '../../infrastructure/db/entity-rows.js';
import { ConsentReceiptEntity } from './consent.entity.js';

/** What each member said last, of each purpose and partner, in their order. */
export const CONSENTS_OF_MEMBER: LoaderDefinition<number, readonly ConsentReceiptEntity[]> = {
  name: 'consents.of-member',
  async load(memberNos, { em }) {
    const receipts = await rowsOf(
      em,
      ConsentReceiptEntity,
      `as c where member_no = any($1::int[]) and not exists (
         select from consent_receipt l where l.member_no = c.member_no and l.purpose = c.purpose
           and l.partner_no = c.partner_no and l.version > c.version)
       order by member_no, purpose, partner_no`,
      [memberNos],
    );
    return groupedBy(memberNos, receipts, ({ memberNo }) => memberNo);
  },
};

/** Whether each member wants offers that are picked for it; no when the caller may not see what it said. */
export const PERSONALISED: LoaderDefinition<number, boolean> = {
  name: 'consents.personalised',
  async load(memberNos, context) {
    // Not by the other loader, which would wait for another tick and so be a statement of its own.
    const receipts = await CONSENTS_OF_MEMBER.load(memberNos, context);
    return receipts.map((each) =>
      each.some(({ purpose, state }) => purpose === 'PERSONALISED_OFFERS' && state === 'GIVEN'),
    );
  },
};
