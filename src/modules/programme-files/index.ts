export { type CheckedProgramme, checkProgramme, type LocateFault, termsOfPublished } from './programme-file.js';
export { programmeJsonSchema } from './programme-json-schema.js';
