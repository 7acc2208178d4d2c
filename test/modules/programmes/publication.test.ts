import { ForbiddenError } from '../../../src/domain/access/forbidden.js';
import type { BusinessDate } from '../../../src/domain/kernel/calendar.js';
import { openProgrammeBooks } from '../../../src/modules/ledger/index.js';
import { type Applied, loadProgrammes, ProgrammeService } from '../../../src/modules/programmes/index.js';
import {
  approvalsNeeded,
  decideApproval,
  decidePublication,
  decideRejection,
} from '../../../src/modules/programmes/publication.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { admin, partner } from '../../support/principals.js';
import { programmeYaml } from '../programme-files/programme-yaml.js';

describe('a checked programme', () => {
  const A = { digest: 'a', effectiveFrom: '2040-05-01' };
  const B = { digest: 'b', effectiveFrom: '2040-06-01' };
  const facts = { wanted: A, today: '2040-05-01', approvals: 1 as const };
  const waiting = (what: typeof A) => ({ ...what, proposedBy: 'alice' });

  test.each([
    ['is the newest version already', { newest: A }, 'UNCHANGED'],
    ['is the newest version already, though its day has passed', { newest: A, today: '2041-01-01' }, 'UNCHANGED'],
    ['is the newest version already, though another waits', { newest: A, pending: waiting(B) }, 'UNCHANGED'],
    ['waits already', { newest: B, pending: waiting(A) }, 'WAITING'],
    ['waits already, though its day has passed', { newest: B, pending: waiting(A), today: '2041-01-01' }, 'WAITING'],
    ['would begin yesterday', { newest: B, today: '2040-05-02' }, 'VERSION_IN_THE_PAST'],
    [
      'would begin yesterday, and another waits',
      { newest: B, today: '2040-05-02', pending: waiting(B) },
      'VERSION_IN_THE_PAST',
    ],
    ['meets another that waits', { newest: B, pending: waiting(B) }, 'PROPOSAL_PENDING'],
    [
      'meets the same text for another day that waits',
      { pending: waiting({ ...A, effectiveFrom: '2040-05-02' }) },
      'PROPOSAL_PENDING',
    ],
    ['begins today', { newest: B }, 'PUBLISH'],
    ['is the first and begins in the past', { today: '2041-01-01' }, 'PUBLISH'],
    ['takes two people', { newest: B, approvals: 2 as const }, 'PROPOSE'],
    ['is the first and takes two people', { approvals: 2 as const, today: '2041-01-01' }, 'PROPOSE'],
  ])('that %s', (_, change, expected) => {
    const decision = decidePublication({ ...facts, ...change });
    expect(decision.ok ? decision.value : decision.failure.code).toBe(expected);
  });

  test.each<[string, [BusinessDate, 1 | 2][], 1 | 2, number]>([
    [
      'the version in force decides',
      [
        ['2040-06-01', 1],
        ['2040-05-01', 2],
        ['2040-01-01', 1],
      ],
      1,
      2,
    ],
    [
      'not one that counts later',
      [
        ['2040-06-01', 2],
        ['2040-01-01', 1],
      ],
      2,
      1,
    ],
    [
      'before any counts, the one that will last',
      [
        ['2040-07-01', 2],
        ['2040-06-01', 1],
      ],
      1,
      2,
    ],
    ['without versions, the text itself', [], 2, 2],
  ])('how many people it takes: %s', (_, versions, own, expected) => {
    const known = versions.map(([effectiveFrom, approvals]) => ({ effectiveFrom, approvals }));
    expect(approvalsNeeded(known, '2040-05-15', own)).toBe(expected);
  });
});

describe('a proposal', () => {
  const facts = {
    state: 'PENDING' as const,
    proposedBy: 'alice',
    subject: 'bob',
    effectiveFrom: '2040-05-01',
    today: '2040-05-01',
    hasVersions: true,
  };
  test.each([
    ['by another, in time', {}, 'APPROVED'],
    ['by another, of the first version, late', { hasVersions: false, today: '2041-01-01' }, 'APPROVED'],
    ['a second time', { state: 'APPROVED' as const, subject: 'alice', today: '2041-01-01' }, 'PROPOSAL_DECIDED'],
    ['after it was rejected', { state: 'REJECTED' as const }, 'PROPOSAL_DECIDED'],
    ['by the same person, late', { subject: 'alice', today: '2040-05-02' }, 'SAME_PERSON'],
    ['by another, late', { today: '2040-05-02' }, 'VERSION_IN_THE_PAST'],
  ])('is approved %s', (_, change, expected) => {
    const decision = decideApproval({ ...facts, ...change });
    expect(decision.ok ? decision.value : decision.failure.code).toBe(expected);
  });

  test.each([
    ['by another', {}, 'REJECTED'],
    ['by the same person', { subject: 'alice' }, 'WITHDRAWN'],
    ['after it was withdrawn', { state: 'WITHDRAWN' as const }, 'PROPOSAL_DECIDED'],
  ])('is rejected %s', (_, change, expected) => {
    const decision = decideRejection({ ...facts, ...change });
    expect(decision.ok ? decision.value : decision.failure.code).toBe(expected);
  });
});

describe('stored', () => {
  let db: TestDatabase;
  let service: ProgrammeService;

  beforeAll(async () => {
    db = await openTestDatabase();
    service = new ProgrammeService(db.writer, db.database, openProgrammeBooks);
  });
  afterAll(() => db.close());
  afterEach(() => clock(null));

  /** Makes it that time for the database; the real one when null. */
  const clock = (to: string | null) =>
    db.superuser.query(`select hansa_set_clock(coalesce($1::timestamptz - now(), interval '0'))`, [to]);

  const yaml = (
    code: string,
    { approvals = 1, percent = 2, from = '2026-01-01', zone = 'Europe/Lisbon' } = {},
  ): string =>
    (programmeYaml(code).split('examples:')[0] ?? '')
      .replace('rate: 2%', `rate: ${percent}%`)
      .replace('2026-01-01', from)
      .replace('Europe/Lisbon', `${zone}\napprovals: ${approvals}`);

  async function stored(): Promise<unknown> {
    const { rows } = await db.superuser.query(
      `select (select json_agg(v order by v.id) from programme_version v) as versions,
              (select json_agg(p order by p.id) from programme_proposal p) as proposals,
              (select json_agg(p order by p.id) from programme p) as programmes`,
    );
    return rows;
  }

  async function waiting(principal: ReturnType<typeof admin>, source: string) {
    const applied = await service.apply(principal, source);
    if (!applied.ok || applied.outcome !== 'WAITING') throw new Error(JSON.stringify(applied));
    return applied.proposal;
  }
  const inForce = async (code: string, date: BusinessDate): Promise<number | undefined> => {
    const programmes = await db.database.command(loadProgrammes);
    return programmes.inForce(programmes.byCode(code)?.no ?? 0, date)?.version;
  };

  test('a later version begins today at the earliest, by the database, in the zone of the programme', async () => {
    await service.apply(admin(), yaml('island', { zone: 'Pacific/Kiritimati' }));
    await clock('2040-01-01T11:00:00Z'); // there it is one o'clock in the morning of the second
    const before = await stored();
    const late = yaml('island', { zone: 'Pacific/Kiritimati', percent: 3, from: '2040-01-01' });
    expect(await service.apply(admin(), late)).toMatchObject({
      ok: false,
      failures: [
        {
          code: 'VERSION_IN_THE_PAST',
          message: '2040-01-01 has passed; a version after the first begins on 2040-01-02 at the earliest.',
          field: 'source',
          path: 'effectiveFrom',
          line: 3,
        },
      ],
    });
    expect(await service.apply(admin(), late, { effectiveFrom: '2039-12-31' })).toMatchObject({
      ok: false,
      failures: [{ code: 'VERSION_IN_THE_PAST', field: 'effectiveFrom' }],
    });
    expect(await stored()).toEqual(before);
    expect(await service.apply(admin(), late, { effectiveFrom: '2040-01-02' })).toMatchObject({
      outcome: 'PUBLISHED',
      version: { version: 2 },
    });
  });

  test('one person proposes, another approves, only then the version is there', async () => {
    await service.apply(admin('alice'), yaml('two'));
    expect(await service.apply(admin('alice'), yaml('two', { approvals: 2, from: '2040-01-01' }))).toMatchObject({
      outcome: 'PUBLISHED',
    });
    await clock('2040-06-01T12:00:00Z');
    // Even a text that asks for one person needs the two that the version in force asks for.
    const text = yaml('two', { percent: 5, from: '2040-07-01' }).replace('Test programme', 'Renamed');
    const proposal = await waiting(admin('alice'), text);
    expect(proposal).toMatchObject({
      state: 'PENDING',
      proposedBy: 'alice',
      effectiveFrom: '2040-07-01',
      source: text,
    });
    expect(await inForce('two', '2040-07-01')).toBe(2);
    const before = await stored();
    expect(await service.apply(admin('carol'), text)).toMatchObject({
      outcome: 'WAITING',
      proposal: { id: proposal.id },
    });
    expect(await service.publication.approve(admin('alice'), proposal.id)).toMatchObject({
      ok: false,
      failure: { code: 'SAME_PERSON', message: 'alice proposed this version; somebody else has to approve it.' },
    });
    expect(await service.apply(admin('bob'), yaml('two', { percent: 6, from: '2040-07-01' }))).toMatchObject({
      ok: false,
      failures: [{ code: 'PROPOSAL_PENDING' }],
    });
    expect(await stored()).toEqual(before);

    expect(await service.publication.approve(admin('bob'), proposal.id)).toMatchObject({
      ok: true,
      value: {
        programme: { name: 'Renamed' },
        proposal: { state: 'APPROVED', decidedBy: 'bob', decidedAt: expect.any(Date) },
        version: { version: 3, publishedBy: 'alice', approvedBy: 'bob', effectiveFrom: '2040-07-01', source: text },
      },
    });
    expect(await inForce('two', '2040-06-30')).toBe(2);
    expect(await inForce('two', '2040-07-01')).toBe(3);
    expect(await service.publication.approve(admin('bob'), proposal.id)).toMatchObject({
      ok: false,
      failure: { code: 'PROPOSAL_DECIDED' },
    });
    expect(await service.apply(admin('alice'), text)).toMatchObject({ outcome: 'UNCHANGED', version: { version: 3 } });
  });

  test('a new programme that asks for two people waits from its first version on, which may begin in the past', async () => {
    const proposal = await waiting(admin('alice'), yaml('new-two', { approvals: 2, from: '2020-01-01' }));
    expect(await inForce('new-two', '2026-06-01')).toBeUndefined();
    const approved = await service.publication.approve(admin('bob'), proposal.id);
    expect(approved).toMatchObject({ ok: true, value: { version: { version: 1, effectiveFrom: '2020-01-01' } } });
    expect(await inForce('new-two', '2026-06-01')).toBe(1);
  });

  test('a proposal whose day passes while it waits is refused and changes nothing', async () => {
    await service.apply(admin('alice'), yaml('late', { approvals: 2 })).then(approve);
    await clock('2040-03-01T12:00:00Z');
    const proposal = await waiting(admin('alice'), yaml('late', { percent: 3, from: '2040-03-02' }));
    await clock('2040-03-03T12:00:00Z');
    const before = await stored();
    expect(await service.publication.approve(admin('bob'), proposal.id)).toMatchObject({
      ok: false,
      failure: {
        code: 'VERSION_IN_THE_PAST',
        message:
          '2040-03-02 passed while the proposal waited; reject it and propose it again from 2040-03-03 or later.',
      },
    });
    expect(await stored()).toEqual(before);
    expect(await service.publication.reject(admin('bob'), proposal.id)).toMatchObject({
      ok: true,
      value: { proposal: { state: 'REJECTED', decidedBy: 'bob' } },
    });
  });

  const approve = async (applied: Applied | { readonly ok: false }): Promise<void> => {
    if (!applied.ok || applied.outcome !== 'WAITING') throw new Error('nothing waits');
    const approved = await service.publication.approve(admin('somebody-else'), applied.proposal.id);
    if (!approved.ok) throw new Error(approved.failure.message);
  };

  test('who proposed may withdraw, and then propose again', async () => {
    const first = await waiting(admin('alice'), yaml('again', { approvals: 2 }));
    expect(await service.publication.reject(admin('alice'), first.id)).toMatchObject({
      ok: true,
      value: { proposal: { state: 'WITHDRAWN', decidedBy: 'alice' } },
    });
    const second = await waiting(admin('alice'), yaml('again', { approvals: 2 }));
    expect(second.id).not.toBe(first.id);
    const before = await stored();
    expect(await service.publication.approve(admin('bob'), first.id)).toMatchObject({
      ok: false,
      failure: { code: 'PROPOSAL_DECIDED', message: 'This proposal is WITHDRAWN already; propose the version again.' },
    });
    expect(await stored()).toEqual(before);
  });

  test.each(['01890000-0000-7000-8000-000000000000', 'not an id'])('there is no proposal %s', async (id) => {
    for (const what of ['approve', 'reject'] as const)
      expect(await service.publication[what](admin(), id)).toMatchObject({ failure: { code: 'UNKNOWN_PROPOSAL' } });
  });

  test('only who may publish may approve', async () => {
    const { id } = await waiting(admin('alice'), yaml('guarded', { approvals: 2 }));
    const before = await stored();
    for (const principal of [partner(1), admin('reader', ['programme:read'])]) {
      expect(() => service.publication.approve(principal, id)).toThrow(ForbiddenError);
      expect(() => service.publication.reject(principal, id)).toThrow(ForbiddenError);
    }
    expect(await stored()).toEqual(before);
  });

  test('twenty decisions at once make one version', async () => {
    const { id } = await waiting(admin('alice'), yaml('crowd', { approvals: 2 }));
    const decisions = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        service.publication[index % 4 === 0 ? 'reject' : 'approve'](admin(`person-${index}`), id),
      ),
    );
    expect(decisions.filter(({ ok }) => ok)).toHaveLength(1);
    const refused = decisions.flatMap((decision) => (decision.ok ? [] : [decision.failure.code]));
    expect(new Set(refused)).toEqual(new Set(['PROPOSAL_DECIDED']));
    const { rows } = await db.superuser.query<{ state: string; versions: number }>(
      `select p.state, count(v.id)::int as versions from programme_proposal p
       left join programme_version v on v.programme_id = p.programme_id where p.id = $1 group by p.state`,
      [id],
    );
    expect(rows[0]?.versions).toBe(rows[0]?.state === 'APPROVED' ? 1 : 0);
  });

  test('eight proposals at once leave one waiting', async () => {
    const texts = Array.from({ length: 8 }, (_, index) => yaml('rush', { approvals: 2, percent: index + 1 }));
    const applied = await Promise.all(texts.map((text) => service.apply(admin('alice'), text)));
    expect(applied.filter(({ ok }) => ok)).toHaveLength(1);
    const codes = applied.flatMap((each) => (each.ok ? [] : each.failures.map(({ code }) => code)));
    expect(codes).toEqual(Array.from({ length: 7 }, () => 'PROPOSAL_PENDING'));
  });

  test.each([
    [
      'approved by who proposed it',
      `update programme_proposal set state = 'APPROVED', decided_by = proposed_by, decided_at = now() where id = $1`,
      'check',
    ],
    [
      'rejected by who proposed it',
      `update programme_proposal set state = 'REJECTED', decided_by = proposed_by, decided_at = now() where id = $1`,
      'check',
    ],
    ['decided by nobody', `update programme_proposal set state = 'REJECTED' where id = $1`, 'check'],
    [
      'two that wait',
      `insert into programme_proposal (id, programme_id, source, digest, effective_from, proposed_by, proposed_at)
      select gen_random_uuid(), programme_id, '', '', effective_from, proposed_by, proposed_at from programme_proposal where id = $1`,
      'unique',
    ],
    ['another text', `update programme_proposal set source = 'x' where id = $1`, 'decided once and never changed'],
    ['a proposal that is gone', `delete from programme_proposal where id = $1`, 'decided once and never changed'],
    [
      'a version approved by its publisher',
      `insert into programme_version (id, programme_id, version, effective_from, source, digest, published_by, published_at, approved_by)
      select id, programme_id, 1, effective_from, source, digest, 'alice', now(), 'alice' from programme_proposal where id = $1`,
      'check',
    ],
    ['a version with another text', `update programme_version set source = 'x' where id <> $1`, 'is an archive'],
    ['a version that is gone', 'delete from programme_version where id <> $1', 'is an archive'],
  ])('the database itself refuses: %s', async (what, text, why) => {
    const { id } = await waiting(admin('alice'), yaml(what.replaceAll(' ', '-'), { approvals: 2 }));
    await expect(db.superuser.query(text, [id])).rejects.toThrow(why);
  });

  test('what was decided stays decided, in the database too', async () => {
    const { id } = await waiting(admin('alice'), yaml('decided', { approvals: 2 }));
    await service.publication.reject(admin('bob'), id);
    const again = `update programme_proposal set state = 'APPROVED', decided_by = 'carol' where id = $1`;
    await expect(db.superuser.query(again, [id])).rejects.toThrow('decided once and never changed');
  });
});
