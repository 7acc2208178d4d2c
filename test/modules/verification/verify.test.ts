/** One row is corrupted behind the product's back, and `verifyLedger` names the invariant and the row: I1 to I10. */
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { SettlementService } from '../../../src/modules/settlement/index.js';
import { type Verified, verifyLedger } from '../../../src/modules/verification/index.js';
import { INVARIANTS } from '../../e2e/sound-ledger.js';
import { type Corruption, findingsAfter } from '../../support/corruption.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  confirm,
  type Earned,
  earn,
  type LedgerFixture,
  openLedgerFixture,
  PROGRAMME,
  takeBack,
} from '../../support/ledger-fixture.js';
import { admin } from '../../support/principals.js';

let db: TestDatabase;
let demo: LedgerFixture;
let other: LedgerFixture;
/** Confirmed, partly refunded, in a settled window; pending, partly voided, in the open one. */
let settled: Earned;
let pending: Earned;

beforeAll(async () => {
  db = await openTestDatabase();
  demo = await openLedgerFixture(db);
  other = await openLedgerFixture(db, 'other', 1);
  const [a, b] = demo.members as [number, number];
  const parts = [
    { funderNo: demo.m1, units: 5_000n },
    { funderNo: demo.bank, units: 1_000n },
    { funderNo: PROGRAMME, units: 300n },
  ];
  settled = await earn(db, demo, a, parts);
  await confirm(db, demo, settled);
  await takeBack(db, demo, settled, [{ funderNo: demo.m1, units: 1_000n }], 'CONFIRMED');
  await confirm(db, other, await earn(db, other, other.members[0] as number, [{ funderNo: other.m1, units: 10n }]));
  for (const programmeCode of ['demo', 'other']) {
    const result = await new SettlementService(db.database).closeAndSettle(admin(), {
      programmeCode,
      idempotencyKey: programmeCode,
    });
    if (!result.ok) throw new Error(result.failure.message);
  }
  pending = await earn(db, demo, b, parts);
  await takeBack(db, demo, pending, [{ funderNo: demo.bank, units: 400n }], 'PENDING');
});
afterAll(() => db.close());

const all = (programmeNo?: number): Promise<Verified[]> =>
  db.database.command((tx) => verifyLedger(tx, programmeNo === undefined ? {} : { programmeNo }));

const afterwards = (corruptions: readonly Corruption[]): Promise<string[]> => findingsAfter(db, corruptions);

const one = async (sql: string, ...values: unknown[]): Promise<Record<string, unknown>> =>
  (await db.superuser.query(sql, values)).rows[0] as Record<string, unknown>;
const lotOf = (earned: Earned, funderNo: number): string =>
  (earned.lots.find((lot) => lot.funderNo === funderNo) as { id: string }).id;
const keyOf = (earned: Earned) =>
  one(
    `select k.partner_no, k.kind, k.reference, k.source_id, k.member_no from business_key k join transaction_source s on s.id = k.source_id
     where s.transaction_id = $1 and k.kind = 1`,
    earned.transactionId,
  );
const settledWindow = () =>
  one(
    'select no, settlement_id from settlement_window where programme_no = $1 and settlement_id is not null',
    demo.programmeNo,
  );

test('a ledger that nobody touched holds, and says what was checked', async () => {
  const verified = await all();
  expect(verified.map(({ invariant }) => invariant)).toEqual(INVARIANTS);
  expect(verified.flatMap(({ findings }) => findings)).toEqual([]);
  expect(verified.map(({ sentence }) => sentence)).toEqual([
    'each of 10 entries sums to zero per unit, over 65 postings',
    expect.stringContaining('5 members'),
    expect.stringContaining('5 members'),
    'none of 7 accruals rewards a transaction twice by one rule and funder',
    'each of 5 messages is the only one of its key, with the body that was hashed',
    'what was acknowledged is there: 5 messages with their transactions',
    expect.stringContaining('each of 3 transactions is there as a whole'),
    'each of 2 closed windows still has the digest it was closed with',
    "in each of 2 settlements the programme's own accounts are the opposite of its partners, over 5 lines",
    'all partner positions of 2 settled windows are zero',
    'each of 0 redemptions was resolved at most once, and what it captured and gave back is what it held',
    expect.stringContaining('7 lots, less what is owed'),
    expect.stringContaining('7 lots'),
    expect.stringContaining('all units that were issued'),
    'no refund gave a funder back more than it had given by 7 accruals',
    expect.stringContaining('days, caps, budgets and tiers of 5 members'),
    expect.stringContaining('in the outbox, each once'),
    'the chain of 0 blocks verifies over 0 entries, and nothing older than its horizon is unsealed',
    expect.stringContaining('each of 4 idempotency keys has its effect'),
    expect.stringContaining('none of 10 entries is there in part'),
    'each bank account holds what the last of its statements (0 in all) closes with, and what is on its way is known',
  ]);
});

test('one programme can be checked by itself', async () => {
  const verified = await all(other.programmeNo);
  expect(verified.flatMap(({ findings }) => findings)).toEqual([]);
  expect(verified[0]?.sentence).toBe('each of 3 entries sums to zero per unit, over 13 postings');
  expect(verified[4]?.sentence).toBe('each of 1 messages is the only one of its key, with the body that was hashed');
});

test('a closed window that a crash left without a digest gets one', async () => {
  const { no } = await settledWindow();
  const read = 'select digest, entry_count from settlement_window where no = $1';
  const before = await one(read, no);
  await db.superuser.query('update settlement_window set digest = null, entry_count = null where no = $1', [no]);
  expect((await all()).flatMap(({ findings }) => findings)).toEqual([]);
  expect(await one(read, no)).toEqual(before);
});

describe('I1', () => {
  test('an amount that no longer balances', async () => {
    const { unit } = await one(
      'select unit from posting where entry_no = $1 and account = 1105 limit 1',
      pending.entryNo,
    );
    expect(
      await afterwards([
        [
          'update posting set amount = amount + 1 where entry_no = $1 and account = 1105 and party = $2',
          pending.entryNo,
          demo.m1,
        ],
      ]),
    ).toContain(`I1 posting entry_no=${pending.entryNo} member_no=${pending.memberNo} unit=${unit}`);
  });
  test('an entry without postings', async () => {
    expect(
      await afterwards([
        [
          'insert into journal_entry select 999999, 0, programme_no, window_no, kind, null, business_date, recorded_at from journal_entry where no = $1',
          pending.entryNo,
        ],
      ]),
    ).toContain('I1 journal_entry no=999999 member_no=0');
  });
  test('postings without their entry', async () => {
    const found = await afterwards([['delete from journal_entry where no = $1', pending.entryNo]]);
    expect(found.filter((finding) => finding.startsWith(`I1 posting entry_no=${pending.entryNo} `))).toHaveLength(2);
  });
  test('a posting in another window than its entry', async () => {
    const { no } = await settledWindow();
    const found = await afterwards([
      ['update posting set window_no = $2 where entry_no = $1 and line = 0', pending.entryNo, no],
    ]);
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^I1 posting entry_no=${pending.entryNo} `)));
  });
});

describe('I2', () => {
  test('the balance of an account', async () => {
    const row = await one('select unit, window_no from account_balance where account = 4000 and party = $1', demo.m1);
    expect(
      await afterwards([
        ['update account_balance set balance = balance - 1 where account = 4000 and party = $1', demo.m1],
      ]),
    ).toEqual([`I2 account_balance unit=${row.unit} account=4000 party=${demo.m1} window_no=${row.window_no}`]);
  });
  test('the balance of an account that is gone', async () => {
    const row = await one('select unit from account_balance where account = 900 and party = $1', demo.m1);
    expect(await afterwards([['delete from account_balance where account = 900 and party = $1', demo.m1]])).toEqual([
      `I2 account_balance unit=${row.unit} account=900 party=${demo.m1} window_no=0`,
      `I14 unit no=${row.unit}`,
    ]);
  });
  test('the balance of a member', async () => {
    expect(
      await afterwards([
        ['update member_balance set available_units = available_units + 1 where member_no = $1', settled.memberNo],
      ]),
    ).toContain(`I2 member_balance member_no=${settled.memberNo}`);
  });
});

describe('I3', () => {
  test('an account on the wrong side', async () => {
    const row = await one('select unit from account_balance where account = 1105 and party = $1', demo.m1);
    expect(
      await afterwards([['update account_balance set balance = -5 where account = 1105 and party = $1', demo.m1]]),
    ).toContain(`I3 account_balance unit=${row.unit} account=1105 party=${demo.m1} window_no=0`);
  });
  test('a member on the wrong side', async () => {
    expect(
      await afterwards([
        ['alter table member_balance drop constraint member_balance_pending_units_check'],
        ['update member_balance set pending_units = -1 where member_no = $1', settled.memberNo],
      ]),
    ).toContain(`I3 member_balance member_no=${settled.memberNo}`);
  });
});

test('I4: a reward given twice', async () => {
  const id = v7();
  const found = await afterwards([
    ['drop index accrual_once'],
    [
      `insert into accrual select $1, member_no, transaction_id, programme_no, rule_code, funder_no, contract_no, units, value_minor,
         commission_minor, tax_minor, tax_treatment, available_on, entry_no from accrual where id = $2`,
      id,
      lotOf(settled, demo.m1),
    ],
  ]);
  expect(found).toContain(`I4 accrual id=${id} member_no=${settled.memberNo}`);
});

describe('I5', () => {
  test('a payload that is not the one that was hashed', async () => {
    const { source_id, member_no } = await keyOf(settled);
    expect(
      await afterwards([
        [`update transaction_source set payload = payload || '{"amountMinor": "1"}' where id = $1`, source_id],
      ]),
    ).toEqual([`I5 transaction_source id=${source_id} member_no=${member_no}`]);
  });
  test('a key that remembers another body', async () => {
    const { partner_no, reference, source_id } = await keyOf(settled);
    expect(
      await afterwards([['update business_key set body_hash = $2 where source_id = $1', source_id, randomBytes(32)]]),
    ).toEqual([`I5 business_key partner_no=${partner_no} kind=1 reference=${reference}`]);
  });
  test('a second message under one key', async () => {
    const { source_id, member_no } = await keyOf(settled);
    const id = v7();
    expect(
      await afterwards([
        [
          `insert into transaction_source select $1, member_no, transaction_id, partner_no, kind, reference, body_hash, amount_minor,
             match_reason, payload, received_at from transaction_source where id = $2`,
          id,
          source_id,
        ],
      ]),
    ).toContain(`I5 transaction_source id=${id} member_no=${member_no}`);
  });
});

describe('I6', () => {
  test('an acknowledged message that is gone', async () => {
    const { partner_no, reference, source_id } = await keyOf(settled);
    expect(await afterwards([['delete from transaction_source where id = $1', source_id]])).toContain(
      `I6 business_key partner_no=${partner_no} kind=1 reference=${reference}`,
    );
  });
  test('an acknowledged transaction that is gone', async () => {
    const { partner_no, reference } = await keyOf(settled);
    expect(await afterwards([['delete from transaction where id = $1', settled.transactionId]])).toContain(
      `I6 business_key partner_no=${partner_no} kind=1 reference=${reference}`,
    );
  });
});

describe('I7', () => {
  const { stringMatching } = expect;
  test('a message that was never acknowledged', async () => {
    const { source_id, member_no } = await keyOf(settled);
    expect(await afterwards([['delete from business_key where source_id = $1', source_id]])).toEqual([
      `I7 transaction_source id=${source_id} member_no=${member_no}`,
    ]);
  });
  test('a transaction without a message', async () => {
    const id = v7();
    expect(
      await afterwards([
        [
          `insert into transaction (id, member_no, programme_no, kind, submitter_no, category_code, amount_minor, occurred_at, business_date, recorded_at, facts, explanation_digest)
           select $1, member_no, programme_no, kind, submitter_no, category_code, amount_minor, occurred_at, business_date, recorded_at, facts, explanation_digest
           from transaction where id = $2`,
          id,
          settled.transactionId,
        ],
      ]),
    ).toEqual([`I7 transaction id=${id} member_no=${settled.memberNo}`]);
  });
  test('a refund that the purchase does not know', async () => {
    expect(
      await afterwards([['update transaction set refunded_minor = 0 where id = $1', settled.transactionId]]),
    ).toEqual([`I7 transaction id=${settled.transactionId} member_no=${settled.memberNo}`]);
  });
  test('an accrual without its lot', async () => {
    const id = lotOf(pending, demo.m1);
    expect(await afterwards([['delete from lot where id = $1', id]])).toContain(
      `I7 accrual id=${id} member_no=${pending.memberNo}`,
    );
  });
  test('a lot without its accrual', async () => {
    const id = lotOf(pending, demo.m1);
    const found = await afterwards([['delete from accrual where id = $1', id]]);
    expect(found).toEqual([`I7 journal_entry no=${pending.entryNo}`, `I7 lot id=${id} member_no=${pending.memberNo}`]);
  });
  test('a lot with units that nobody gave', async () => {
    const id = lotOf(settled, demo.m1);
    expect(await afterwards([['update lot set units = units + 1 where id = $1', id]])).toEqual([
      `I7 accrual id=${id} member_no=${settled.memberNo}`,
      `I12 member_balance member_no=${settled.memberNo}`,
    ]);
  });
  test('a lot whose tax was changed', async () => {
    const id = lotOf(settled, demo.bank);
    expect(await afterwards([['update lot set tax_minor = 0 where id = $1', id]])).toEqual([
      `I7 accrual id=${id} member_no=${settled.memberNo}`,
    ]);
  });
  test('an accrual of more than its entry issued', async () => {
    const id = lotOf(pending, demo.m1);
    expect(
      await afterwards([
        ['update accrual set units = units + 1, value_minor = value_minor + 1 where id = $1', id],
        ['update lot set units = units + 1, value_minor = value_minor + 1 where id = $1', id],
      ]),
    ).toContain(`I7 journal_entry no=${pending.entryNo}`);
  });
  test('a reversal that its entry does not know', async () => {
    const { entry_no } = await one(
      'select entry_no from accrual_reversal where accrual_id = $1',
      lotOf(settled, demo.m1),
    );
    expect(
      await afterwards([
        ['update accrual_reversal set units = units - 1 where accrual_id = $1', lotOf(settled, demo.m1)],
        ['update lot set units = units + 1 where id = $1', lotOf(settled, demo.m1)],
      ]),
    ).toContain(`I7 journal_entry no=${entry_no}`);
  });
  test('a lot that was never confirmed and is no longer due', async () => {
    expect(await afterwards([['delete from due where lot_id = $1', lotOf(pending, demo.m1)]])).toContain(
      `I12 member_balance member_no=${pending.memberNo}`,
    );
  });
  test('something due that is not there', async () => {
    const lot = v7();
    expect(
      await afterwards([
        ['insert into due values ($1, $2, $3, $4)', demo.programmeNo, '2026-01-31', pending.memberNo, lot],
      ]),
    ).toEqual([stringMatching(new RegExp(`^I7 due programme_no=${demo.programmeNo} .* lot_id=${lot}$`))]);
  });
});

describe('I8', () => {
  test('a posting of a closed window', async () => {
    const { no } = await settledWindow();
    const found = await afterwards([
      ['update posting set amount = amount + 7 where entry_no = $1 and account = 100', settled.entryNo],
      [
        'update posting set amount = amount - 7 where entry_no = $1 and account = 900 and party = $2',
        settled.entryNo,
        demo.m1,
      ],
    ]);
    expect(found).toContain(`I8 settlement_window no=${no}`);
    expect(found).not.toContainEqual(expect.stringMatching(/^I1 /));
  });
  test.each([
    ['an entry that was dated back', 'update journal_entry set business_date = business_date - 1 where no = $1'],
    ['an entry that was taken out', 'update journal_entry set window_no = 999999 where no = $1'],
    ['an entry whose cause was changed', 'update journal_entry set source_id = null where no = $1'],
  ])('%s', async (_, sql) => {
    expect(await afterwards([[sql, settled.entryNo]])).toContain(
      `I8 settlement_window no=${(await settledWindow()).no}`,
    );
  });
  test.each(['digest = sha256(digest)', 'entry_count = entry_count + 1', 'debit_sum = debit_sum + 1'])(
    '%s',
    async (change) => {
      const { no } = await settledWindow();
      expect(await afterwards([[`update settlement_window set ${change} where no = $1`, no]])).toEqual([
        `I8 settlement_window no=${no}`,
      ]);
    },
  );
});

describe('I9', () => {
  test.each(['programme_net_minor', 'gross_minor'])('%s of a settlement', async (column) => {
    const { settlement_id } = await settledWindow();
    expect(
      await afterwards([[`update settlement set ${column} = ${column} + 1 where id = $1`, settlement_id]]),
    ).toEqual([`I9 settlement id=${settlement_id}`]);
  });
  test.each([
    [
      'the net of a partner',
      'update settlement_line set net_minor = net_minor + 1 where settlement_id = $1 and party_no = $2',
    ],
    [
      'the statement of a partner',
      `update settlement_statement set csv = csv || ' ' where settlement_id = $1 and party_no = $2`,
    ],
    ['a line that is gone', 'delete from settlement_line where settlement_id = $1 and party_no = $2'],
    [
      'an item of a partner',
      'update settlement_item set amount_minor = amount_minor + 1 where settlement_id = $1 and party_no = $2 and entry_kind = 4',
    ],
  ])('%s', async (_, sql) => {
    const { settlement_id } = await settledWindow();
    expect(await afterwards([[sql, settlement_id, demo.m1]])).toEqual([
      `I9 settlement_line settlement_id=${settlement_id} party_no=${demo.m1}`,
    ]);
  });
  test("the programme's own line", async () => {
    const { settlement_id } = await settledWindow();
    expect(
      await afterwards([
        ['update settlement_line set net_minor = 0 where settlement_id = $1 and party_no = 0', settlement_id],
      ]),
    ).toEqual([`I9 settlement_line settlement_id=${settlement_id} party_no=0`]);
  });
  test('own accounts that are not the opposite of the partners', async () => {
    const { settlement_id } = await settledWindow();
    expect(
      await afterwards([
        [
          `update posting set amount = amount + 1 where account = 5000 and window_no = (select no from settlement_window where settlement_id = $1)`,
          settlement_id,
        ],
      ]),
    ).toContain(`I9 settlement id=${settlement_id}`);
  });
});

describe('I10', () => {
  test('a position that came into a settled window later', async () => {
    const { no } = await settledWindow();
    expect(
      await afterwards([
        [
          'insert into posting select 999999, 0, 0, account, party, unit, window_no, 5 from posting where account = 1100 and party = $1 and window_no = $2 limit 1',
          demo.m1,
          no,
        ],
      ]),
    ).toContain(`I10 posting account=1100 party=${demo.m1} window_no=${no}`);
  });
  test('a balance that stayed behind', async () => {
    const { no } = await settledWindow();
    const { unit } = await one(
      'select unit from account_balance where account = 1100 and party = $1 and window_no = $2',
      demo.m1,
      no,
    );
    expect(
      await afterwards([
        ['update account_balance set balance = 1 where account = 1100 and party = $1 and window_no = $2', demo.m1, no],
      ]),
    ).toContain(`I10 account_balance unit=${unit} account=1100 party=${demo.m1} window_no=${no}`);
  });
});
