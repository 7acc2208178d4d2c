/** The programmes of this repository: every example comes out, and no number in one can be changed unnoticed. */
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Ajv } from 'ajv';
import { isMap, isScalar, parse, parseDocument, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import { loadConfig } from '../../src/config.js';
import { describeFault } from '../../src/infrastructure/yaml.js';
import { checkProgramme, programmeJsonSchema } from '../../src/modules/programme-files/index.js';

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');
const { projectFolder } = loadConfig();
const FILES = globSync('programmes/**/*.yaml', { cwd: projectFolder }).toSorted();
const textOf = (file: string): string => readFileSync(join(projectFolder, file), 'utf8');

/** What an editor makes of a file with the JSON Schema that its first line names. */
const inEditor = new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: true }).compile(
  JSON.parse(programmeJsonSchema()),
);

const PRESETS = [
  ...['amazon-brazil', 'casas-bahia', 'coalition-demo', 'lamoda', 'letoile', 'magazine-luiza', 'mnogo-club'],
  ...['mnogo-seed', 'points-per-hundred', 'rotating-quarter', 'spasibo', 'submarino', 'threshold-campaign'],
  'tinkoff-black',
];

const check = (files: readonly string[]): Promise<{ code: number; stdout: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [CLI, 'programme', 'check', ...files],
      { cwd: projectFolder, maxBuffer: 2 ** 24 },
      (_, stdout) => resolve({ code: child.exitCode ?? -1, stdout }),
    );
  });

interface Shown {
  readonly name: string;
  /** Where the numbers stand that the example expects, each with its offsets in the text. */
  readonly numbers: readonly (readonly [from: number, to: number])[];
}

/** What the examples of a file expect, by the file's own syntax tree. */
function shownIn(text: string): Shown[] {
  const examples = parseDocument(text, { schema: 'failsafe' }).get('examples') as YAMLSeq<YAMLMap>;
  return examples.items.map((example) => {
    const numbers: [number, number][] = [];
    visit(example, {
      Pair(_, { key, value }) {
        if (!isScalar(key) || key.value !== 'expect' || !isMap(value)) return;
        visit(value, {
          Scalar(place, { value: written, range }) {
            if (place !== 'key' && range && /^-?\d+(\.\d+)?$/.test(String(written))) numbers.push([range[0], range[1]]);
          },
        });
      },
    });
    return { name: String(example.get('name')), numbers };
  });
}

/** The text with another number in one place: one that no example comes to. */
const changed = (text: string, [from, to]: readonly [number, number]): string =>
  `${text.slice(0, from)}987654321${text.slice(to)}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hansa-presets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the fourteen presets, the published cases and three schemes of our own are there', () => {
  const inFolder = (pattern: string): string[] =>
    globSync(pattern, { cwd: projectFolder }).map((file) => basename(file, '.yaml'));
  expect(inFolder('programmes/*.yaml').toSorted()).toEqual(PRESETS);
  expect(inFolder('programmes/published-cases/*.yaml').length).toBeGreaterThanOrEqual(9);
  expect(inFolder('programmes/own-schemes/*.yaml')).toHaveLength(3);
});

test('check runs every example of all of them and prints how many', async () => {
  const counts = FILES.map((file) => shownIn(textOf(file)).length);
  const { code, stdout } = await check(FILES);
  expect(stdout.trimEnd().split('\n')).toEqual([
    ...FILES.map((file, index) => `${file}: ${counts[index]} examples run, 0 problems`),
    `${counts.reduce((sum, examples) => sum + examples, 0)} examples in ${FILES.length} files, 0 problems`,
  ]);
  expect(code).toBe(0);
});

test('a changed number in the first example of each file fails the check, which names the example', async () => {
  const broken = FILES.map((file, index) => {
    const text = textOf(file);
    const [first] = shownIn(text);
    const copy = join(folder, `${index}.yaml`);
    writeFileSync(copy, changed(text, first?.numbers[0] ?? [0, 0]));
    return { copy, name: first?.name };
  });
  const { code, stdout } = await check(broken.map(({ copy }) => copy));
  const found = broken.map(({ copy }) => stdout.split('\n').find((line) => line.startsWith(`${copy}:`)));
  for (const [index, { copy, name }] of broken.entries()) {
    expect(found[index]).toMatch(new RegExp(`^${copy}:\\d+:\\d+ examples\\[0\\]\\.steps\\[\\d+\\]\\.expect\\.`));
    expect(found[index]).toContain(`Example "${name}", step `);
  }
  expect(code).toBe(1);
});

describe.each(FILES)('%s', (file) => {
  const text = textOf(file);
  const shown = shownIn(text);

  test('has examples, and each expects numbers', () => {
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter(({ numbers }) => numbers.length === 0)).toEqual([]);
  });

  test('notices a change of any number that an example expects', () => {
    const unnoticed = shown.flatMap(({ name, numbers }) =>
      numbers.flatMap((place) => {
        const problems = checkProgramme(changed(text, place), file).problems.map(describeFault);
        return problems.length > 0 && problems.every((problem) => problem.includes(`Example "${name}", step `))
          ? []
          : [{ name, at: text.slice(0, place[0]).split('\n').length, problems }];
      }),
    );
    expect(unnoticed).toEqual([]);
  });

  test('says at its head what is known of the scheme and what is made up', () => {
    const head = text.split('\n\n')[0]?.replaceAll(/\n# */g, ' ') ?? '';
    expect(head).toMatch(/Public knowledge:.*Assumptions:|made up/s);
  });

  test('is valid for editors', () => {
    inEditor(parse(text));
    expect(inEditor.errors ?? []).toEqual([]);
    const [, named] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    expect(named).toBe(file.split('/').length === 2 ? 'programme.schema.json' : '../programme.schema.json');
  });
});
