/** Batched reads of programmes, their versions and proposals. */
import { invariant } from '../../domain/kernel/invariant.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { groupedBy, inOrderOf } from '../../graphql/loaders.js';
import { rowsOf } from '../../infrastructure/db/entity-rows.js';
import { ProgrammeEntity, ProgrammeProposalEntity, ProgrammeVersionEntity } from './programme.entity.js';

const PROGRAMME_BY_NO: LoaderDefinition<number, ProgrammeEntity | undefined> = {
  name: 'programmes.by-no',
  async load(nos, { em }) {
    const found = await rowsOf(em, ProgrammeEntity, 'where no = any($1::int[])', [nos]);
    return inOrderOf(nos, found, ({ no }) => no);
  },
};

/** The programme that something belongs to, by the ledger's number of it. */
export async function programmeOf(no: number, { loader }: GatewayContext): Promise<ProgrammeEntity> {
  const programme = await loader(PROGRAMME_BY_NO).load(no);
  invariant(programme !== undefined, 'who sees what is in a programme sees the programme');
  return programme;
}

/** All versions by the programme's id: newest effective date first, then highest version. */
export const VERSIONS_OF_PROGRAMME: LoaderDefinition<string, readonly ProgrammeVersionEntity[]> = {
  name: 'programmes.versions-of-programme',
  async load(programmeIds, { em }) {
    const found = await em.find(
      ProgrammeVersionEntity,
      { programmeId: { $in: [...programmeIds] } },
      { orderBy: [{ effectiveFrom: 'desc' }, { version: 'desc' }] },
    );
    return groupedBy(programmeIds, found, ({ programmeId }) => programmeId);
  },
};

/** All proposals by the programme's id, the latest first. */
export const PROPOSALS_OF_PROGRAMME: LoaderDefinition<string, readonly ProgrammeProposalEntity[]> = {
  name: 'programmes.proposals-of-programme',
  async load(programmeIds, { em }) {
    const found = await em.find(
      ProgrammeProposalEntity,
      { programmeId: { $in: [...programmeIds] } },
      { orderBy: [{ proposedAt: 'desc' }, { id: 'desc' }] },
    );
    return groupedBy(programmeIds, found, ({ programmeId }) => programmeId);
  },
};
