/** Batched reads of programmes and their versions. */
import type { LoaderDefinition } from '../../graphql/context.js';
import { groupedBy } from '../../graphql/loaders.js';
import { ProgrammeVersionEntity } from './programme.entity.js';

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
