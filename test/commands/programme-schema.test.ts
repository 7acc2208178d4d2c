import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');

test('schema prints what programmes/programme.schema.json holds', () => {
  const { projectFolder } = loadConfig();
  const printed = execFileSync(process.execPath, [CLI, 'programme', 'schema'], { encoding: 'utf8' });
  expect(printed).toBe(readFileSync(join(projectFolder, 'programmes', 'programme.schema.json'), 'utf8'));
});
