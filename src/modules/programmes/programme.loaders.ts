/** Batched reads of the versions and proposals of programmes. */
import type { LoaderDefinition } from '../../graphql/context.js';
import { groupedBy } from '../../graphql/loaders.js';
import { ProgrammeProposalEntity, ProgrammeVersionEntity } from './programme.entity.js';

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
