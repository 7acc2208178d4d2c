import type { EntityManager } from '@mikro-orm/postgresql';
import { PartnerEntity } from './partner.entity.js';

/** What narrows a list to one partner; a code that there is none of makes the list empty, no code leaves it whole. */
export async function ofPartner(
  code: string | null | undefined,
  em: EntityManager,
): Promise<{ readonly partnerNo?: number }> {
  if (code === null || code === undefined) return {};
  return { partnerNo: (await em.findOne(PartnerEntity, { code }))?.no ?? NO_PARTNER };
}

/** Numbers begin at one. */
const NO_PARTNER = -1;
