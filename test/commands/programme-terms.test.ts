/** `hansa programme apply | approve | reject | show --on | terms` as processes, on the worker's database. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { programmeYaml } from '../modules/programme-files/programme-yaml.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');
const DEMO = 'programmes/coalition-demo.yaml';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'hansa-terms-'));
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

const hansa = (...args: string[]): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, 'programme', ...args],
      {
        cwd: loadConfig().projectFolder,
        env: { PATH: process.env.PATH, DATABASE_URL: db.urls.superuser, HANSA_ENV: 'test' },
      },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
    );
  });

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

// Every process costs a second: each is asked once what only a process can show.
test('two people publish, the archive knows both, members read the words', async () => {
  const file = written('story.yaml', programmeYaml('story').replace('holdDays', 'approvals: 2\nholdDays'));
  expect(await hansa('apply', file, '--as', 'alice')).toEqual({
    code: 0,
    out: `1 example run
story from 2026-01-01, proposed by alice, waits for approval by a second person:
  hansa programme approve story --as NAME
`,
  });
  expect(await hansa('approve', 'story', '--as', 'alice')).toEqual({
    code: 1,
    out: 'hansa: alice proposed this version; somebody else has to approve it.\n',
  });
  expect((await hansa('approve', 'story', '--as', 'bob')).out).toMatch(
    /^approved the version of story from 2026-01-01 that alice proposed \(SHA-256 [0-9a-f]{64}\)\npublished story version 1, which counts from 2026-01-01\n$/,
  );
  const next = written('next.yaml', programmeYaml('story').replace('holdDays: 14', 'holdDays: 15'));
  const [past, archive, before, terms] = await Promise.all([
    hansa('apply', next),
    hansa('show', 'story', '--on', '2026-05-05'),
    hansa('show', 'story', '--on', '2025-12-31'),
    hansa('terms', 'story', '--on', '2026-05-05', '--language', 'ru'),
  ]);
  expect(past.code).toBe(1);
  expect(past.out).toContain(
    'next.yaml:3:16 effectiveFrom: 2026-01-01 has passed; a version after the first begins on',
  );
  expect(archive?.out).toMatch(
    /^# in force on 2026-05-05: version 1 counts from 2026-01-01, published \S+Z by alice, approved by bob, SHA-256 [0-9a-f]{64}\nprogramme: story\n/,
  );
  expect(before?.out).toBe('hansa: No version of "story" counts on 2025-12-31. Name a later day.\n');
  expect(terms?.out).toContain('Начисляется 2\u00a0% от суммы, в PTS.');

  expect((await hansa('apply', next, '--as', 'carol', '--effective-from', '2040-01-01')).out).toContain(
    'proposed by carol',
  );
  expect((await hansa('reject', 'story', '--as', 'carol')).out).toMatch(
    /^withdrawn the version of story from 2040-01-01/,
  );
}, 60_000);

test('terms of a file need no database; what goes wrong is a sentence, not a stack', async () => {
  const [page, ...wrong] = await Promise.all([
    hansa('terms', DEMO, '--language', 'pt', '--markdown'),
    hansa('terms', DEMO, '--language', 'de'),
    hansa('terms', DEMO, '--on', '2026-01-01'),
    hansa('terms', 'no-such.yaml'),
    hansa('terms', 'package.json'),
    hansa('approve', 'nowhere', '--as', 'bob'),
  ]);
  expect(page).toMatchObject({ code: 0, out: expect.stringMatching(/^# Regulamento do programa /) });
  const sentences = [
    'Terms are not offered in "de"; ask for en, ru, pt.',
    'A file is one version: leave --on out',
    'no-such.yaml cannot be read',
    'package.json is no programme.',
    'There is no programme "nowhere".',
  ];
  for (const [index, sentence] of sentences.entries()) {
    expect(wrong[index]).toMatchObject({ code: 1, out: expect.stringContaining(sentence) });
    expect(wrong[index]?.out).not.toMatch(/\n\s+at /);
  }
}, 60_000);
