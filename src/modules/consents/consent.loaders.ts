/** Batched reads of consents, as far as the caller may see them. */
import type { LoaderDefinition } from '../../graphql/context.js';
import { groupedBy } from '../../graphql/loaders.js';
import { ConsentReceiptEntity } from './consent.entity.js';

/** What each member said last, of each purpose and partner, in their order. */
export const CONSENTS_OF_MEMBER: LoaderDefinition<number, readonly ConsentReceiptEntity[]> = {
  name: 'consents.of-member',
  async load(memberNos, { em }) {
    const rows = await em.execute<object[]>(
      `select distinct on (member_no, purpose, partner_no) * from consent_receipt
       where member_no in (select given.key::integer from json_array_elements_text(?::json) as given (key))
       order by member_no, purpose, partner_no, version desc`,
      [JSON.stringify(memberNos)],
    );
    const receipts = rows.map((row) => em.map(ConsentReceiptEntity, row as never) as ConsentReceiptEntity);
    return groupedBy(memberNos, receipts, ({ memberNo }) => memberNo);
  },
};

/** Whether each member wants offers that are picked for it; no when the caller may not see what it said. */
export const PERSONALISED: LoaderDefinition<number, boolean> = {
  name: 'consents.personalised',
  async load(memberNos, context) {
    const receipts = await context.loader(CONSENTS_OF_MEMBER).loadMany(memberNos);
    return receipts.map((each) => {
      if (each instanceof Error) throw each;
      return each.some(({ purpose, state }) => purpose === 'PERSONALISED_OFFERS' && state === 'GIVEN');
    });
  },
};
