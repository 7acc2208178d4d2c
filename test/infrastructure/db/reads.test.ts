/**
 * Reads beside the ORM: what is visible, what goes together, and what a failure leaves. (Values as the ORM's:
 * test/api/second-wall.test.ts.)
 */
import { rowsOf } from '../../../src/infrastructure/db/entity-rows.js';
import { readerFor, type Visibility } from '../../../src/infrastructure/db/orm.js';
import { read } from '../../../src/infrastructure/db/reads.js';
import { MemberBalanceEntity } from '../../../src/modules/members/member.entity.js';
import type { TestDatabase } from '../../support/database.js';
import { countReads } from '../../support/module-fixture.js';
import { openThreeMembers, WHO_SEES } from './three-members.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await openThreeMembers();
  await db.superuser.query('insert into member_balance (member_no, pending_units) values (2, 9007199254740993)');
});
afterAll(() => db.close());

const CODES = 'select code from member order by code';
const seen = async (visibility: Visibility): Promise<string[]> =>
  (await read<{ code: string }>(readerFor(db.reader, visibility), CODES)).map(({ code }) => code);

describe('what is visible', () => {
  it.each(WHO_SEES)('are the rows of %s', async (_who, visibility, codes) => {
    expect(await seen(visibility)).toEqual(codes);
  });

  it('is kept apart when many take turns on few connections, the ORM among them', async () => {
    const answers = await Promise.all(
      Array.from({ length: 90 }, async (_, index) => {
        const memberNo = (index % 3) + 1;
        const em = readerFor(db.reader, { memberNo });
        const rows = index % 2 === 0 ? await read(em, CODES) : await em.execute<object[]>(CODES);
        return JSON.stringify(rows) === `[{"code":"M${memberNo}"}]`;
      }),
    );
    expect(answers).not.toContain(false);
  });

  it('is nothing again when a read has ended', async () => {
    for (let connection = 0; connection < 10; connection += 1) await seen({ seesAll: true });
    expect(await db.reader.em.fork().execute(CODES)).toEqual([]);
  });

  it('can be read and not written', async () => {
    const em = readerFor(db.reader, { seesAll: true });
    await expect(read(em, 'with w as (delete from member returning 1) select * from w')).rejects.toThrow();
    expect(await seen({ seesAll: true })).toHaveLength(3);
  });
});

describe('what is asked in one tick', () => {
  it('is one statement, each read with its own values', async () => {
    const em = readerFor(db.reader, { seesAll: true });
    const one = (no: number) => read<{ no: number }>(em, 'select no from member where no = $1 and $2 = $1', [no, no]);
    let answers: unknown;
    const statements = await countReads(db, async () => {
      answers = await Promise.all([one(1), read(em, CODES), one(3), one(9)]);
    });
    expect(answers).toEqual([[{ no: 1 }], [{ code: 'M1' }, { code: 'M2' }, { code: 'M3' }], [{ no: 3 }], []]);
    expect(statements).toBe(1);
  });

  it('is a few statements when it is very much', async () => {
    const em = readerFor(db.reader, { seesAll: true });
    const asked = Array.from({ length: 2_000 }, (_, index) => read(em, 'select $1::int as index', [index]));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 2_000 }, (_, index) => [{ index }]));
  });

  it('does not fail with its neighbour, and the connection goes on', async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      const em = readerFor(db.reader, { seesAll: true });
      const [failed, good] = await Promise.allSettled([
        read(em, 'select 1 / (no - no) as none from member'),
        read(em, CODES),
      ]);
      expect(failed).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
      expect(good).toMatchObject({ status: 'fulfilled', value: { length: 3 } });
    }
    expect(await seen({ memberNo: 1 })).toEqual(['M1']);
  });
});

it('loses no digit of a bigint', async () => {
  const rows = await rowsOf(readerFor(db.reader, { seesAll: true }), MemberBalanceEntity, 'where member_no = $1', [2]);
  expect(rows.map(({ pendingUnits }) => pendingUnits)).toEqual([9_007_199_254_740_993n]);
});
