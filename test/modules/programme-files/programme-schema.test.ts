import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/config.js';
import { describeFault, locateInYaml, type YamlPath } from '../../../src/infrastructure/yaml.js';
import { checkProgramme, programmeJsonSchema } from '../../../src/modules/programme-files/index.js';
import { everyWordYaml } from './every-word-yaml.js';

const folder = join(loadConfig().projectFolder, 'programmes');
const schema = JSON.parse(programmeJsonSchema());
const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: true, verbose: true }).compile(schema);

/** What an editor does: YAML's own values against the JSON Schema, and each fault at its place. */
function faultsInEditor(text: string): string[] {
  const value: unknown = parse(text);
  if (validate(value)) return [];
  const locate = locateInYaml('x.yaml', text);
  return (validate.errors ?? [])
    .filter(({ keyword }) => !COMBINING.has(keyword))
    .map((error) => {
      const { path, at } = placeOf(error, value);
      return describeFault(locate({ path, at, message: error.message ?? '' }));
    });
}

/** They only sum up what stands below them. */
const COMBINING = new Set(['anyOf', 'if']);

function placeOf(error: ErrorObject, value: unknown): { readonly path: YamlPath; readonly at: 'KEY' | 'VALUE' } {
  let node = value;
  const path: PropertyKey[] = [];
  for (const step of error.instancePath.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(node) ? Number(key) : key);
    node = (node as Record<string, unknown>)[key];
  }
  const { additionalProperty, missingProperty } = error.params as Readonly<Record<string, string | undefined>>;
  if (additionalProperty !== undefined) return { path: [...path, additionalProperty], at: 'KEY' };
  if (error.propertyName !== undefined) return { path: [...path, error.propertyName], at: 'KEY' };
  // A choice between required fields is about the thing itself, not about one of them.
  const own = missingProperty !== undefined && Object.keys(error.parentSchema ?? {}).length > 1;
  return { path: own ? [...path, missingProperty] : path, at: 'VALUE' };
}

const SOUND = everyWordYaml();

test('a programme with every word of the grammar is sound, for check and for editors', () => {
  expect(checkProgramme(SOUND, 'x.yaml').problems.map(describeFault)).toEqual([]);
  expect(faultsInEditor(SOUND)).toEqual([]);
});

describe('mistakes are found by check and by an editor, at the same line and field', () => {
  // [what, the text to replace, by what, where both find it]
  test.each<[string, string, string, string]>([
    ['an unknown field', 'holdDays: 0', 'holdDay: 0', 'x.yaml:9:1 holdDay:'],
    ['a missing field', 'currency: RUB\n', '', 'x.yaml:1:1 currency:'],
    ['a wrong word', 'attribution: POSTING', 'attribution: BOOKING', 'x.yaml:7:14 attribution:'],
    ['a word in small letters', 'taxTreatment: DISCOUNT', 'taxTreatment: discount', 'x.yaml:11:15 taxTreatment:'],
    ['a code with capitals', 'programme: every-word', 'programme: Every-Word', 'x.yaml:1:12 programme:'],
    ['a day that is none', 'effectiveFrom: 2026-01-01', 'effectiveFrom: 01.01.2026', 'x.yaml:3:16 effectiveFrom:'],
    ['a hold below zero', 'holdDays: 0', 'holdDays: -1', 'x.yaml:9:11 holdDays:'],
    ['a unit with nine decimals', 'scale: 2', 'scale: 9', 'x.yaml:8:28 unit.scale:'],
    ['a value where fields belong', 'unit: { code: RUB1, scale: 2, worth: 1 }', 'unit: RUB1', 'x.yaml:8:7 unit:'],
    ['a code of three digits', 'mcc: [5541]', 'mcc: ["554"]', 'x.yaml:17:29 categories.fuel.mcc[0]:'],
    [
      'an exclusion without a reason',
      'product: gift-card, reason: gift cards',
      'product: gift-card',
      'x.yaml:22:5 exclusions[2].reason:',
    ],
    [
      'no tier at all',
      'levels: [{ code: basic, name: Basic, from: 0 }, { code: gold, name: Gold, from: 10, benefits: [{ code: free-delivery, name: Free delivery }] }]',
      'levels: []',
      'x.yaml:27:3 tiers.levels:',
    ],
    ['two windows of a tier', 'calendar: quarter', 'calendar: quarter\n  rollingDays: 90', 'x.yaml:23:1 tiers:'],
    ['a rate of more than everything', 'rate: 5%', 'rate: 500%', 'x.yaml:49:11 rules[1].rate:'],
    ['a rate in words', 'rate: 5%', 'rate: five', 'x.yaml:49:11 rules[1].rate:'],
    ['a negative rate', 'rate: 5%', 'rate: -0.05', 'x.yaml:49:11 rules[1].rate:'],
    ['two effects in one rule', 'fixed: 50,', 'fixed: 50, rate: 1%,', 'x.yaml:56:5 rules[8]:'],
    ['no effect in a rule', 'fixed: 50, ', '', 'x.yaml:56:5 rules[8]:'],
    ['an unknown field of a rule', '    rate: 5%', '    raet: 5%', 'x.yaml:49:5 rules[1].raet:'],
    [
      'a role that nobody has',
      'name: Base, funding: ISSUER',
      'name: Base, funding: BANK',
      'x.yaml:38:40 rules[0].funding:',
    ],
    ['an empty list', 'channels: [APP]', 'channels: []', 'x.yaml:46:7 rules[1].when.channels:'],
    ['a day of the week in full', 'days: [sat, sun]', 'days: [saturday]', 'x.yaml:48:14 rules[1].when.days[0]:'],
    ['a time that is none', '"22:00"', '"25:00"', 'x.yaml:48:41 rules[1].when.hours[0].from:'],
    [
      'a mark of two kinds',
      'reaches: { partners: 3,',
      'reaches: { partners: 3, spend: 10,',
      'x.yaml:59:73 rules[11].when.reaches:',
    ],
    ['an amount below zero', 'minimum: 200.00', 'minimum: -200.00', 'x.yaml:47:16 rules[1].when.minimum:'],
    ['a period that there is not', 'per: statement, max', 'per: fortnight, max', 'x.yaml:62:58 caps[1].per:'],
    ['a cap without a maximum', 'per: month, max: 3000, ', 'per: month, ', 'x.yaml:61:5 caps[0]:'],
    ['a share as a maximum and a maximum', 'maxShare: 30%', 'maxShare: 30%, max: 3', 'x.yaml:64:5 caps[3]:'],
    ['an expiry of two kinds', '{ endOfMonth: 3 }', '{ endOfMonth: 3, days: 4 }', 'x.yaml:67:1 expiry:'],
    ['a name that is too long', 'name: Fuel,', `name: ${'Fuel '.repeat(50)},`, 'x.yaml:17:17 categories.fuel.name:'],
    [
      'an expectation of nothing known',
      'expect: { redeemed: 150.00 }',
      'expect: { redemed: 150.00 }',
      'x.yaml:83:64 examples[0].steps[4].expect.redemed:',
    ],
    ['a step that is nothing', '- { action: review, ', '- { ', 'x.yaml:82:9 examples[0].steps[3]:'],
    ['a birthday with a year', 'birthday: 02-29', 'birthday: 2000-02-29', 'x.yaml:74:17 examples[0].member.birthday:'],
  ])('%s', (_, from, to, place) => {
    expect(SOUND.split(from)).toHaveLength(2);
    const broken = SOUND.replace(from, () => to);
    const found = {
      check: checkProgramme(broken, 'x.yaml').problems.map(describeFault),
      editor: faultsInEditor(broken),
    };
    expect(found).toEqual({
      check: expect.arrayContaining([expect.stringContaining(`${place} `)]),
      editor: expect.arrayContaining([expect.stringContaining(`${place} `)]),
    });
  });
});

test('the committed schema is the generated one: write it anew with `npx hansa programme schema`', () => {
  expect(readFileSync(join(folder, 'programme.schema.json'), 'utf8')).toBe(programmeJsonSchema());
});

/** Every field of the schema with its path. */
function fieldsOf(node: unknown, path = ''): { readonly path: string; readonly description?: string }[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key !== 'properties') return fieldsOf(value, path);
    return Object.entries(value as Record<string, { description?: string }>).flatMap(([name, field]) => [
      { path: `${path}.${name}`, ...(field.description !== undefined && { description: field.description }) },
      ...fieldsOf(field, `${path}.${name}`),
    ]);
  });
}

test('every field says what it means, and none other may stand there', () => {
  const fields = fieldsOf(schema);
  expect(fields.length).toBeGreaterThan(150);
  expect(fields.filter(({ description }) => description === undefined)).toEqual([]);
  const open = JSON.stringify(schema).split('"properties":').length - 1;
  expect(JSON.stringify(schema).split('"additionalProperties":false')).toHaveLength(open + 1);
});

test('the README of programmes names every field and every word', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const names = [...new Set(fieldsOf(schema).map(({ path }) => path.split('.').at(-1) ?? ''))];
  const words = [...JSON.stringify(schema).matchAll(/"enum":\[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/"(\w+)"/g)].map(([, word = '']) => word),
  );
  const missing = [...names, ...words].filter((name) => !new RegExp(`\\b${name}\\b`).test(readme));
  expect([...new Set(missing)]).toEqual([]);
});

describe('the snippets of the README', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block);
  const [shortest = '', ...others] = blocks;
  const without = (field: string): string => shortest.replace(new RegExp(`^${field}:.*\\n(?:  .*\\n)*`, 'm'), '');
  /** Lines that stand alone are a snippet each, such as several ways to write one field. */
  const snippets = others.flatMap((block) =>
    block.split('\n').every((line) => line === '' || /^\w+: /.test(line)) ? block.trim().split('\n') : [block],
  );

  test.each(snippets)('%s', (snippet) => {
    const [field = ''] = /^\w+/.exec(snippet) ?? [];
    const text = snippet.startsWith('- ')
      ? `${shortest}examples:\n  - name: x\n    steps:\n${snippet.replace(/^/gm, '      ')}`
      : field === 'when'
        ? shortest.replace('rate: 1%', `rate: 1%, ${snippet.replace(/ +#.*/, '')}`)
        : `${without(field)}${snippet}\n`;
    expect(faultsInEditor(text)).toEqual([]);
  });

  test('the basket comes out as it says', () => {
    const basket = snippets.find((snippet) => snippet.startsWith('- ')) ?? '';
    const text = `${shortest.replace('scale: 0, worth: 0.01', 'scale: 2, worth: 1').replace('MERCHANT, rate: 1%', 'PROGRAMME, rate: 5%')}
partners: { kontor-books: }
examples:\n  - name: basket\n    member: { units: 20 }\n    steps:\n${basket.replace(/^/gm, '      ')}`;
    expect(checkProgramme(text, 'x.yaml')).toMatchObject({ problems: [], examples: 1 });
  });
});
