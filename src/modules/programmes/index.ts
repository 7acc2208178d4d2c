export { ProgrammeEntity, ProgrammeVersionEntity } from './programme.entity.js';
export { type Applied, type OpenBooks, type ProgrammeBooks, ProgrammeService } from './programme.service.js';
export { loadProgrammes } from './programme.sql.js';
export { type CheckedProgramme, checkProgramme } from './programme-file.js';
export { type ProgrammeRecord, Programmes, type PublishedTerms } from './programmes.js';
