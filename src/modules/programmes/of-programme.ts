import type { EntityManager } from '@mikro-orm/postgresql';
import { ProgrammeEntity } from './programme.entity.js';

/** What narrows a list to one programme; a code that there is none of makes the list empty, no code leaves it whole. */
export async function ofProgramme(
  code: string | null | undefined,
  em: EntityManager,
): Promise<{ readonly programmeNo?: number }> {
  if (code === null || code === undefined) return {};
  return { programmeNo: (await em.findOne(ProgrammeEntity, { code }))?.no ?? NO_PROGRAMME };
}

/** Numbers begin at one. */
const NO_PROGRAMME = -1;
