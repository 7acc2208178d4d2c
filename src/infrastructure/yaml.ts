/**
 * YAML files whose faults name file, line, column and field.
 *
 * Scalars are read as the text that stands there (YAML's failsafe schema): `0.05` never becomes floating
 * point, a code like `5E10` or `0042` stays what it is, `no` is not false. The zod schema gives them meaning.
 */
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';
import { z } from 'zod';

export interface YamlFault {
  readonly file: string;
  /** From 1, like `column`. */
  readonly line: number;
  readonly column: number;
  /** Path in the file, such as partners[2].names; empty for the file as a whole. */
  readonly field: string;
  /** A full sentence that says what to do. */
  readonly message: string;
}

export type YamlPath = readonly PropertyKey[];

export type YamlReading<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** A fault found later, at the deepest part of the path that stands in the file. */
      readonly fault: (path: YamlPath, message: string) => YamlFault;
    }
  | { readonly ok: false; readonly faults: readonly [YamlFault, ...YamlFault[]] };

/** Reads `text` by `schema`. All faults are returned, in the order of their lines. */
export function readYaml<T>(file: string, text: string, schema: z.ZodType<T>): YamlReading<T> {
  const lines = new LineCounter();
  const document = documentOf(text, lines);
  const syntax = document.errors.map((error) => syntaxFault(file, document, lines, error));
  if (isFilled(syntax)) return { ok: false, faults: syntax };
  const faultAt = locatorIn(file, document, lines);
  const value = plainValue(document);
  if (value === undefined) return { ok: false, faults: [faultAt({ path: [], message: TOO_MANY_ALIASES })] };
  const reading = schema.safeParse(value, { reportInput: true });
  if (reading.success) return { ok: true, value: reading.data, fault: (path, message) => faultAt({ path, message }) };
  const faults = placesOfAll(reading.error.issues).map(faultAt);
  return { ok: false, faults: inOrder(faults) as unknown as readonly [YamlFault, ...YamlFault[]] };
}

/** Finds the places of faults that another reader of the same text names by their paths, such as a JSON Schema. */
export function locateInYaml(file: string, text: string): (place: Place) => YamlFault {
  const lines = new LineCounter();
  return locatorIn(file, documentOf(text, lines), lines);
}

const documentOf = (text: string, lines: LineCounter): Document =>
  parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });

const locatorIn =
  (file: string, document: Document, lines: LineCounter) =>
  ({ path, message, at = 'VALUE' }: Place): YamlFault => {
    const { line, col } = lines.linePos(offsetOf(document, path, at));
    return { file, line, column: col, field: fieldOf(path), message };
  };

/** "file:line:column field: message", as editors and people find it. */
export const describeFault = ({ file, line, column, field, message }: YamlFault): string =>
  field === '' ? `${file}:${line}:${column}: ${message}` : `${file}:${line}:${column} ${field}: ${message}`;

/** Faults as a reader of the file meets them. */
export const inOrder = (faults: readonly YamlFault[]): YamlFault[] =>
  faults.toSorted((a, b) => a.line - b.line || a.column - b.column);

/** A map of exactly these fields; an unknown one is a fault that suggests the nearest name. */
export const fields = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownField(key, Object.keys(shape))).join('\n')
        : undefined,
  });

/** One of these words; the fault lists them. */
export const words = <const Words extends readonly [string, ...string[]]>(...allowed: Words) =>
  z.enum(allowed, {
    error: (issue) =>
      typeof issue.input === 'string' ? `"${issue.input}" is none of the words ${allowed.join(', ')}.` : undefined,
  });

/** The name most like `word`, when one is like it. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const best = names
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= Math.min(3, Math.floor(best.name.length / 2)) ? best.name : undefined;
}

const isFilled = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;

const TOO_MANY_ALIASES = 'The aliases of this file unfold into too much; write the values out.';

/** Undefined when its aliases unfold into too much: a small file stays a small value. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS() ?? '';
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function syntaxFault(file: string, document: Document, lines: LineCounter, error: YAMLError): YamlFault {
  const { line, col } = lines.linePos(error.pos[0]);
  const place = { file, line, column: col };
  if (error.code !== 'DUPLICATE_KEY') return { ...place, field: '', message: `This is not YAML: ${error.message}.` };
  const field = fieldOf(pathAt(document, error.pos[0]));
  return { ...place, field, message: 'This field stands here for the second time; keep one of the two.' };
}

/** Path of the key that starts at an offset. */
function pathAt(document: Document, offset: number): YamlPath {
  let found: YamlPath = [];
  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isScalar(pair.key) || pair.key.range?.[0] !== offset) return undefined;
      found = [...ancestors, pair].flatMap((node, index, chain): PropertyKey[] => {
        if (typeof node === 'object' && node !== null && 'key' in node && isScalar(node.key))
          return [String(node.key.value)];
        const parent = chain[index - 1];
        return isSeq(parent) ? [parent.items.indexOf(node)] : [];
      });
      return visit.BREAK;
    },
  });
  return found;
}

const NO_SUCH_FIELD = 'There is no field';

function unknownField(key: string, known: readonly string[]): string {
  const suggestion = nearest(key, known);
  return suggestion === undefined
    ? `${NO_SUCH_FIELD} "${key}" here; the fields are ${known.join(', ')}.`
    : `${NO_SUCH_FIELD} "${key}" here; did you mean "${suggestion}"?`;
}

const WHAT_TO_WRITE: Readonly<Record<string, string>> = {
  string: 'Write a single value here.',
  array: 'Write a list here.',
  object: 'Write fields here, each as "name: value".',
  record: 'Write entries here, each as "name: value".',
};

/** A fault as a schema finds it. */
export interface Place {
  readonly path: YamlPath;
  readonly message: string;
  /** Whether the name of the field is at fault or what stands in it. */
  readonly at?: 'KEY' | 'VALUE';
}

/** A misspelt field also looks like a missing one to what is checked of its map; the spelling is the fault. */
function placesOfAll(issues: readonly z.core.$ZodIssue[], above: YamlPath = []): Place[] {
  const misspelt = new Set(
    issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [fieldOf(issue.path)] : [])),
  );
  return issues
    .filter((issue) => issue.code !== 'custom' || !misspelt.has(fieldOf(issue.path)))
    .flatMap((issue) => placesOf(issue, above));
}

function placesOf(issue: z.core.$ZodIssue, above: YamlPath): Place[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    const ours = messages.length === issue.keys.length && issue.message.startsWith(NO_SUCH_FIELD);
    const message = (key: string, index: number): string =>
      (ours ? messages[index] : undefined) ?? `${NO_SUCH_FIELD} "${key}" here; remove it or correct its name.`;
    return issue.keys.map((key, index) => ({ path: [...path, key], message: message(key, index), at: 'KEY' }));
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message, at: 'KEY' }));
  if (issue.code !== 'custom' && issue.input === undefined) {
    return [{ path, message: `The field "${String(path.at(-1))}" is missing; write it.` }];
  }
  if (issue.code === 'invalid_union') {
    // A value is meant as the alternative whose kind (text, list, fields) it has.
    const ofItsKind = issue.errors.filter((branch) => !branch.some(isOfAnotherKind));
    const [branch, ...others] = ofItsKind;
    if (branch !== undefined && others.length === 0) return placesOfAll(branch, path);
  }
  if (issue.code === 'invalid_type') return [{ path, message: WHAT_TO_WRITE[issue.expected] ?? issue.message }];
  return [{ path, message: issue.message }];
}

/** Words are texts: fields and lists are never meant as one. */
const isOfAnotherKind = (issue: z.core.$ZodIssue): boolean =>
  issue.path.length === 0 &&
  (issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof issue.input === 'object'));

const fieldOf = (path: YamlPath): string =>
  path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? String(step) : `.${String(step)}`))
    .join('');

/** Where the deepest part of the path that stands in the file begins: a key's value is found by its key when it has none. */
function offsetOf(document: Document, path: YamlPath, at: 'KEY' | 'VALUE'): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [depth, step] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined) break;
      const place =
        at === 'VALUE' && depth === path.length - 1 && isScalar(pair.value) && pair.value.source !== ''
          ? pair.value
          : pair.key;
      if (isNode(place)) offset = place.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

/** Number of single-letter changes that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
