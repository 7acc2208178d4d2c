import { ForbiddenError } from '../../../src/domain/access/forbidden.js';
import { openProgrammeBooks } from '../../../src/modules/ledger/index.js';
import { loadProgrammes, ProgrammeService, type Programmes } from '../../../src/modules/programmes/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { admin, partner } from '../../support/principals.js';
import { programmeYaml } from '../programme-files/programme-yaml.js';

let db: TestDatabase;
let service: ProgrammeService;

beforeAll(async () => {
  db = await openTestDatabase();
  service = new ProgrammeService(db.writer, db.database, openProgrammeBooks);
});
afterAll(() => db.close());

const load = (): Promise<Programmes> => db.database.command(loadProgrammes);
/** Counts of everything that publishing writes: a refused command leaves them as they were. */
async function stored(): Promise<unknown> {
  const { rows } = await db.superuser.query(
    `select (select count(*) from programme) as programmes, (select count(*) from programme_version) as versions,
            (select count(*) from unit) as units, (select count(*) from settlement_window) as windows`,
  );
  return rows;
}

describe('is refused and changes nothing', () => {
  test.each([
    ['a partner', () => partner(1)],
    ['an administrator whose token may only read', () => admin('reader', ['programme:read'])],
  ])('for %s', async (_, principal) => {
    const before = await stored();
    await expect(service.apply(principal(), programmeYaml())).rejects.toThrow(ForbiddenError);
    expect(() => service.check(principal(), programmeYaml())).toThrow(ForbiddenError);
    expect(await stored()).toEqual(before);
  });

  test('a file with problems, all of them named', async () => {
    const before = await stored();
    const result = await service.apply(
      admin(),
      programmeYaml().replace('holdDays: 14', 'holdDays: x').replace('rate: 2%', 'rate: 2'),
    );
    expect(result).toMatchObject({
      ok: false,
      examples: 0,
      failures: [
        { code: 'INVALID_PROGRAMME', field: 'source', path: 'holdDays', line: 7 },
        { code: 'INVALID_PROGRAMME', field: 'source', path: 'rules[0].rate', line: 18 },
      ],
    });
    expect(await stored()).toEqual(before);
  });

  test('a file whose example does not come out', async () => {
    const before = await stored();
    const result = await service.apply(admin(), programmeYaml().replace('units: 2 }', 'units: 3 }'));
    expect(result).toMatchObject({ ok: false, examples: 1, failures: [{ code: 'EXAMPLE_FAILED', line: 21 }] });
    expect(await stored()).toEqual(before);
  });

  test.each([
    ['another currency', 'currency: EUR', 'currency: USD', 'CURRENCY_FIXED', 4, 'currency'],
    ['another unit', 'code: PTS', 'code: MILES', 'UNIT_FIXED', 6, 'unit.code'],
    ['other decimals of the unit', 'scale: 2', 'scale: 3', 'UNIT_FIXED', 6, 'unit.scale'],
    ['another time zone', 'Europe/Lisbon', 'Europe/Paris', 'TIME_ZONE_FIXED', 5, 'timeZone'],
  ])('%s of a published programme', async (_, from, to, code, line, path) => {
    const first = await service.apply(admin(), programmeYaml('fixed'));
    expect(first.ok).toBe(true);
    const before = await stored();
    const result = await service.apply(admin(), programmeYaml('fixed').replace(from, to));
    expect(result).toMatchObject({ ok: false, failures: [{ code, line, path }] });
    expect(await stored()).toEqual(before);
  });
});

test('the first application makes the programme, its books and version 1', async () => {
  const result = await service.apply(admin('alice'), programmeYaml('first'));
  expect(result).toMatchObject({
    ok: true,
    outcome: 'PUBLISHED',
    examples: 1,
    programme: { code: 'first', currencyCode: 'EUR', unitCode: 'PTS', unitScale: 2, timeZone: 'Europe/Lisbon' },
    version: { version: 1, effectiveFrom: '2026-01-01', publishedBy: 'alice' },
  });
  const { rows: books } = await db.superuser.query(
    `select w.state, u.kind, u.code, u.scale from programme p
     join settlement_window w on w.programme_no = p.no join unit u on u.programme_no = p.no
     where p.code = 'first' order by u.kind`,
  );
  expect(books).toEqual([
    { state: 'OPEN', kind: 'MONEY', code: 'EUR', scale: 2 },
    { state: 'OPEN', kind: 'REWARD', code: 'PTS', scale: 2 },
  ]);
});

test('the same text again changes nothing and says so; the same text from another day is a version', async () => {
  await service.apply(admin(), programmeYaml('again'));
  const before = await stored();
  expect(await service.apply(admin(), programmeYaml('again'))).toMatchObject({
    outcome: 'UNCHANGED',
    version: { version: 1 },
  });
  expect(await stored()).toEqual(before);
  const later = await service.apply(admin(), programmeYaml('again'), { effectiveFrom: '2040-06-01' });
  expect(later).toMatchObject({ outcome: 'PUBLISHED', version: { version: 2, effectiveFrom: '2040-06-01' } });
});

test('a programme whose first application broke off before its version is mended by applying again', async () => {
  const failing = new ProgrammeService(db.writer, db.database, async () => {
    throw new Error('the power went');
  });
  await expect(failing.apply(admin(), programmeYaml('broken-off'))).rejects.toThrow('the power went');
  const between = await load();
  const no = between.byCode('broken-off')?.no ?? 0;
  expect(between.inForce(no, '2026-12-31')).toBeUndefined();
  expect(await service.apply(admin(), programmeYaml('broken-off'))).toMatchObject({
    outcome: 'PUBLISHED',
    version: { version: 1 },
  });
  expect((await load()).inForce(no, '2026-12-31')?.version).toBe(1);
});

test('twelve applications at once make one programme and number their versions without gaps', async () => {
  const texts = [1, 2, 3].map(
    (percent) => programmeYaml('race').replace('rate: 2%', `rate: ${percent}%`).split('examples:')[0] ?? '',
  );
  const effectiveFrom = '2040-01-01';
  const results = await Promise.all(
    [...texts, ...texts, ...texts, ...texts].map((text) => service.apply(admin(), text, { effectiveFrom })),
  );
  expect(results.filter((result) => result.ok)).toHaveLength(12);
  const { rows: versions } = await db.superuser.query<{ version: number; digest: string }>(
    `select v.version, v.digest from programme_version v join programme p on p.id = v.programme_id where p.code = 'race' order by v.version`,
  );
  expect(versions.length).toBeGreaterThanOrEqual(texts.length);
  expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
  // A text may be published again after another one came between, never twice in a row.
  for (const [index, { digest }] of versions.entries()) expect(digest).not.toBe(versions[index - 1]?.digest);
});

describe('loadProgrammes', () => {
  test('finds the version of a day: the newest first day not after it, and of those the highest version', async () => {
    const yaml = (percent: number, from: string) =>
      (programmeYaml('versions').split('examples:')[0] ?? '')
        .replace('rate: 2%', `rate: ${percent}%`)
        .replace('2026-01-01', from);
    for (const [percent, from] of [
      [1, '2040-01-01'],
      [2, '2040-03-01'],
      [3, '2040-03-01'],
      [4, '2040-02-01'],
    ] as const) {
      await service.apply(admin(), yaml(percent, from));
    }
    const programmes = await load();
    const no = programmes.byCode('versions')?.no ?? 0;
    const on = (date: string) => programmes.inForce(no, date)?.version;
    expect(['2039-12-31', '2040-01-31', '2040-02-01', '2040-02-28', '2040-03-01', '2050-01-01'].map(on)).toEqual([
      undefined,
      1,
      4,
      4,
      3,
      3,
    ]);
    expect(programmes.version(no, 2)?.terms.rules[0]).toMatchObject({
      effect: { rate: { numerator: 1n, denominator: 50n } },
    });
    expect(programmes.version(no, 9)).toBeUndefined();
    expect(programmes.byNo(no)).toEqual(programmes.byCode('versions'));
    expect(programmes.all().map(({ code }) => code)).toContain('versions');
  });

  test('takes the first day from the publication, not from the text', async () => {
    await service.apply(admin(), programmeYaml('moved'), { effectiveFrom: '2027-01-01' });
    const programmes = await load();
    const no = programmes.byCode('moved')?.no ?? 0;
    expect(programmes.inForce(no, '2026-12-31')).toBeUndefined();
    expect(programmes.inForce(no, '2027-01-01')?.terms.effectiveFrom).toBe('2027-01-01');
  });

  test('gives the very same terms each time, so that what was derived from them is kept', async () => {
    await service.apply(admin(), programmeYaml('same'));
    const terms = async () => {
      const programmes = await load();
      return programmes.inForce(programmes.byCode('same')?.no ?? 0, '2026-01-01')?.terms;
    };
    expect(await terms()).toBe(await terms());
  });
});
