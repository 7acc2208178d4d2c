/** The ISO 20022 schemas and banks' samples, where the folder with the data stands beside the repository. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';
import { loadConfig } from '../../../src/config.js';

const FOLDER = join(loadConfig().projectFolder, '../shared/data/iso20022');

/** `describe`, or a loud skip when the data is not here. */
export function describeWithStandard(name: string, tests: () => void): void {
  const isThere = existsSync(FOLDER);
  if (!isThere) console.warn(`SKIPPED, the data is not here: ${name} needs ${FOLDER}`);
  (isThere ? describe : describe.skip)(name, tests);
}

export interface Sample {
  readonly name: string;
  readonly content: string;
}

/** Every sample, of whatever message. */
export function samples(): Sample[] {
  const folder = join(FOLDER, 'samples');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.xml'))
    .map((entry) => ({ name: entry.name, content: readFileSync(join(entry.parentPath, entry.name), 'utf8') }));
}

/** What libxml2 finds wrong with a message by the schema of its version; nothing when it is valid. */
export async function schemaErrors(content: string, version: string): Promise<readonly string[]> {
  const schema = join(FOLDER, 'xsd', `${version}.xsd`);
  const { errors } = await validateXML({
    xml: { fileName: 'message.xml', contents: content },
    schema: { fileName: 'schema.xsd', contents: readFileSync(schema, 'utf8') },
  });
  return [...errors.map(({ rawMessage }) => rawMessage), ...errorsOfInstalled(content, schema)];
}

/** The same by the xmllint of this machine, when it has one. */
function errorsOfInstalled(content: string, schema: string): string[] {
  const file = join(mkdtempSync(join(tmpdir(), 'hansa-xmllint-')), 'message.xml');
  writeFileSync(file, content);
  const run = spawnSync('xmllint', ['--noout', '--schema', schema, file], { encoding: 'utf8' });
  return run.error !== undefined || run.status === 0 ? [] : [run.stderr];
}
