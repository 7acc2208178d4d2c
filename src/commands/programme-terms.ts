/** `hansa programme terms`: what members are told, from a file or as published. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type BusinessDate, businessDateIn } from '../domain/kernel/calendar.js';
import { LANGUAGES } from '../domain/terms/catalogue.js';
import { markdown, plainText, type TermsDocument } from '../domain/terms/document.js';
import { termsText } from '../domain/terms/terms-text.js';
import { databaseTime } from '../infrastructure/db/clock.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { describeFault } from '../infrastructure/yaml.js';
import { checkProgramme } from '../modules/programme-files/index.js';
import { offeredLanguage, TermsService } from '../modules/programmes/index.js';
import { readDay, textOf } from './named-file.js';
import { publishedOn } from './programme-archive.js';
import { withDatabases } from './with-databases.js';

interface TermsOptions {
  readonly language: string;
  readonly on?: BusinessDate;
  readonly markdown?: true;
}

export function registerTerms(programme: Command): void {
  programme
    .command('terms')
    .description('print the terms that members read, generated from the rules')
    .argument('<file-or-code>', 'a YAML file (needs no database), or the code of a published programme')
    .option('--language <language>', `one of ${LANGUAGES.join(', ')}`, 'en')
    .option('--on <day>', 'of a published programme: as they are on that day (today when absent)', readDay)
    .option('--markdown', 'as Markdown instead of plain text')
    .action(terms);
}

async function terms(fileOrCode: string, options: TermsOptions): Promise<void> {
  const isFile = existsSync(fileOrCode) || /\.ya?ml$/i.test(fileOrCode);
  if (isFile && options.on !== undefined)
    throw new OperatorError('A file is one version: leave --on out, or name a published programme by its code.');
  const document = isFile ? ofFile(fileOrCode, options) : await ofPublished(fileOrCode, options);
  process.stdout.write(options.markdown ? markdown(document) : plainText(document));
}

/** Examples that fail do not keep the terms from being read; a file that is no programme does. */
function ofFile(file: string, { language }: TermsOptions): TermsDocument {
  const offered = offeredLanguage(language);
  if (!offered.ok) throw new OperatorError(offered.failure.message);
  const { sound, problems } = checkProgramme(textOf(file, 'a programme file, or a published programme'), file);
  if (sound === undefined)
    throw new OperatorError(`${file} is no programme.\n${problems.map(describeFault).join('\n')}`);
  return termsText(sound.terms, offered.value);
}

const ofPublished = (code: string, { language, on }: TermsOptions): Promise<TermsDocument> =>
  withDatabases('hansa programme terms', async ({ writer, database }) => {
    const em = writer.em.fork();
    const { version } = await publishedOn(
      em,
      code,
      async ({ timeZone }) => on ?? businessDateIn(await databaseTime(em), timeZone),
    );
    const { digest, effectiveFrom, source } = version;
    const name = `${code} version ${version.version}`;
    const written = await new TermsService(database).write({ name, digest, effectiveFrom, source }, language);
    if (!written.ok) throw new OperatorError(written.failure.message);
    return written.value;
  });
