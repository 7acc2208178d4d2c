import { entities } from '../../../src/entities.js';
import { openDatabases, readerFor } from '../../../src/infrastructure/db/orm.js';
import { MemberEntity } from '../../../src/modules/members/member.entity.js';
import { TEST_SECRETS, type TestDatabase } from '../../support/database.js';
import { openThreeMembers, WHO_SEES } from './three-members.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await openThreeMembers();
});
afterAll(() => db.close());

describe('readerFor', () => {
  it.each(WHO_SEES)('shows the rows of %s, by find, count and SQL alike', async (_who, visibility, codes) => {
    const em = readerFor(db.reader, visibility);
    const members = await em.find(MemberEntity, {}, { orderBy: { code: 'asc' } });
    expect(members.map(({ code }) => code)).toEqual(codes);
    expect(await em.count(MemberEntity)).toBe(codes.length);
    expect(await em.createQueryBuilder(MemberEntity).getCount()).toBe(codes.length);
    const rows = await em.execute<{ code: string }[]>('select code from member order by 1');
    expect(rows.map(({ code }) => code)).toEqual(codes);
  });

  it('keeps two of them apart, also when they take turns on few connections', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const memberNo = (index % 3) + 1;
        const members = await readerFor(db.reader, { memberNo }).find(MemberEntity, {});
        return members.every(({ no }) => no === memberNo) && members.length === 1;
      }),
    );
    expect(answers).not.toContain(false);
  });

  it('leaves nothing behind on the connection', async () => {
    await readerFor(db.reader, { seesAll: true }).find(MemberEntity, {});
    expect(await db.reader.em.fork().find(MemberEntity, {})).toEqual([]);
  });

  it('cannot write', async () => {
    const em = readerFor(db.reader, { seesAll: true });
    await expect(em.execute(`update member set code = 'X'`)).rejects.toThrow('permission denied');
  });
});

describe('the writer', () => {
  it('shares its pool between SQL and ORM', async () => {
    const { rows } = await db.database.pool.query('select current_user as me, current_setting($1) as application', [
      'application_name',
    ]);
    expect(rows).toEqual([{ me: 'hansa_writer', application: 'hansa writer' }]);
    expect(await db.writer.em.getConnection().getNativeClient()).toBe(db.database.pool);
  });

  it('gives up a statement that takes too long', async () => {
    const { rows } = await db.database.pool.query('show statement_timeout');
    expect(rows).toEqual([{ statement_timeout: '30s' }]);
  });

  it('closes a pool that only SQL has used, so that a command ends when its work does', async () => {
    const opened = await openDatabases({
      writerUrl: db.urls.writer,
      readerUrl: db.urls.reader,
      entities,
      secrets: TEST_SECRETS,
    });
    await opened.database.command(async () => undefined);
    await opened.close();
    expect(opened.database.pool.ended).toBe(true);
  });
});
