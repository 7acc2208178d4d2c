/**
 * How two values of one shape are compared and what is said about it.
 *
 * Every shape answers with nothing for equal values and with at least one change for different ones: where the
 * words find none, a plain change is said, so that nothing changes silently.
 */
import type { Say } from './diff-words.js';
import type { ProgrammeTerms } from './model.js';

export interface Change {
  /** Where: "rules.card-cashback.effect.rates.captain.groceries". */
  readonly path: string;
  readonly kind: 'ADDED' | 'REMOVED' | 'CHANGED';
  /** One sentence. */
  readonly text: string;
}

/** What both values are part of. */
export interface Place {
  readonly path: readonly string[];
  /** "Rule card-cashback"; absent for the programme itself. */
  readonly owner?: string;
  readonly before: ProgrammeTerms;
  readonly after: ProgrammeTerms;
}

export type Shape<T> = (before: T | undefined, after: T | undefined, at: Place) => Change[];

/** One shape for every field: a field that the model gains does not compile until it has one. */
export type Shapes<T> = { readonly [Field in keyof T]-?: Shape<Exclude<T[Field], undefined>> };

/** Absent and undefined are the same; lists are the same in the same order. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => isSame(left[key], right[key]));
}

/** Equal values are passed over, different ones never without a word. */
const complete =
  <T>(subject: string, compare: Shape<T>): Shape<T> =>
  (before, after, at) => {
    if (isSame(before, after)) return [];
    const changes = compare(before, after, at);
    return changes.length > 0 ? changes : [change(at, 'CHANGED', `${named(at, subject)} changes.`)];
  };

const change = (at: Place, kind: Change['kind'], text: string): Change => ({ path: at.path.join('.'), kind, text });

/** "Rule base: the rate", "Cap groceries-month" where the owner itself is meant, or "The rate". */
function named({ owner }: Place, subject: string): string {
  if (subject === '') return owner ?? 'The programme';
  return owner === undefined ? `${subject[0]?.toUpperCase()}${subject.slice(1)}` : `${owner}: ${subject}`;
}

export const inside = (at: Place, ...path: string[]): Place => ({ ...at, path: [...at.path, ...path] });

interface Wording<T> {
  /** Said once, after both values: "from 14 to 20 days". */
  readonly unit?: string;
  /** Rises and falls instead of changing. */
  readonly order?: (a: T, b: T) => number;
  /** For a subject in the plural. */
  readonly plural?: true;
}

/** One value, said as a whole. */
export const leaf = <T>(subject: string, say: Say<T>, { unit, order, plural }: Wording<T> = {}): Shape<T> =>
  complete(subject, (before, after, at) => {
    const name = named(at, subject);
    const tail = unit === undefined ? '' : ` ${unit}`;
    if (before === undefined && after !== undefined)
      return [change(at, 'ADDED', `${name} ${plural ? 'are' : 'is'} now ${say(after, at.after)}${tail}.`)];
    if (after === undefined && before !== undefined)
      return [
        change(at, 'REMOVED', `${name} (${say(before, at.before)}${tail}) no longer ${plural ? 'count' : 'counts'}.`),
      ];
    if (before === undefined || after === undefined) return [];
    const difference = order?.(before, after) ?? 0;
    const verb = difference < 0 ? 'rise' : difference > 0 ? 'fall' : unit === undefined ? 'change' : 'go';
    const ending = plural ? '' : verb === 'go' ? 'es' : 's';
    return [
      change(
        at,
        'CHANGED',
        `${name} ${verb}${ending} from ${say(before, at.before)} to ${say(after, at.after)}${tail}.`,
      ),
    ];
  });

/** An object, field by field; as a whole where one side has none. */
export const fields = <T extends object>(subject: string, shapes: Shapes<T>, say?: Say<T>): Shape<T> =>
  complete(subject, (before, after, at) => {
    if (before === undefined || after === undefined) return leaf<T>(subject, say ?? (() => 'there'))(before, after, at);
    return (Object.keys(shapes) as (keyof T & string)[]).flatMap((field) =>
      (shapes[field] as Shape<unknown>)(before[field], after[field], inside(at, field)),
    );
  });

/** A list of things with codes: each is added, removed, or compared with the one of its code. */
export const keyed = <T extends { readonly code: string }>(
  noun: string,
  shapes: Shapes<T>,
  say?: Say<T>,
): Shape<readonly T[]> => {
  const item = fields<T>('', shapes);
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return complete(`the ${plural.toLowerCase()}`, (before = [], after = [], at) => {
    const old = new Map(before.map((each) => [each.code, each]));
    const fresh = new Map(after.map((each) => [each.code, each]));
    const changes: Change[] = [];
    for (const code of new Set([...old.keys(), ...fresh.keys()])) {
      const place = { ...inside(at, code), owner: ownerOf(at, noun, code) };
      const [was, is] = [old.get(code), fresh.get(code)];
      if (was === undefined && is !== undefined) {
        const words = say === undefined ? '' : `: ${say(is, at.after)}`;
        changes.push(change(place, 'ADDED', `${place.owner} is added${words}.`));
      } else if (is === undefined) changes.push(change(place, 'REMOVED', `${place.owner} is removed.`));
      else changes.push(...item(was, is, place));
    }
    const isKept = ({ code }: T): boolean => old.has(code) && fresh.has(code);
    if (!isSame(before.filter(isKept).map(codeOf), after.filter(isKept).map(codeOf)))
      changes.push(change(at, 'CHANGED', `${named(at, `the order of the ${plural.toLowerCase()}`)} changes.`));
    return changes;
  });
};

const codeOf = ({ code }: { readonly code: string }): string => code;

/** "Tier gold", and "Benefit gift of tier gold" inside it. */
const ownerOf = ({ owner }: Place, noun: string, code: string): string =>
  owner === undefined ? `${noun} ${code}` : `${noun} ${code} of ${owner[0]?.toLowerCase()}${owner.slice(1)}`;

/** A list whose elements come and go. Without a subject its owner gains and loses them. */
export const setOf = <T>(subject: string, say: Say<T>): Shape<readonly T[]> =>
  complete(subject, (before, after, at) => {
    const name = named(at, subject);
    const list = (values: readonly T[], terms: ProgrammeTerms): string =>
      values.length === 0 ? 'none' : values.map((value) => say(value, terms)).join(', ');
    if (before === undefined)
      return after === undefined ? [] : [change(at, 'ADDED', `${name} are now limited to ${list(after, at.after)}.`)];
    if (after === undefined)
      return [change(at, 'REMOVED', `${name} are no longer limited to ${list(before, at.before)}.`)];
    const gained = after.filter((value) => !before.some((other) => isSame(value, other)));
    const lost = before.filter((value) => !after.some((other) => isSame(value, other)));
    const ending = subject === '' ? 's' : '';
    const changes: Change[] = [];
    if (gained.length > 0) changes.push(change(at, 'ADDED', `${name} gain${ending} ${list(gained, at.after)}.`));
    if (lost.length > 0) changes.push(change(at, 'REMOVED', `${name} lose${ending} ${list(lost, at.before)}.`));
    const kept = (values: readonly T[], without: readonly T[]): T[] =>
      values.filter((value) => !without.includes(value));
    if (!isSame(kept(before, lost), kept(after, gained)))
      changes.push(change(at, 'CHANGED', `${named(at, `the order of ${subject || 'its list'}`)} changes.`));
    return changes;
  });

/** Values by two keys, such as rates by tier and category. */
export const cells = <T>(
  subject: (row: string, column: string) => string,
  say: Say<T>,
  order: (a: T, b: T) => number,
) =>
  complete<Readonly<Record<string, Readonly<Record<string, T>>>>>('the table', (before = {}, after = {}, at) => {
    const rows = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...rows].flatMap((row) => {
      const [was, is] = [before[row] ?? {}, after[row] ?? {}];
      return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((column) =>
        leaf(subject(row, column), say, { order })(was[column], is[column], inside(at, row, column)),
      );
    });
  });
