/** Batched reads of disputes, as the caller may see them. */
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { groupedBy, inOrderOf } from '../../graphql/loaders.js';
import { ProgrammeEntity } from '../programmes/index.js';
import { DisputeEntity } from './dispute.entity.js';
import { Dispute } from './dispute.graphql.js';

const PROGRAMME_OF_DISPUTE: LoaderDefinition<number, ProgrammeEntity | undefined> = {
  name: 'disputes.programme',
  async load(nos, { em }) {
    return inOrderOf(nos, await em.find(ProgrammeEntity, { no: { $in: [...nos] } }), ({ no }) => no);
  },
};

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
  const programme = await context.loader(PROGRAMME_OF_DISPUTE).load(row.programmeNo);
  const now = await context.loader(NOW).load('now');
  return Dispute.of(row, (programme as ProgrammeEntity).currencyCode, now);
}

/** The disputes of a line, in the order in which they were opened. */
export const DISPUTES_OF_LINE: LoaderDefinition<string, readonly DisputeEntity[]> = {
  name: 'disputes.of-line',
  async load(ids, { em }) {
    const rows = await em.find(DisputeEntity, { lineId: { $in: [...ids] } }, { orderBy: { id: 'asc' } });
    return groupedBy(ids, rows, ({ lineId }) => lineId);
  },
};
