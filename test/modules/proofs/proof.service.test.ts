/** Proofs on a real server: pages over many blocks, entries of others that a member is part of, and what was tampered with. */
import { Account } from '../../../src/domain/ledger/accounts.js';
import { EntryKind, type JournalEntry } from '../../../src/domain/ledger/entry.js';
import { ProofCheck, type Verdict } from '../../../src/domain/proofs/check-proof.js';
import { ChainSealer, ProofService, readHead, readLine } from '../../../src/modules/proofs/index.js';
import { SettlementService } from '../../../src/modules/settlement/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { confirm, earn, type LedgerFixture, openLedgerFixture, record } from '../../support/ledger-fixture.js';
import { admin } from '../../support/principals.js';

let db: TestDatabase;
let demo: LedgerFixture;
let a: number;
let b: number;
let ids: Map<number, string>;
let settlementId: string;

beforeAll(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
  [a, b] = demo.members as [number, number];
  const { rows } = await db.superuser.query<{ no: number; id: string }>('select no, id from member');
  ids = new Map(rows.map(({ no, id }) => [no, id]));
  for (let count = 1; count <= 20; count += 1) {
    const earned = await earn(db, demo, a, [{ funderNo: demo.m1, units: BigInt(count * 100) }]);
    await confirm(db, demo, earned);
  }
  await record(db, demo.programmeNo, [transfer(a, b, 700n), transfer(b, a, 50n)]);
  // The bank is settled gross: what it funds on one side, what was redeemed with it on the other.
  await db.superuser.query(
    `update contract set netting = 'GROSS' where partner_id = (select id from partner where no = $1)`,
    [demo.bank],
  );
  await confirm(db, demo, await earn(db, demo, a, [{ funderNo: demo.bank, units: 1_000n }]));
  await record(db, demo.programmeNo, [cashOut(a, 300n)]);
  const settled = await new SettlementService(db.database).closeAndSettle(admin(), {
    programmeCode: 'demo',
    idempotencyKey: 'settle',
  });
  if (!settled.ok || settled.value.settlement === undefined) throw new Error('nothing was settled');
  settlementId = settled.value.settlement.id;
  // A block for every entry: more of them than one page may hold.
  await new ChainSealer(db.database).seal({ patienceMs: 20_000, largestBlock: 1 });
});
afterAll(() => db.close());

const transfer = (from: number, to: number, units: bigint): JournalEntry => ({
  kind: EntryKind.TRANSFER,
  memberNo: from,
  businessDate: '2026-02-01',
  postings: [
    { book: 'REWARD', account: Account.MEMBER_AVAILABLE, party: from, amount: units },
    { book: 'REWARD', account: Account.MEMBER_AVAILABLE, party: to, amount: -units },
  ],
});

const cashOut = (memberNo: number, units: bigint): JournalEntry => ({
  kind: EntryKind.CASH_OUT,
  memberNo,
  businessDate: '2026-02-01',
  postings: [
    { book: 'REWARD', account: Account.MEMBER_AVAILABLE, party: memberNo, amount: units },
    { book: 'REWARD', account: Account.REDEEMED, party: demo.bank, amount: -units },
    { book: 'MONEY', account: Account.LIABILITY_AVAILABLE, party: 0, amount: units },
    { book: 'MONEY', account: Account.POSITION, party: demo.bank, amount: -units },
  ],
});

type Pages = (place?: Parameters<ProofService['ofMember']>[2]) => ReturnType<ProofService['ofMember']>;

/** All pages of a proof, and what a check says of them. */
async function checked(pages: Pages): Promise<Verdict & { readonly pages: number }> {
  let text = '';
  let count = 0;
  let page = await pages();
  for (;;) {
    if (page === undefined) throw new Error('there is no proof');
    text += page.text;
    count += 1;
    if (page.next === undefined) break;
    page = await pages(page.next);
  }
  const [first = '', ...rest] = text.trimEnd().split('\n');
  const check = new ProofCheck(readHead('Line 1', first));
  rest.forEach((line, at) => {
    check.add(`line ${at + 2}`, readLine(`Line ${at + 2}`, line));
  });
  return { ...check.finish(), pages: count };
}

const ofMember = (no: number, largestPage?: number) => {
  const service = new ProofService(db.database, largestPage);
  return checked((place) => service.ofMember(admin(), ids.get(no) as string, place));
};
const ofPartner = (partnerCode: string, largestPage?: number) => {
  const service = new ProofService(db.database, largestPage);
  return checked((place) => service.ofSettlement(admin(), { settlementId, partnerCode }, place));
};

test.each([1, 7, 1_000])('pages of %d entries make the same proof', async (largestPage) => {
  const proof = await ofPartner('demo-m1', largestPage);
  expect(proof).toMatchObject({ faults: [], entries: 40, blocks: 40 });
  // 21,000 units at 0.01, 10 % commission, 20 % tax on it.
  expect(proof.netMinor).toBe(23_520n);
  // However large the page, it ends after 32 blocks.
  expect(proof.pages).toBe(Math.max(Math.ceil(40 / largestPage), 2));
});

test('a partner that is settled gross is proved both sides of its statement', async () => {
  // 1,000 units at 0.01 with commission and tax, less 300 cashed out.
  expect(await ofPartner('demo-bank')).toMatchObject({ faults: [], entries: 3, netMinor: 820n });
});

test("a member is proved its part of another member's entries", async () => {
  const proof = await ofMember(b);
  expect(proof).toMatchObject({ faults: [], entries: 2 });
  expect(proof.balances.get(Account.MEMBER_AVAILABLE)).toBe(650n);
  expect((await ofMember(a)).balances.get(Account.MEMBER_AVAILABLE)).toBe(21_050n);
});

test('a member without entries has a proof of nothing, and one that does not exist has none', async () => {
  expect(await ofMember(demo.members[2] as number)).toMatchObject({ faults: [], entries: 0, pages: 1 });
  expect(await new ProofService(db.database).ofMember(admin(), settlementId)).toBeUndefined();
});

test('a settlement has no proof for a partner that it does not settle with, and none when it was given up', async () => {
  const service = new ProofService(db.database);
  const ask = (partnerCode: string) => service.ofSettlement(admin(), { settlementId, partnerCode });
  expect(await ask('demo-m2')).toBeUndefined();
  expect(await ask('nobody')).toBeUndefined();
  await db.superuser.query(
    `update settlement set state = 'ABORTED', aborted_at = now(), abort_reason = 'test' where id = $1`,
    [settlementId],
  );
  expect(await ask('demo-m1')).toBeUndefined();
  await db.superuser.query(
    `update settlement set state = 'ISSUED', aborted_at = null, abort_reason = null where id = $1`,
    [settlementId],
  );
});

test('the settlement keeps the first block that covers all of it', async () => {
  const { rows } = await db.superuser.query(
    `select k.sequence, b.after_no::int as after_no, b.upto_no::int as upto_no,
            (select max(no)::int from journal_entry where window_no in (select window_no from window_position where settlement_id = $1)) as last
     from settlement_seal k join chain_block b using (sequence) where k.settlement_id = $1`,
    [settlementId],
  );
  expect(rows).toHaveLength(1);
  expect(rows[0].after_no).toBeLessThan(rows[0].last);
  expect(rows[0].upto_no).toBeGreaterThanOrEqual(rows[0].last);
});

describe('tampering', () => {
  const corrupt = async (sql: string, ...values: unknown[]): Promise<void> => {
    await db.superuser.query('set session_replication_role = replica');
    await db.superuser.query(sql, values);
    await db.superuser.query('set session_replication_role = origin');
  };

  test.each([
    ['an amount', 'update posting set amount = amount + $1 where account = 110 and party = $2'],
    ['a day', 'update journal_entry set business_date = business_date + $1::integer where member_no = $2'],
    ["another holder's posting", 'update posting set amount = amount + $1 where account = 2010 and member_no = $2'],
  ])('%s', async (_, sql) => {
    await corrupt(sql, 1, a);
    const { faults } = await ofMember(a);
    expect(faults[0]).toMatch(/^Block \d+ \(line \d+\) does not hold entry \d+ as written here/);
    await corrupt(sql, -1, a);
    expect((await ofMember(a)).faults).toEqual([]);
  });
});
