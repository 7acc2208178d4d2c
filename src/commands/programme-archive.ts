/** What was in force on a day: `hansa programme show CODE --on DAY`, and what other commands ask the archive. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { BusinessDate } from '../domain/kernel/calendar.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { ProgrammeEntity, ProgrammeVersionEntity } from '../modules/programmes/index.js';
import { withDatabases } from './with-databases.js';

/** The version that decides purchases of a day. Throws OperatorError when there is none. */
export async function publishedOn(
  em: EntityManager,
  code: string,
  dayOf: (programme: ProgrammeEntity) => Promise<BusinessDate>,
): Promise<{ readonly programme: ProgrammeEntity; readonly version: ProgrammeVersionEntity }> {
  const programme = await em.findOne(ProgrammeEntity, { code });
  if (programme === null)
    throw new OperatorError(`There is no programme "${code}". Publish it with: hansa programme apply FILE`);
  const day = await dayOf(programme);
  const version = await em.findOne(
    ProgrammeVersionEntity,
    { programmeId: programme.id, effectiveFrom: { $lte: day } },
    { orderBy: [{ effectiveFrom: 'desc' }, { version: 'desc' }] },
  );
  if (version === null) throw new OperatorError(`No version of "${code}" counts on ${day}. Name a later day.`);
  return { programme, version };
}

/** Prints it with everything that is known about its publication, and its text. */
export async function showOn(code: string, on: BusinessDate): Promise<void> {
  await withDatabases('hansa programme show', async ({ writer }) => {
    const { version } = await publishedOn(writer.em.fork(), code, async () => on);
    process.stdout.write(`# in force on ${on}: ${describeVersion(version)}\n${version.source}`);
  });
}

/** "version 2 counts from 2027-01-01, published … by alice, approved by bob, SHA-256 …" */
export function describeVersion(row: ProgrammeVersionEntity): string {
  const { version, effectiveFrom, publishedAt, publishedBy, approvedBy, digest } = row;
  const approval = approvedBy ? `, approved by ${approvedBy}` : '';
  return `version ${version} counts from ${effectiveFrom}, published ${publishedAt.toISOString()} by ${publishedBy}${approval}, SHA-256 ${digest}`;
}
