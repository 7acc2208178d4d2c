/** The real feed of examples/birmingham, where the folder with the data stands beside the repository. */
import { createReadStream, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { loadConfig } from '../../../src/config.js';
import type { Places } from './feed-fixture.js';

const { projectFolder } = loadConfig();

export const MAPPING_FILE = join(projectFolder, 'examples/birmingham/mapping.yaml');
export const FEED_FILE = join(projectFolder, '../shared/data/cards/birmingham_purchase_cards_2014_2018.csv.gz');

/** `describe`, or a loud skip when the data is not here. */
export function describeWithData(name: string, tests: () => void): void {
  const isThere = existsSync(FEED_FILE);
  if (!isThere) console.warn(`SKIPPED, the data is not here: ${name} needs ${FEED_FILE}`);
  (isThere ? describe : describe.skip)(name, tests);
}

export function birmingham(file: string = FEED_FILE): Places {
  return {
    file,
    mappingFile: MAPPING_FILE,
    rejectsFile: join(mkdtempSync(join(tmpdir(), 'hansa-import-')), 'rejects.ndjson'),
  };
}

export type Row = Readonly<Record<string, string>>;

/** Every row of the file by its header: an own reading, not the importer's. */
export async function* birminghamRows(): AsyncGenerator<Row> {
  yield* createReadStream(FEED_FILE)
    .pipe(createGunzip())
    .pipe(parse({ columns: true })) as AsyncIterable<Row>;
}
