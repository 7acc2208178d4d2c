/** How the API names who pays: the partner's code, or PROGRAMME. */
import { PROGRAMME_PARTY } from '../../domain/earning/model.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { Database } from '../../infrastructure/db/database.js';
import type { ReferenceCache } from './reference.js';

export async function funderCode(funderNo: number, database: Database, cache: ReferenceCache): Promise<string> {
  if (funderNo === PROGRAMME_PARTY) return 'PROGRAMME';
  const partner = await cache.find(database, ({ partners }) => partners.byNo(funderNo));
  invariant(partner, `funder ${funderNo} exists`);
  return partner.code;
}
