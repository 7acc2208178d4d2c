/** Batched reads of connectors' runs and rejects, as the caller may see them. */
import { byId, type Keyset } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import { nestedLoader } from '../../graphql/nested.js';
import { ConnectorEntity, ConnectorRejectEntity, ConnectorRunEntity } from './connector.entity.js';

export const CONNECTOR_ROW = rowsById('connectors.row-by-id', ConnectorEntity);

export const RUNS = byId('connector-runs', 'DESC');
export const REJECTS: Keyset = { ...RUNS, name: 'connector-rejects' };

export const RUNS_OF_CONNECTOR = nestedLoader<ConnectorRunEntity>({
  name: 'connectors.runs-of-connector',
  keyset: RUNS,
  entity: ConnectorRunEntity,
  parent: { column: 'connector_id', kind: 'uuid' },
});

export const REJECTS_OF_CONNECTOR = nestedLoader<ConnectorRejectEntity>({
  name: 'connectors.rejects-of-connector',
  keyset: REJECTS,
  entity: ConnectorRejectEntity,
  parent: { column: 'connector_id', kind: 'uuid' },
});
