/** Programmes, their published versions and what was proposed as one, as rows. Names of constraints are PostgreSQL's own. */
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
    /** The second person, where publishing took two. */
    approvedBy: p.text().nullable(),
  },
});
export type ProgrammeVersionEntity = InferEntity<typeof ProgrammeVersionEntity>;

export const ProgrammeProposalEntity = defineEntity({
  name: 'ProgrammeProposalEntity',
  tableName: 'programme_proposal',
  properties: {
    id: p.uuid().primary(),
    programmeId: () =>
      p
        .manyToOne(ProgrammeEntity)
        .mapToPk()
        .fieldName('programme_id')
        .foreignKeyName('programme_proposal_programme_id_fkey')
        .index('programme_proposal_programme_id_idx'),
    source: p.text(),
    digest: p.text(),
    effectiveFrom: p.date(),
    state: p.text().$type<ProposalState>().default('PENDING'),
    proposedBy: p.text(),
    proposedAt: p.datetime(6),
    decidedBy: p.text().nullable(),
    decidedAt: p.datetime(6).nullable(),
  },
});
export type ProgrammeProposalEntity = InferEntity<typeof ProgrammeProposalEntity>;

/** WITHDRAWN by the one who proposed it, REJECTED by another. */
export type ProposalState = 'PENDING' | 'APPROVED' | 'REJECTED' | 'WITHDRAWN';
