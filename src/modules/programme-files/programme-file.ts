/**
 * A programme file from text to terms and executed examples.
 */
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import { inOrder, readYaml, type YamlFault, type YamlPath } from '../../infrastructure/yaml.js';
import { runExamples } from './programme-examples.js';
import { programmeSchema } from './programme-schema.js';
import { termsOf } from './programme-terms.js';

/** Says where in the file a path stands. */
export type LocateFault = (path: YamlPath, message: string) => YamlFault;

export interface CheckedProgramme {
  /** In the order of the file; empty when the programme may be published. */
  readonly problems: readonly YamlFault[];
  /** Examples that were run: all of them, or none when the programme itself has problems. */
  readonly examples: number;
  /** Present when the programme itself has no problem, whatever its examples say. */
  readonly sound?: { readonly terms: ProgrammeTerms; readonly fault: LocateFault };
}

/** Longest file taken in, in characters: far above any programme, far below what could hurt. */
const MAX_LENGTH = 1_000_000;

/** Validates a programme and runs its examples. `fileName` only names the file in the problems. */
export function checkProgramme(text: string, fileName: string): CheckedProgramme {
  const reading = readProgramme(text, fileName);
  if ('problems' in reading) return { problems: reading.problems, examples: 0 };
  const { file, terms, fault } = reading;
  const problems: YamlFault[] = [];
  runExamples(file, terms, (path, message) => problems.push(fault(path, message)));
  return { problems: inOrder(problems), examples: file.examples.length, sound: { terms, fault } };
}

/** The terms of a text that was checked when it was published. Throws when it cannot be read, which is a bug. */
export function termsOfPublished(text: string, name: string): ProgrammeTerms {
  const reading = readProgramme(text, name);
  if ('terms' in reading) return reading.terms;
  throw new Error(`The published programme ${name} cannot be read any more: ${reading.problems[0]?.message}`);
}

function readProgramme(text: string, fileName: string) {
  if (text.length > MAX_LENGTH) {
    const message = `The file is longer than ${MAX_LENGTH} characters; split the programme.`;
    return { problems: [{ file: fileName, line: 1, column: 1, field: '', message }] };
  }
  const reading = readYaml(fileName, text, programmeSchema);
  if (!reading.ok) return { problems: reading.faults };
  const problems: YamlFault[] = [];
  const terms = termsOf(reading.value, (path, message) => problems.push(reading.fault(path, message)));
  return problems.length > 0 ? { problems: inOrder(problems) } : { file: reading.value, terms, fault: reading.fault };
}
