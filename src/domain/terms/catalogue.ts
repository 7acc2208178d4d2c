/**
 * Message catalogues: one per language, each with every key (the compiler sees to that), each message with the
 * arguments and the plural forms that its language needs (`gapsIn` sees to that). A language with a gap is not
 * offered at all, so nobody reads terms of which a sentence is missing.
 */
import { IntlMessageFormat } from 'intl-messageformat';
import { en } from './catalogues/en.js';
import { pt } from './catalogues/pt.js';
import { ru } from './catalogues/ru.js';

export type MessageKey = keyof typeof en;
export type Catalogue = Readonly<Record<MessageKey, string>>;

export const LANGUAGES = ['en', 'ru', 'pt'] as const;
export type Language = (typeof LANGUAGES)[number];

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, ru, pt };

/** English as it is written where days come before months, so that no date is ambiguous. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', ru: 'ru', pt: 'pt' };
export const localeOf = (language: Language): string => LOCALES[language];

/** Names in messages are data: nothing in them is a tag. */
export const parsed = (message: string, language: Language): IntlMessageFormat =>
  new IntlMessageFormat(message, localeOf(language), undefined, { ignoreTag: true });

/** The languages whose catalogues are complete. */
export const languagesOf = (
  catalogues: Readonly<Partial<Record<Language, Readonly<Record<string, string>>>>>,
): readonly Language[] =>
  LANGUAGES.filter((language) => {
    const catalogue = catalogues[language];
    return catalogue !== undefined && gapsIn(catalogue, language).length === 0;
  });

/** Found once: reading every message takes a tenth of a second, and catalogues do not change. */
let available: readonly Language[] | undefined;

/** The languages that terms are offered in. */
export function availableLanguages(): readonly Language[] {
  available ??= languagesOf(CATALOGUES);
  return available;
}

/** What a catalogue lacks, one sentence each; empty when it is complete. English says what is needed. */
export function gapsIn(catalogue: Readonly<Record<string, string>>, language: Language): string[] {
  const gaps = Object.keys(catalogue)
    .filter((key) => !(key in en))
    .map((key) => `${key}: English has no such message.`);
  for (const [key, english] of Object.entries(en)) {
    const message = catalogue[key];
    if (message === undefined || message.trim() === '') gaps.push(`${key}: the message is missing.`);
    else gaps.push(...gapsOf(message, english, language).map((gap) => `${key}: ${gap}`));
  }
  return gaps;
}

function gapsOf(message: string, english: string, language: Language): string[] {
  let shape: Shape;
  try {
    shape = shapeOf(message, language);
  } catch (error) {
    return [`not a message: ${error instanceof Error ? error.message : String(error)}`];
  }
  const wanted = shapeOf(english, 'en');
  const lacking = [...wanted.names].filter((name) => !shape.names.has(name));
  const surplus = [...shape.names].filter((name) => !wanted.names.has(name));
  const gaps = [
    ...lacking.map((name) => `it does not say {${name}}.`),
    ...surplus.map((name) => `nothing gives it {${name}}.`),
  ];
  const needed = new Intl.PluralRules(localeOf(language)).resolvedOptions().pluralCategories;
  for (const name of wanted.plurals) if (!shape.plurals.has(name)) gaps.push(`{${name}} has no plural forms.`);
  for (const { name, kind, options } of shape.branches) {
    const english = wanted.branches.find((branch) => branch.name === name && branch.kind === kind)?.options ?? [];
    const all = kind === 'plural' ? needed : english;
    for (const option of all) if (!options.includes(option)) gaps.push(`{${name}} lacks the form "${option}".`);
  }
  return gaps;
}

interface Shape {
  readonly names: Set<string>;
  readonly plurals: Set<string>;
  readonly branches: { readonly name: string; readonly kind: 'plural' | 'select'; readonly options: string[] }[];
}

/** An element of a parsed message, as far as it matters here. */
interface Element {
  readonly value?: unknown;
  readonly type: number;
  readonly pluralType?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Element[] }>>;
}

const LITERAL = 0;

function shapeOf(message: string, language: Language): Shape {
  const shape: Shape = { names: new Set(), plurals: new Set(), branches: [] };
  const walk = (elements: readonly Element[]): void => {
    for (const { type, value, pluralType, options } of elements) {
      if (type === LITERAL || typeof value !== 'string') continue;
      shape.names.add(value);
      if (options === undefined) continue;
      const kind = pluralType === undefined ? 'select' : 'plural';
      if (kind === 'plural') shape.plurals.add(value);
      shape.branches.push({ name: value, kind, options: Object.keys(options) });
      for (const option of Object.values(options)) walk(option.value);
    }
  };
  walk(parsed(message, language).getAst() as unknown as readonly Element[]);
  return shape;
}
