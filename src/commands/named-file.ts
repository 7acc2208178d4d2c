/** Programme files that are named on the command line. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { ProgrammeTerms } from '../domain/earning/model.js';
import { type BusinessDate, isBusinessDate } from '../domain/kernel/calendar.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { describeFault } from '../infrastructure/yaml.js';
import { checkProgramme } from '../modules/programme-files/index.js';

/** The text of a file. Throws OperatorError when it cannot be read; `what` to name instead. */
export function textOf(file: string, what = 'a programme file, such as programmes/coalition-demo.yaml'): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`The file ${file} cannot be read: ${why}. Name ${what}.`);
  }
}

/** A day as people write it, for options. */
export function readDay(text: string): BusinessDate {
  if (isBusinessDate(text)) return text;
  throw new InvalidArgumentError('Write a day as YYYY-MM-DD.');
}

/**
 * The terms of a file, whatever its examples say. Throws OperatorError, with every fault and its place, when it is no
 * programme.
 */
export function termsOfFile(file: string): ProgrammeTerms {
  const { sound, problems } = checkProgramme(textOf(file), file);
  if (sound !== undefined) return sound.terms;
  throw new OperatorError(`${file} is no programme:\n${problems.map(describeFault).join('\n')}`);
}
