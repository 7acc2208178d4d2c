export { ProgrammeEntity, ProgrammeVersionEntity } from './programme.entity.js';
export type { ProgrammeErrorCode, ProgrammeFailure } from './programme.errors.js';
export { Programme, ProgrammeVersion } from './programme.graphql.js';
export { ProgrammeResolver, ProgrammeVersionResolver, programmeNodes } from './programme.resolver.js';
export { type Applied, type OpenBooks, type ProgrammeBooks, ProgrammeService } from './programme.service.js';
export { loadProgrammes } from './programme.sql.js';
export { type CheckedProgramme, checkProgramme } from './programme-file.js';
export { programmeJsonSchema } from './programme-json-schema.js';
export { type ProgrammeRecord, Programmes, type PublishedTerms } from './programmes.js';
