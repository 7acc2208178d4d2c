/** Terms of published texts. A text never changes, so it is read and compiled once per process. */
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { termsOfPublished } from '../programme-files/index.js';

export interface PublishedText {
  /** Name it in messages: programme and version. */
  readonly name: string;
  readonly digest: string;
  /** The first day it counts, whatever the text says. */
  readonly effectiveFrom: BusinessDate;
  /** Null when the caller knows that it is compiled already. */
  readonly source: string | null;
}

const compiled = new Map<string, ProgrammeTerms>();

/** Of every text that is compiled: "digest day". */
export const compiledTexts = (): string[] => [...compiled.keys()];

/** The same object each time, so that what was derived from it is kept. */
export function publishedTerms({ name, digest, effectiveFrom, source }: PublishedText): ProgrammeTerms {
  const key = `${digest} ${effectiveFrom}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const terms = { ...termsOfPublished(source ?? '', name), effectiveFrom };
  compiled.set(key, terms);
  return terms;
}
