/** A programme file as the commands that look at its terms read it: sound, whatever its examples say. */
import { readFileSync } from 'node:fs';
import type { ProgrammeTerms } from '../domain/earning/model.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { describeFault } from '../infrastructure/yaml.js';
import { checkProgramme } from '../modules/programme-files/index.js';

/** The terms of a file. Throws OperatorError, with every fault and its place, when it is no programme. */
export function termsOfFile(file: string): ProgrammeTerms {
  const { sound, problems } = checkProgramme(textOf(file), file);
  if (sound !== undefined) return sound.terms;
  throw new OperatorError(`${file} is no programme:\n${problems.map(describeFault).join('\n')}`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`The file ${file} cannot be read: ${why}. Name a programme file in YAML.`);
  }
}
