/**
 * Putting published versions into words: the version, the language and the names that partners go by.
 */
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { availableLanguages, type Language } from '../../domain/terms/catalogue.js';
import type { TermsDocument } from '../../domain/terms/document.js';
import { termsText } from '../../domain/terms/terms-text.js';
import type { Names } from '../../domain/terms/wording.js';
import type { Database } from '../../infrastructure/db/database.js';
import type { TermsErrorCode } from './programme.errors.js';
import { loadPartnerNames } from './programme.sql.js';
import { type PublishedText, publishedTerms } from './published-terms.js';

/** The language of that name, or a refusal that lists those that are offered. */
export function offeredLanguage(name: string): Result<Language, TermsErrorCode> {
  const offered = availableLanguages();
  const found = offered.find((language) => language === name.toLowerCase());
  if (found !== undefined) return ok(found);
  return fail('LANGUAGE_NOT_OFFERED', `Terms are not offered in "${name}"; ask for ${offered.join(', ')}.`, 'language');
}

/** A refusal for a day on which nothing counts. */
export const notInForce = (code: string, on: BusinessDate) =>
  fail('NOT_IN_FORCE', `No version of "${code}" counts on ${on}; ask for a later day.`, 'on');

export class TermsService {
  /** @param database connections of the writer role: names of partners are shown to everybody */
  constructor(private readonly database: Database) {}

  /** A published text in words. The caller has asked for permission. */
  async write(published: PublishedText, language: string): Promise<Result<TermsDocument, TermsErrorCode>> {
    const offered = offeredLanguage(language);
    if (!offered.ok) return offered;
    const terms = publishedTerms(published);
    return ok(termsText(terms, offered.value, await this.namesIn(terms)));
  }

  private async namesIn(terms: ProgrammeTerms): Promise<Names> {
    const codes = partnersIn(terms);
    return codes.length === 0 ? new Map() : this.database.command((tx) => loadPartnerNames(tx, codes));
  }
}

/** Codes of partners that the terms name, those of their outlets included. */
function partnersIn({ rules, categories }: ProgrammeTerms): string[] {
  const partners = [
    ...rules.flatMap(({ when }) => [when.partners, when.issuers].flatMap((codes) => codes ?? [])),
    ...categories.flatMap((category) => category.partners),
  ];
  const outlets = [
    ...rules.flatMap(({ when }) => when.outlets ?? []),
    ...categories.flatMap((category) => category.outlets),
  ];
  return [...new Set([...partners, ...outlets.map((outlet) => outlet.slice(0, outlet.indexOf('/')))])];
}
