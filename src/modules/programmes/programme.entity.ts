/** Programmes and their published versions, as rows. Names of constraints are PostgreSQL's own. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const ProgrammeEntity = defineEntity({
  name: 'ProgrammeEntity',
  tableName: 'programme',
  properties: {
    id: p.uuid().primary(),
    no: p.integer().autoincrement().generated('by default as identity').unique('programme_no_key'),
    code: p.text().unique('programme_code_key'),
    name: p.text(),
    currencyCode: p.character().length(3),
    unitCode: p.text(),
    unitScale: p.smallint(),
    timeZone: p.text(),
    createdAt: p.datetime(6),
  },
});
export type ProgrammeEntity = InferEntity<typeof ProgrammeEntity>;

export const ProgrammeVersionEntity = defineEntity({
  name: 'ProgrammeVersionEntity',
  tableName: 'programme_version',
  uniques: [
    { name: 'programme_version_programme_id_version_key', properties: ['programmeId', 'version'] },
    {
      name: 'programme_version_programme_id_effective_from_version_key',
      properties: ['programmeId', 'effectiveFrom', 'version'],
    },
  ],
  properties: {
    id: p.uuid().primary(),
    programmeId: () =>
      p
        .manyToOne(ProgrammeEntity)
        .mapToPk()
        .fieldName('programme_id')
        .foreignKeyName('programme_version_programme_id_fkey')
        .index(false),
    version: p.integer(),
    effectiveFrom: p.date(),
    source: p.text(),
    digest: p.text(),
    publishedBy: p.text(),
    publishedAt: p.datetime(6),
  },
});
export type ProgrammeVersionEntity = InferEntity<typeof ProgrammeVersionEntity>;
