/** Batched reads of redemptions, transfers and the lots they took, as the caller may see them. */
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { groupedBy, rowsById } from '../../graphql/loaders.js';
import { programmeOf } from '../programmes/index.js';
import { UnitsTransfer } from './payout.graphql.js';
import { RedemptionEntity } from './redemption.entity.js';
import { Redemption } from './redemption.graphql.js';
import type { RedemptionRecord, TransferRecord } from './redemption.sql.js';
import { OutflowReviewEntity } from './review.entity.js';

export const REDEMPTION_BY_ID = rowsById('redemption.by-id', RedemptionEntity);

export const REVIEW_BY_ID = rowsById('redemption.review-by-id', OutflowReviewEntity);

/** A row in the measure of its programme. */
export async function shownRedemption(row: RedemptionRecord, context: GatewayContext): Promise<Redemption> {
  return Redemption.of(row, await programmeOf(row.programmeNo, context));
}

export async function shownTransfer(row: TransferRecord, context: GatewayContext): Promise<UnitsTransfer> {
  return UnitsTransfer.of(row, await programmeOf(row.programmeNo, context));
}

export interface TakenLotRow {
  readonly redemptionId: string;
  readonly funderNo: number;
  readonly originId: string | null;
  readonly units: string;
  readonly valueMinor: string;
  readonly backUnits: string;
}

/** In the order of consumption. */
export const LOTS_OF_REDEMPTION: LoaderDefinition<string, TakenLotRow[]> = {
  name: 'redemption.lots-of-redemption',
  async load(ids, { em }) {
    const rows = await em.execute<TakenLotRow[]>(
      `select t.redemption_id as "redemptionId", l.funder_no as "funderNo", l.origin_id as "originId", t.units::text as units,
              t.value_minor::text as "valueMinor", t.back_units::text as "backUnits"
       from redemption_take t join lot l on l.id = t.lot_id and l.member_no = t.member_no
       where t.redemption_id in (select value::uuid from json_array_elements_text(?::json))
       order by t.redemption_id, t.line`,
      [JSON.stringify(ids)],
    );
    return groupedBy(ids, rows, ({ redemptionId }) => redemptionId);
  },
};
