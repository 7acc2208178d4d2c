/** Programmes and partners as decisions know them; the pipeline's cache is one (modules/transactions/reference.ts). */
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import type { PartnerDirectory } from '../partners/index.js';
import type { Programmes } from '../programmes/index.js';

export interface Reference {
  readonly programmes: Programmes;
  readonly partners: PartnerDirectory;
}

/** As a request sees it, with the database's time. */
export interface Present {
  readonly reference: Reference;
  readonly now: Date;
}

export interface ReferenceSource {
  /** As of this transaction. */
  current(tx: DbTransaction): Promise<Reference>;
  /** As committed now, outside a decision. */
  fresh(database: Database): Promise<Reference>;
}
