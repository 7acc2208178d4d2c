/** Batched reads of what reconciliations belong to. */
import { invariant } from '../../domain/kernel/invariant.js';
import type { LoaderDefinition } from '../../graphql/context.js';
import { inOrderOf } from '../../graphql/loaders.js';
import { ProgrammeEntity } from '../programmes/index.js';

export const PROGRAMME_OF_RECONCILIATION: LoaderDefinition<number, ProgrammeEntity> = {
  name: 'reconciliation.programme',
  async load(nos, { em }) {
    const found = await em.find(ProgrammeEntity, { no: { $in: [...nos] } });
    return inOrderOf(nos, found, ({ no }) => no).map((programme) => {
      invariant(programme !== undefined, 'who sees a reconciliation sees its programme');
      return programme;
    });
  },
};
