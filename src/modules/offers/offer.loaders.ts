/** Batched reads of what members chose and activated, of their segments and purchases, and of budgets. */
import type { CounterKey } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { LoaderDefinition } from '../../graphql/context.js';
import { groupedBy } from '../../graphql/loaders.js';
import { rowsOf } from '../../infrastructure/db/entity-rows.js';
import { MemberActivationEntity, MemberChoiceEntity, MemberSegmentEntity } from './offer.entity.js';
import { BUDGETS_USED, PURCHASES_OF_MEMBERS } from './offer-reads.sql.js';

/** In the order in which they were made. */
export const CHOICES_OF_MEMBER: LoaderDefinition<number, readonly MemberChoiceEntity[]> = {
  name: 'offers.choices-of-member',
  async load(memberNos, { em }) {
    const tail = 'where member_no = any($1::int[]) order by period, version';
    const found = await rowsOf(em, MemberChoiceEntity, tail, [memberNos]);
    return groupedBy(memberNos, found, ({ memberNo }) => memberNo);
  },
};

export const ACTIVATIONS_OF_MEMBER: LoaderDefinition<number, readonly MemberActivationEntity[]> = {
  name: 'offers.activations-of-member',
  async load(memberNos, { em }) {
    const found = await rowsOf(em, MemberActivationEntity, 'where member_no = any($1::int[])', [memberNos]);
    return groupedBy(memberNos, found, ({ memberNo }) => memberNo);
  },
};

export const SEGMENTS_OF_MEMBER: LoaderDefinition<number, readonly MemberSegmentEntity[]> = {
  name: 'offers.segments-of-member',
  async load(memberNos, { em }) {
    const tail = 'where member_no = any($1::int[]) order by segment, from_day';
    const found = await rowsOf(em, MemberSegmentEntity, tail, [memberNos]);
    return groupedBy(memberNos, found, ({ memberNo }) => memberNo);
  },
};

/** A purchase as far as advice goes by it. */
export interface KeptPurchaseRow {
  readonly memberNo: number;
  readonly businessDate: BusinessDate;
  readonly keptMinor: bigint;
  readonly category: string;
  readonly channel: string | null;
  readonly mcc: string | null;
  readonly merchantNo: number | null;
  readonly outletId: string | null;
  readonly cardId: string | null;
  readonly facts: KeptFacts;
}

/** What a decision kept, as far as advice goes by it; the whole of it is in transactions/decision-facts.ts. */
interface KeptFacts {
  /** tier */
  readonly t: string;
  /** issuer of the card */
  readonly i?: number;
  /** product, account and statement day of the card */
  readonly cp?: string;
  readonly ca?: string;
  readonly cs?: number;
  /** time of the day; day and time on the member's own clock */
  readonly h?: string;
  readonly md?: BusinessDate;
  readonly mh?: string;
}

/** Purchases since `from` of which something is kept and that the caller may see, oldest first, the last 1,000. */
export const PURCHASES_OF_MEMBER: LoaderDefinition<string, readonly KeptPurchaseRow[]> = {
  name: 'offers.purchases-of-member',
  async load(keys, { em }) {
    const asked = keys.map((key) => key.split('/') as [string, string]);
    const rows = await em.execute<PurchaseRow[]>(PURCHASES_OF_MEMBERS, [
      JSON.stringify(
        asked.map(([memberNo, from], index) => ({ key: index, member_no: Number(memberNo), from_day: from })),
      ),
    ]);
    const byKey = Map.groupBy(rows, ({ key }) => key);
    return keys.map((_, index) => (byKey.get(index) ?? []).map(keptPurchaseOf));
  },
};

/** Key of PURCHASES_OF_MEMBER. */
export const purchasesSince = (memberNo: number, from: BusinessDate): string => `${memberNo}/${from}`;

interface PurchaseRow {
  key: number;
  member_no: number;
  business_date: string;
  kept_minor: string;
  category_code: string;
  channel: string | null;
  mcc: string | null;
  merchant_no: number | null;
  outlet_id: string | null;
  card_id: string | null;
  facts: KeptFacts;
}

const keptPurchaseOf = (row: PurchaseRow): KeptPurchaseRow => ({
  memberNo: row.member_no,
  businessDate: row.business_date,
  keptMinor: BigInt(row.kept_minor),
  category: row.category_code,
  channel: row.channel,
  mcc: row.mcc,
  merchantNo: row.merchant_no,
  outletId: row.outlet_id,
  cardId: row.card_id,
  facts: row.facts,
});

/** "programme/code/period" of a budget. */
export const budgetKey = (programmeNo: number, { counter, period }: Pick<CounterKey, 'counter' | 'period'>): string =>
  `${programmeNo}/${counter}/${period}`;

/** How much of a budget is used, in its own measure; its key is budgetKey. */
export const USED_OF_BUDGET: LoaderDefinition<string, bigint> = {
  name: 'offers.used-of-budget',
  async load(keys, { em }) {
    const rows = await em.execute<{ key: string; used: string }[]>(BUDGETS_USED, [JSON.stringify(keys)]);
    const used = new Map(rows.map((row) => [row.key, BigInt(row.used)]));
    return keys.map((key) => used.get(key) ?? 0n);
  },
};
