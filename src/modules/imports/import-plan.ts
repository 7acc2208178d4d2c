/**
 * What an import is going to do, checked as far as files alone can tell: mapping, programme and the feed's
 * columns. Nothing is stored before a plan stands; every fault is named with its file, line and field.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import { UNCATEGORISED } from '../../domain/earning/model.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { OperatorError } from '../../infrastructure/operator-error.js';
import { describeFault, inOrder, nearest, type YamlFault } from '../../infrastructure/yaml.js';
import { checkProgramme } from '../programme-files/index.js';
import { type ColumnFault, type Feed, openFeed } from './feed.js';
import { readMapping } from './mapping-file.js';
import { type FeedMapping, pathNaming, termsOf } from './mapping-shape.js';
import { Translator } from './translate.js';

export interface ImportRequest {
  /** The feed. */
  readonly file: string;
  readonly mappingFile: string;
  /** Must be the mapping's programme when the mapping names one; needed when it names none. */
  readonly programmeCode?: string;
}

export interface ImportPlan {
  readonly file: string;
  readonly mapping: FeedMapping;
  /** Of the mapping file's bytes, hexadecimal. */
  readonly mappingSha256: string;
  readonly terms: ProgrammeTerms;
  /** The programme file that the mapping names, to be applied; absent when the programme must exist. */
  readonly programmeSource?: { readonly file: string; readonly text: string };
  readonly feed: Feed;
  readonly translator: Translator;
}

/** The newest published terms of a programme; undefined when there is none of that code. */
export type FindTerms = (programmeCode: string) => Promise<ProgrammeTerms | undefined>;

/** Throws OperatorError with all faults. The caller closes the feed when it does not read it to its end. */
export async function planImport(request: ImportRequest, findTerms: FindTerms): Promise<ImportPlan> {
  const mappingText = await readText(request.mappingFile, 'mapping');
  const reading = readMapping(request.mappingFile, mappingText);
  if (!reading.ok) throw refused(reading.faults);
  const mapping = reading.value;
  const source = await programmeSourceOf(request, mapping);
  const terms =
    source === undefined ? await publishedTerms(request, findTerms) : termsIn(source, request.programmeCode);
  const faults = [...categoryFaults(mapping, terms), ...payoutFaults(mapping, terms)];
  if (faults.length > 0) throw refused(faults.map(({ path, message }) => reading.fault(path, message)));
  const translator = new Translator(mapping, terms);
  const feed = await openFeed(request.file, mapping.format, translator.columns).catch(
    (error: NodeJS.ErrnoException) => {
      throw unreadable(request.file, 'feed', error);
    },
  );
  if ('rows' in feed) {
    const mappingSha256 = createHash('sha256').update(mappingText).digest('hex');
    return {
      file: request.file,
      mapping,
      mappingSha256,
      terms,
      feed,
      translator,
      ...(source && { programmeSource: source }),
    };
  }
  throw refused(
    feed.map((fault) => reading.fault(pathNaming(mapping, fault.column), columnSentence(request.file, fault))),
  );
}

function columnSentence(file: string, { column, fault, header }: ColumnFault): string {
  if (fault === 'TWICE') return `${file} has two columns named "${column}"; rename one of them.`;
  const meant = nearest(column, header);
  const hint =
    meant === undefined
      ? header.length > 0
        ? ` Its columns are ${header.join(', ')}.`
        : ''
      : ` Did you mean "${meant}"?`;
  return `${file} has no column "${column}".${hint}`;
}

async function programmeSourceOf({ mappingFile }: ImportRequest, { programme }: FeedMapping) {
  if (programme === undefined) return undefined;
  const file = relative('.', resolve(dirname(mappingFile), programme));
  return { file, text: await readText(file, 'programme') };
}

function termsIn(source: { readonly file: string; readonly text: string }, wanted: string | undefined): ProgrammeTerms {
  const { problems, sound } = checkProgramme(source.text, source.file);
  if (sound === undefined || problems.length > 0) throw refused(problems);
  const { terms } = sound;
  if (wanted === undefined || wanted === terms.code) return terms;
  throw new OperatorError(
    `The mapping brings the programme "${terms.code}" (${source.file}), and --programme says "${wanted}". Leave --programme out, or take the field programme out of the mapping.`,
  );
}

async function publishedTerms(
  { programmeCode, mappingFile }: ImportRequest,
  findTerms: FindTerms,
): Promise<ProgrammeTerms> {
  if (programmeCode === undefined) {
    throw new OperatorError(
      `${mappingFile} names no programme file: say with --programme which programme the rows go to.`,
    );
  }
  const terms = await findTerms(programmeCode);
  if (terms !== undefined) return terms;
  throw new OperatorError(`There is no programme "${programmeCode}"; publish it first with hansa programme apply.`);
}

interface MappingFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function categoryFaults({ categories }: FeedMapping, terms: ProgrammeTerms): MappingFault[] {
  const known = [...terms.categories.map(({ code }) => code), UNCATEGORISED];
  return Object.keys(categories)
    .filter((code) => !known.includes(code))
    .map((code) => {
      const meant = nearest(code, known);
      const hint = meant === undefined ? `it has ${known.join(', ')}.` : `did you mean "${meant}"?`;
      return {
        path: ['categories', code],
        message: `The programme "${terms.code}" has no category "${code}"; ${hint}`,
      };
    });
}

function payoutFaults(mapping: FeedMapping, { currencyCode, currencyScale }: ProgrammeTerms): MappingFault[] {
  const isFine = (text: string): boolean => typeof parseDecimal(text, currencyScale) === 'bigint';
  const message = `This is not an amount of ${currencyCode}; it has at most ${currencyScale} decimals.`;
  const own = mapping.partners.flatMap((partner, index): MappingFault[] =>
    partner.contract.minimumPayout === undefined || isFine(termsOf(mapping, partner).minimumPayout)
      ? []
      : [{ path: ['partners', index, 'contract', 'minimumPayout'], message }],
  );
  return isFine(mapping.contract.minimumPayout) ? own : [{ path: ['contract', 'minimumPayout'], message }, ...own];
}

const refused = (faults: readonly YamlFault[]): OperatorError =>
  new OperatorError(
    [
      ...inOrder(faults).map(describeFault),
      `Nothing was stored. Mend ${faults.length === 1 ? 'this' : 'these'} and import again.`,
    ].join('\n'),
  );

const readText = (file: string, what: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, what, error);
  });

function unreadable(file: string, what: string, error: NodeJS.ErrnoException): Error {
  if (error.code === 'ENOENT') return new OperatorError(`The ${what} file ${file} does not exist. Check its name.`);
  if (error.code === 'EACCES') return new OperatorError(`The ${what} file ${file} may not be read by this user.`);
  if (error.code === 'EISDIR') return new OperatorError(`${file} is a folder; name the ${what} file in it.`);
  return error;
}
