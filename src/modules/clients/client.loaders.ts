/** Batched reads of what clients prove themselves with. */
import type { LoaderDefinition } from '../../graphql/context.js';
import { groupedBy } from '../../graphql/loaders.js';
import { ClientKeyEntity, ClientSecretEntity } from './client.entity.js';
import { ClientKey, ClientSecret } from './client.graphql.js';

export const SECRETS_OF_CLIENT: LoaderDefinition<string, readonly ClientSecret[]> = {
  name: 'clients.secrets-of-client',
  async load(ids, { em }) {
    const rows = await em.find(ClientSecretEntity, { clientId: { $in: [...ids] } }, { orderBy: { id: 'desc' } });
    return groupedBy(ids, rows, ({ clientId }) => clientId).map((each) => each.map(ClientSecret.of));
  },
};

export const KEYS_OF_CLIENT: LoaderDefinition<string, readonly ClientKey[]> = {
  name: 'clients.keys-of-client',
  async load(ids, { em }) {
    const own = { clientId: { $in: [...ids] }, removedAt: null };
    const rows = await em.find(ClientKeyEntity, own, { orderBy: { id: 'desc' } });
    return groupedBy(ids, rows, ({ clientId }) => clientId).map((each) => each.map(ClientKey.of));
  },
};
