/** Programmes and partners as decisions know them; the pipeline's cache is one (modules/transactions/reference.ts). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import type { PartnerDirectory } from '../partners/index.js';
import type { Programmes } from '../programmes/index.js';

export interface Reference {
  readonly programmes: Programmes;
  readonly partners: PartnerDirectory;
}

export interface ReferenceSource {
  /** As of this transaction. */
  current(tx: DbTransaction): Promise<Reference>;
  /** As a request sees it, with the database's time. */
  present(em: EntityManager, database: Database): Promise<{ readonly reference: Reference; readonly now: Date }>;
  /** As committed now, outside a decision. */
  fresh(database: Database): Promise<Reference>;
}
