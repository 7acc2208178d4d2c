/**
 * What every resolver gets. Built per request by the edge (api/context.ts); modules know only this shape.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type DataLoader from 'dataloader';
import type { Principal } from '../domain/access/principal.js';

export interface GatewayContext {
  readonly principal: Principal;
  readonly requestId: string;
  /** Aborted when nobody waits for the answer any more: its time is over, or the client is gone. */
  readonly signal?: AbortSignal;
  /** Reader role, row-level security set to the principal: whatever it returns, the caller may see. */
  readonly em: EntityManager;
  /** The request's own loader for this definition; made on first use. */
  loader<Key, Value>(definition: LoaderDefinition<Key, Value>): DataLoader<Key, Value>;
}

/** A batch read: values (or undefined) in the order of the keys. Declared once per module in `x.loaders.ts`. */
export interface LoaderDefinition<Key, Value> {
  readonly name: string;
  load(keys: readonly Key[], context: GatewayContext): Promise<readonly Value[]>;
}
