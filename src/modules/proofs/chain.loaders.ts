/** Batched reads of the chain, as the caller may see it. */
import type { LoaderDefinition } from '../../graphql/context.js';
import { inOrderOf } from '../../graphql/loaders.js';
import { ChainBlockEntity, SettlementSealEntity } from './chain.entity.js';
import { ChainBlock } from './proof.graphql.js';

/** By the settlement's id; undefined until all of it is sealed. */
export const SEAL_OF_SETTLEMENT: LoaderDefinition<string, ChainBlock | undefined> = {
  name: 'proofs.seal-of-settlement',
  async load(ids, { em }) {
    const seals = await em.find(SettlementSealEntity, { settlementId: { $in: [...ids] } });
    const blocks = await em.find(ChainBlockEntity, { sequence: { $in: seals.map(({ sequence }) => sequence) } });
    return inOrderOf(ids, seals, ({ settlementId }) => settlementId).map((seal) => {
      const block = blocks.find(({ sequence }) => sequence === seal?.sequence);
      return block && ChainBlock.of(block);
    });
  },
};
