/** Batched reads of members and what belongs to them. */
import type { LoaderDefinition } from '../../graphql/context.js';
import { inOrderOf } from '../../graphql/loaders.js';
import { rowsOf } from '../../infrastructure/db/entity-rows.js';
import { MemberBalanceEntity, MemberEntity } from './member.entity.js';
import { Member } from './member.graphql.js';

/** By the ledger's party number. */
export const MEMBER_BY_NO: LoaderDefinition<number, Member | undefined> = {
  name: 'members.by-no',
  async load(nos, { em }) {
    const found = await rowsOf(em, MemberEntity, 'where no = any($1::int[])', [nos]);
    return inOrderOf(nos, found.map(Member.of), ({ no }) => no);
  },
};

/** By the member's number; undefined when the caller may not see it. */
export const BALANCE_OF_MEMBER: LoaderDefinition<number, MemberBalanceEntity | undefined> = {
  name: 'members.balance-of-member',
  async load(memberNos, { em }) {
    const found = await rowsOf(em, MemberBalanceEntity, 'where member_no = any($1::int[])', [memberNos]);
    return inOrderOf(memberNos, found, ({ memberNo }) => memberNo);
  },
};
