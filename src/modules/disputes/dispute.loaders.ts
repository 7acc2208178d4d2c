/** Batched reads of disputes, as the caller may see them. */
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { groupedBy } from '../../graphql/loaders.js';
import { programmeOf } from '../programmes/index.js';
import { DisputeEntity } from './dispute.entity.js';
import { Dispute } from './dispute.graphql.js';

const NOW: LoaderDefinition<'now', Date> = {
  name: 'disputes.now',
  async load(keys, { em }) {
    const [row] = await em.execute<{ ms: string }[]>(
      'select floor(extract(epoch from hansa_now()) * 1000)::text as ms',
    );
    return keys.map(() => new Date(Number(row?.ms)));
  },
};

/** A row as the schema shows it: in the money of its programme, and how old it is now. */
export async function shown(row: DisputeEntity, context: GatewayContext): Promise<Dispute> {
  const { currencyCode } = await programmeOf(row.programmeNo, context);
  const now = await context.loader(NOW).load('now');
  return Dispute.of(row, currencyCode, now);
}

/** The disputes of a line, in the order in which they were opened. */
export const DISPUTES_OF_LINE: LoaderDefinition<string, readonly DisputeEntity[]> = {
  name: 'disputes.of-line',
  async load(ids, { em }) {
    const rows = await em.find(DisputeEntity, { lineId: { $in: [...ids] } }, { orderBy: { id: 'asc' } });
    return groupedBy(ids, rows, ({ lineId }) => lineId);
  },
};
