/**
 * Saved operations: `.graphql` files with a head of comments.
 *
 *     # title: See a member
 *     # group: Members
 *     # about: What a member holds, and the purchases it came from.
 *     # variables: {"programme": "coalition-demo"}
 *     query SeeAMember ...
 */
import { readdir, readFile } from 'node:fs/promises';

export interface SavedOperation {
  /** The file's name without its ending; files sort by it. */
  readonly name: string;
  readonly title: string;
  readonly group: string;
  readonly about: string;
  readonly query: string;
  /** JSON text, indented for the editor. */
  readonly variables: string;
}

/** The build copies no text files, so these are found from the root of the package. */
export const OPERATIONS = new URL('../../../../src/api/playground/operations/', import.meta.url);

/** All saved operations in the order of their file names. */
export async function savedOperations(): Promise<SavedOperation[]> {
  const files = (await readdir(OPERATIONS)).filter((file) => file.endsWith('.graphql')).sort();
  return Promise.all(
    files.map(async (file) =>
      readOperation(file.replace(/\.graphql$/, ''), await readFile(new URL(file, OPERATIONS), 'utf8')),
    ),
  );
}

const HEAD_LINE = /^# (title|group|about|variables): (.+)$/;

/** Throws when the head is incomplete or its variables are not JSON: a defect of the file. */
export function readOperation(name: string, text: string): SavedOperation {
  const lines = text.split('\n');
  const head = new Map<string, string>();
  let index = 0;
  for (let match = HEAD_LINE.exec(lines[0] ?? ''); match; match = HEAD_LINE.exec(lines[index] ?? '')) {
    head.set(match[1] as string, match[2] as string);
    index += 1;
  }
  const entry = (key: string): string => {
    const value = head.get(key);
    if (value === undefined) throw new Error(`The saved operation ${name} lacks "# ${key}: ..."`);
    return value;
  };
  const about = entry('about');
  return {
    name,
    title: entry('title'),
    group: entry('group'),
    about,
    query: `# ${about}\n${lines.slice(index).join('\n').trim()}\n`,
    variables: JSON.stringify(JSON.parse(head.get('variables') ?? '{}'), null, 2),
  };
}
