/** Batched reads of standings, of what they go by, and of their history. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { TierStanding } from '../../domain/tiers/standing.js';
import type { LoaderDefinition } from '../../graphql/context.js';
import { byId } from '../../graphql/keyset.js';
import { groupedBy } from '../../graphql/loaders.js';
import { nestedLoader } from '../../graphql/nested.js';
import { rowsOf } from '../../infrastructure/db/entity-rows.js';
import { MemberSpendDayEntity } from '../earning/index.js';
import { MemberTierChangeEntity, MemberTierEntity } from './tier.entity.js';

/** By the member's number; undefined when nothing is stored yet. */
export const STANDING_OF_MEMBER: LoaderDefinition<number, TierStanding | undefined> = {
  name: 'tiers.standing-of-member',
  async load(memberNos, { em }) {
    const found = await rowsOf(em, MemberTierEntity, 'where member_no = any($1::int[])', [memberNos]);
    const byNo = new Map(found.map((row) => [row.memberNo, row]));
    return memberNos.map((memberNo) => {
      const row = byNo.get(memberNo);
      if (row === undefined) return undefined;
      const { tierCode, since, reviewOn } = row;
      return { tier: tierCode, since, ...(reviewOn != null && { reviewOn }) };
    });
  },
};

export interface DaysOfMember {
  readonly memberNo: number;
  readonly first: BusinessDate;
}

/** What each day adds to the metrics, from a first day on: of members of one programme, whose first days are alike. */
export const DAYS_OF_MEMBER: LoaderDefinition<DaysOfMember, readonly MemberSpendDayEntity[]> = {
  name: 'tiers.days-of-member',
  async load(wanted, { em }) {
    const nos = wanted.map(({ memberNo }) => memberNo);
    const first = wanted.map((one) => one.first).reduce((a, b) => (a < b ? a : b));
    const rows = await rowsOf(em, MemberSpendDayEntity, 'where member_no = any($1::int[]) and day >= $2::date', [
      nos,
      first,
    ]);
    return groupedBy(nos, rows, ({ memberNo }) => memberNo);
  },
};

/** Ids are made in the order of the changes. */
export const TIER_CHANGES = byId('tier-changes', 'DESC');

export const TIER_CHANGES_OF_MEMBER = nestedLoader<MemberTierChangeEntity>({
  name: 'tiers.changes-of-member',
  keyset: TIER_CHANGES,
  entity: MemberTierChangeEntity,
  parent: { column: 'member_no', kind: 'integer' },
});
