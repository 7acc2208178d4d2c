/** Every programme of the repository, and one in which every word of the grammar stands, in every language. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../../src/config.js';
import type { ProgrammeTerms } from '../../../src/domain/earning/model.js';
import { LANGUAGES } from '../../../src/domain/terms/catalogue.js';
import { markdown, plainText } from '../../../src/domain/terms/document.js';
import { termsText } from '../../../src/domain/terms/terms-text.js';
import { termsOfPublished } from '../../../src/modules/programme-files/programme-file.js';
import { namesOf, numbersIn, numbersOf } from '../../domain/terms/numbers.js';
import { everyWordYaml } from './every-word-yaml.js';
import { programmeYaml } from './programme-yaml.js';

const project = loadConfig().projectFolder;
const files = globSync('{programmes/**,examples/*}/*.yaml', { cwd: project }).filter(
  (file) => !file.endsWith('mapping.yaml'),
);
const texts: [string, string][] = [
  ['every word', everyWordYaml()],
  ...files.toSorted().map((file): [string, string] => [file, readFileSync(join(project, file), 'utf8')]),
];

test('the repository has programmes', () => {
  expect(files).toContain('programmes/coalition-demo.yaml');
});

describe.each(LANGUAGES)('in %s', (language) => {
  const said = (terms: ProgrammeTerms): string => plainText(termsText(terms, language));

  test.each(texts)('the numbers of %s are those of its rules', (name, text) => {
    const terms = termsOfPublished(text, name);
    expect(numbersIn(said(terms), language, namesOf(terms))).toEqual(numbersOf(terms));
  });

  test.each(texts)('%s has no line that is empty of words, and no name that is not said', (name, text) => {
    const terms = termsOfPublished(text, name);
    const page = said(terms);
    expect(page.split('\n').filter((line) => /^\s*-?\s*$/.test(line) && line !== '')).toEqual([]);
    expect(terms.rules.filter((rule) => !page.includes(rule.name)).map(({ code }) => code)).toEqual([]);
    expect(markdown(termsText(terms, language))).toMatch(/^# /);
  });
});

const FILE = programmeYaml('numbers')
  .replace('from: 0 }', 'from: 0 }\n    - { code: gold, name: Gold, from: 3000 }')
  .replace('rate: 2%', 'rate: 2%\n    when: { from: 2026-06-01, until: 2026-06-30, minimum: 20.00 }')
  .replace(
    'examples:',
    'caps:\n  - { code: month, per: month, max: 40 }\nexclusions:\n  - { codes: 9211-9399, reason: fines }\nexamples:',
  );

test.each([
  ['holdDays: 14', 'holdDays: 15'],
  ['rate: 2%', 'rate: 2.5%'],
  ['max: 40', 'max: 41'],
  ['rollingDays: 365', 'rollingDays: 366'],
  ['from: 2026-06-01', 'from: 2026-06-02'],
  ['until: 2026-06-30', 'until: 2026-07-01'],
  ['minimum: 20.00', 'above: 20.00'],
  ['from: 3000', 'from: 3001'],
  ['9211-9399', '9211-9398'],
  ['worth: 1 }', 'worth: 2 }'],
])('%s in the file is another text than %s', (from, to) => {
  const text = (source: string): string => plainText(termsText(termsOfPublished(source, 'numbers'), 'en'));
  const changed = FILE.replace(from, to);
  expect(changed).not.toBe(FILE);
  expect(text(changed)).not.toBe(text(FILE));
});
