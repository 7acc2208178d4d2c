/** Sealing on a real server: what is in a block, what waits for the next, and that SQL and the kernel agree. */
import { Account } from '../../../src/domain/ledger/accounts.js';
import { EntryKind } from '../../../src/domain/ledger/entry.js';
import { accrualEntry } from '../../../src/domain/ledger/rewards.js';
import { blockHash } from '../../../src/domain/proofs/block.js';
import { type EntryPosting, entryLeaf, holderHash, partsOf } from '../../../src/domain/proofs/entry-leaf.js';
import { merkleRoot } from '../../../src/domain/proofs/merkle.js';
import { openWindows, recordEntries } from '../../../src/modules/ledger/index.js';
import { BLOCK_COLUMNS, hashesOf, INSTANT_FORMAT, type SealedBlock } from '../../../src/modules/proofs/chain.sql.js';
import { ChainSealer } from '../../../src/modules/proofs/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  BUSINESS_DATE,
  confirm,
  earn,
  type LedgerFixture,
  openLedgerFixture,
  PROGRAMME,
  record,
  shareOf,
} from '../../support/ledger-fixture.js';

let db: TestDatabase;
let demo: LedgerFixture;
/** A programme of its own balances, for those who record side by side. */
let other: LedgerFixture;
let sealer: ChainSealer;
/** Other databases of this server may have long transactions too. */
const PATIENT = { patienceMs: 20_000 };

beforeEach(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
  other = await openLedgerFixture(db, 'other');
  sealer = new ChainSealer(db.database);
});
afterEach(() => db.close());

const accruals = (count: number, { members, m1 } = demo) =>
  Array.from({ length: count }, (_, index) =>
    accrualEntry({
      memberNo: members[index % members.length] as number,
      businessDate: BUSINESS_DATE,
      shares: [shareOf({ funderNo: m1, units: BigInt(index + 1) })],
    }),
  );

const blocks = async (): Promise<(SealedBlock & { leaves: Buffer })[]> => {
  const { rows } = await db.superuser.query(`select ${BLOCK_COLUMNS}, leaves from chain_block order by sequence`);
  return rows.map((row) => ({ ...row, afterNo: BigInt(row.afterNo), uptoNo: BigInt(row.uptoNo) }));
};

test('nothing recorded, nothing sealed', async () => {
  expect(await sealer.seal(PATIENT)).toEqual({ entries: 0, blocks: 0, complete: true });
  expect(await blocks()).toEqual([]);
});

test('blocks follow each other without a gap, each no larger than allowed', async () => {
  await record(db, demo.programmeNo, accruals(25));
  const heard: [number, number][] = [];
  const sealed = await sealer.seal({ ...PATIENT, largestBlock: 10, heard: (...progress) => heard.push(progress) });
  expect(sealed).toEqual({ entries: 25, blocks: 3, complete: true });
  expect(heard).toEqual([
    [10, 25],
    [20, 25],
    [25, 25],
  ]);
  await record(db, demo.programmeNo, accruals(1));
  await sealer.seal(PATIENT);
  const [first, second, third, fourth] = (await blocks()) as SealedBlock[] as [
    SealedBlock,
    SealedBlock,
    SealedBlock,
    SealedBlock,
  ];
  expect([first, second, third, fourth].map(({ entryCount }) => entryCount)).toEqual([10, 10, 5, 1]);
  expect(first.afterNo).toBe(0n);
  expect([second.afterNo, third.afterNo, fourth.afterNo]).toEqual([first.uptoNo, second.uptoNo, third.uptoNo]);
  expect(first.previous).toEqual(Buffer.alloc(32));
  expect([second.previous, third.previous, fourth.previous]).toEqual([first.hash, second.hash, third.hash]);
  expect(fourth.history).toEqual(merkleRoot([first.hash, second.hash, third.hash]));
  for (const block of [first, second, third, fourth]) expect(block.hash).toEqual(blockHash(block));
});

test('the database and the kernel compute the same leaves', async () => {
  const [a, b] = demo.members as [number, number];
  const parts = [
    { funderNo: demo.m1, units: 45n },
    { funderNo: demo.bank, units: 10n },
    { funderNo: PROGRAMME, units: 3n },
  ];
  await confirm(db, demo, await earn(db, demo, a, parts));
  // Every kind of holder: two members, a partner, and numbers that are no partner's under accounts that could be.
  await record(db, demo.programmeNo, [
    {
      kind: EntryKind.ACCRUAL,
      memberNo: a,
      businessDate: '2026-02-28',
      postings: [
        { book: 'REWARD', account: Account.ISSUED, party: PROGRAMME, amount: 7n },
        { book: 'REWARD', account: Account.MEMBER_PENDING, party: b, amount: -7n },
        { book: 'MONEY', account: Account.BANK, party: demo.m1, amount: 70n },
        { book: 'MONEY', account: Account.POSITION, party: demo.m1, amount: -70n },
      ],
    },
  ]);
  await sealer.seal(PATIENT);
  const { rows: secrets } = await db.superuser.query('select secret from chain_secret');
  const { rows: entries } = await db.superuser.query(
    `select no, member_no, programme_no, window_no, kind, source_id, business_date::text as business_date,
            to_char(recorded_at at time zone 'UTC', '${INSTANT_FORMAT}') as recorded_at from journal_entry order by no`,
  );
  const { rows: postings } = await db.superuser.query('select * from posting');
  const leaves = entries.map((entry) => {
    const own: EntryPosting[] = postings
      .filter((posting) => posting.entry_no === entry.no)
      .map(({ line, account, party, unit, window_no, amount }) => ({
        ...{ line, account, party, unit, windowNo: window_no, amount: BigInt(amount) },
      }));
    const no = BigInt(entry.no);
    const held = partsOf(secrets[0].secret, { no, memberNo: entry.member_no, postings: own }).map(holderHash);
    return entryLeaf(
      {
        no,
        programmeNo: entry.programme_no,
        windowNo: entry.window_no,
        kind: entry.kind,
        sourceId: entry.source_id ?? '',
        businessDate: entry.business_date,
        recordedAt: entry.recorded_at,
      },
      held,
    );
  });
  const [block] = await blocks();
  expect(leaves).toHaveLength(3);
  expect(hashesOf(block?.leaves as Buffer)).toEqual(leaves);
  expect(block?.root).toEqual(merkleRoot(leaves));
});

test('what commits late is in the next block, and nothing that came after it is sealed before', async () => {
  const late = await startRecording(other.programmeNo, accruals(2, other));
  await record(db, demo.programmeNo, accruals(3));
  expect(await sealer.seal({ patienceMs: 50 })).toEqual({ entries: 0, blocks: 0, complete: false });
  expect(await blocks()).toEqual([]);
  await late.commit();
  expect(await sealer.seal(PATIENT)).toEqual({ entries: 5, blocks: 1, complete: true });
});

test('a transaction that begins while a block is sealed comes into the next one', async () => {
  await record(db, demo.programmeNo, accruals(3));
  // The mark is taken by a first run that has no time to wait; then somebody records and stays open.
  const older = await startRecording(other.programmeNo, accruals(1, other));
  expect((await sealer.seal({ patienceMs: 0 })).complete).toBe(false);
  const younger = await startRecording(demo.programmeNo, accruals(2));
  await older.commit();
  expect(await sealer.seal(PATIENT)).toEqual({ entries: 4, blocks: 1, complete: true });
  expect((await sealer.seal({ patienceMs: 0 })).complete).toBe(false);
  await younger.commit();
  expect(await sealer.seal(PATIENT)).toEqual({ entries: 2, blocks: 1, complete: true });
  expect((await blocks()).map(({ entryCount }) => entryCount)).toEqual([4, 2]);
});

test('what was rolled back leaves a gap in the numbers and nothing else', async () => {
  const given = await startRecording(other.programmeNo, accruals(2, other));
  await record(db, demo.programmeNo, accruals(1));
  await given.rollback();
  expect(await sealer.seal(PATIENT)).toEqual({ entries: 1, blocks: 1, complete: true });
});

test('several sealers at once, while others record: each entry is in exactly one block', async () => {
  let recording = true;
  let recorded = 0;
  const writer = async (): Promise<void> => {
    while (recording) {
      await record(db, demo.programmeNo, accruals(40));
      recorded += 40;
    }
  };
  const writers = [writer(), writer()];
  let sealed = 0;
  const seal = async (): Promise<void> => {
    const own = new ChainSealer(db.database);
    for (let turn = 0; turn < 6; turn += 1) {
      const { entries } = await own.seal({ ...PATIENT, largestBlock: 64 });
      sealed += entries;
    }
  };
  await Promise.all([seal(), seal(), seal()]);
  recording = false;
  await Promise.all(writers);
  const rest = await sealer.seal(PATIENT);
  sealed += rest.entries;
  expect(sealed).toBe(recorded);
  const all = await blocks();
  expect(all.reduce((sum, { entryCount }) => sum + entryCount, 0)).toBe(recorded);
  expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
});

/** Records entries in a transaction that stays open, and holds the balances it moves, until it is told to end. */
async function startRecording(programmeNo: number, entries: ReturnType<typeof accruals>) {
  let end = (_how: 'commit' | 'rollback'): void => undefined;
  const told = new Promise<'commit' | 'rollback'>((resolve) => {
    end = resolve;
  });
  let ended: Promise<unknown> = Promise.resolve();
  await new Promise<void>((recorded, failed) => {
    ended = db.database
      .command(async (tx) => {
        const { now, windows } = await openWindows(tx, [programmeNo]);
        await recordEntries(tx, windows.get(programmeNo) as never, now, entries);
        recorded();
        if ((await told) === 'rollback') throw new Error('rolled back');
      })
      .catch((error: Error) => (error.message === 'rolled back' ? undefined : failed(error)));
  });
  const endBy = (how: 'commit' | 'rollback') => async (): Promise<void> => {
    end(how);
    await ended;
  };
  return { commit: endBy('commit'), rollback: endBy('rollback') };
}
