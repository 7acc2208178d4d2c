import { jest } from '@jest/globals';
import type { SubmitCommand, TransactionErrorCode } from '../../../src/domain/transactions/model.js';
import { confirmDue } from '../../../src/modules/earning/index.js';
import { processBatch, type SubmitOutcome } from '../../../src/modules/transactions/index.js';
import { type Coalition, makeCoalition, purchase, refund, repeatOf } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
let coalition: Coalition;

beforeEach(async () => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db);
});
afterEach(() => db.close());

const query = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await db.superuser.query(sql, values)).rows as Row[];

async function balance(memberNo = coalition.members.a): Promise<[string, string]> {
  const [row] = await query<{ pending_units: string; available_units: string }>(
    'select pending_units, available_units from member_balance where member_no = $1',
    [memberNo],
  );
  return [row?.pending_units ?? '', row?.available_units ?? ''];
}

/** Everything that a rejected or repeated command must leave as it was. */
async function everything(): Promise<unknown> {
  const [row] = await query(`
    select (select count(*) from business_key) as keys, (select count(*) from transaction) as transactions,
           (select count(*) from transaction_source) as sources, (select count(*) from accrual) as accruals,
           (select count(*) from lot) as lots, (select count(*) from due) as due,
           (select count(*) from journal_entry) as entries, (select count(*) from posting) as postings,
           (select sum(kept_minor) from member_spend_day) as spend, (select sum(used) from member_counter) as used,
           (select sum(pending_units + available_units) from member_balance) as units`);
  return row;
}

const codeOf = (outcome: SubmitOutcome | undefined): string | undefined =>
  outcome?.status === 'REJECTED' ? outcome.failure.code : outcome?.status;

describe('a bad message is refused by name and leaves nothing', () => {
  const tomorrow = new Date(Date.now() + 86_400_000);
  const cases: readonly [TransactionErrorCode, Partial<SubmitCommand>][] = [
    ['UNKNOWN_PARTNER', { partnerCode: 'nobody' }],
    ['MALFORMED_REFERENCE', { reference: '' }],
    ['MALFORMED_REFERENCE', { reference: 'x'.repeat(129) }],
    ['MALFORMED_REFERENCE', { reference: ' padded ' }],
    ['TEXT_TOO_LONG', { descriptor: 'x'.repeat(201) }],
    ['CARD_NUMBER_REFUSED', { payer: { cardToken: '4111 1111 1111 1111' } }],
    ['AMOUNT_NOT_POSITIVE', { amountMinor: 0n }],
    ['AMOUNT_NOT_POSITIVE', { amountMinor: -100n }],
    ['AMOUNT_TOO_LARGE', { amountMinor: 10n ** 15n + 1n }],
    ['CURRENCY_MISMATCH', { currencyCode: 'EUR' }],
    ['OCCURRED_IN_FUTURE', { occurredAt: tomorrow, businessDate: tomorrow.toISOString().slice(0, 10) }],
    ['MALFORMED_MCC', { mcc: '541' }],
    ['MALFORMED_MCC', { mcc: '54a1' }],
    ['REFUND_OF_ON_PURCHASE', { refundOf: 'x' }],
    ['UNKNOWN_PAYER', { payer: { cardToken: 'no-such-token' } }],
    ['UNKNOWN_PAYER', { payer: { memberCode: 'nobody' } }],
    ['FIELD_NOT_OF_KIND', { authorisation: 'x' }],
    ['FIELD_NOT_OF_KIND', { kind: 'CLEARING', exchangeOf: 'x' }],
    ['AUTHORISATION_NOT_NAMED', { kind: 'REVERSAL' }],
    ['ACTION_NOT_NAMED', { kind: 'ACTION', amountMinor: 0n }],
    ['ACTION_HAS_NO_AMOUNT', { kind: 'ACTION', action: 'review' }],
    ['POSTED_BEFORE_PURCHASE', { postedOn: '2026-03-09' }],
    ['BASKET_DOES_NOT_ADD_UP', { lines: [{ kind: 'GOODS', amountMinor: 9_999n, quantity: 1, tags: [] }] }],
    ['NO_TERMS_IN_FORCE', { occurredAt: new Date('2019-12-31T12:00:00Z'), businessDate: '2019-12-31' }],
    ['UNKNOWN_CATEGORY', { category: 'spaceships' }],
    ['UNKNOWN_OUTLET', { merchant: { partnerCode: 'shop', outletCode: 'moon' } }],
  ];
  test.each(cases)('%s for %j', async (code, changes) => {
    const before = await everything();
    const outcomes = await coalition.submit(purchase(changes));
    expect(outcomes.map(codeOf)).toEqual([code]);
    expect(await everything()).toEqual(before);
  });

  test('refunds that name a purchase', async () => {
    await coalition.submit(purchase({ reference: 'bought' }));
    const before = await everything();
    const named = { refundOf: 'bought' };
    const outcomes = await coalition.submit(
      refund({ ...named, amountMinor: 10_001n }),
      refund({ ...named, payer: { cardToken: 'token-b-0001' } }),
      refund({ ...named, occurredAt: new Date('2026-03-09T12:00:00Z'), businessDate: '2026-03-09' }),
    );
    expect(outcomes.map(codeOf)).toEqual(['REFUND_LARGER_THAN_PURCHASE', 'PAYER_MISMATCH', 'REFUND_BEFORE_PURCHASE']);
    expect(await everything()).toEqual(before);
  });

  test('a suspended partner', async () => {
    await query(`update partner set status = 'SUSPENDED' where code = 'bank'`);
    expect((await coalition.submit(purchase())).map(codeOf)).toEqual(['PARTNER_NOT_ACTIVE']);
  });
});

describe('a purchase', () => {
  test('accrues per rule and funder, pending until its hold ends', async () => {
    await coalition.submit(purchase());
    expect(
      await query(
        'select rule_code, funder_no, units, value_minor, commission_minor, tax_minor, available_on::text from accrual order by rule_code',
      ),
    ).toEqual([
      {
        rule_code: 'bank-cashback',
        funder_no: coalition.bankNo,
        units: '100',
        value_minor: '100',
        commission_minor: '10',
        tax_minor: '2',
        available_on: '2026-03-24',
      },
      {
        rule_code: 'shop-rate',
        funder_no: coalition.shopNo,
        units: '400',
        value_minor: '400',
        commission_minor: '40',
        tax_minor: '8',
        available_on: '2026-03-24',
      },
    ]);
    expect(await balance()).toEqual(['500', '0']);
    expect(await confirmDue(db.database, coalition.programmeNo, '2026-03-23')).toEqual({ confirmed: 0 });
    expect(await confirmDue(db.database, coalition.programmeNo, '2026-03-24')).toEqual({ confirmed: 2 });
    expect(await balance()).toEqual(['0', '500']);
    expect(await query('select party, balance from account_balance where account = 1100 order by party')).toEqual([
      { party: coalition.bankNo, balance: '112' },
      { party: coalition.shopNo, balance: '448' },
    ]);
  });

  test('at a merchant that is no partner earns from the bank only, and keeps what was sent', async () => {
    await coalition.submit(purchase({ merchantId: 'MID-UNKNOWN', descriptor: 'corner shop' }));
    expect(await query('select rule_code from accrual')).toEqual([{ rule_code: 'bank-cashback' }]);
    expect(await query('select merchant_no, merchant_id, descriptor from transaction')).toEqual([
      { merchant_no: null, merchant_id: 'MID-UNKNOWN', descriptor: 'corner shop' },
    ]);
  });

  test('is of the tier that the kept spend before it made, also within one batch', async () => {
    const fuel = { mcc: '5541', merchantId: 'MID-NONE', amountMinor: 1_000n };
    await coalition.submit(purchase({ ...fuel }), purchase({ amountMinor: 50_000n }), purchase({ ...fuel }));
    expect(await query(`select facts->>'t' as tier from transaction order by id`)).toEqual([
      { tier: 'basic' },
      { tier: 'basic' },
      { tier: 'gold' },
    ]);
  });

  test('never earns more than its caps leave, and the caps count from its own month', async () => {
    const fuel = { mcc: '5541', merchantId: 'MID-NONE', amountMinor: 20_000n };
    await coalition.submit(purchase(fuel), purchase(fuel));
    await coalition.submit(purchase(fuel));
    const april = { occurredAt: new Date('2026-04-10T12:00:00Z'), businessDate: '2026-04-10' };
    await coalition.submit(purchase({ ...fuel, ...april }));
    // 2 % of 200.00 is 400, then 100 are left of 500, then nothing; April starts anew.
    expect(await query('select units from accrual order by id')).toEqual([
      { units: '400' },
      { units: '100' },
      { units: '400' },
    ]);
    expect(
      await query(`select period::text, used from member_counter where cap_code = 'fuel-month' order by period`),
    ).toEqual([
      { period: '2026-03-01', used: '500' },
      { period: '2026-04-01', used: '400' },
    ]);
  });

  test('that is cash earns nothing and lifts nobody into a tier', async () => {
    await coalition.submit(purchase({ mcc: '6011', amountMinor: 90_000n }));
    expect(await query('select count(*)::int as n from accrual')).toEqual([{ n: 0 }]);
    expect(await query('select count(*)::int as n from member_spend_day')).toEqual([{ n: 0 }]);
  });
});

describe('the same message again', () => {
  test('gives the first answer, also a year later and in the same batch, and changes nothing', async () => {
    const message = purchase();
    const [first, again] = await coalition.submit(message, message);
    const before = await everything();
    const [later] = await coalition.submit(message);
    expect(first?.status).toBe('ACCEPTED');
    for (const repeat of [again, later]) expect(repeat).toEqual(repeatOf(first));
    expect(await everything()).toEqual(before);
  });

  test('with another body is a conflict and changes nothing', async () => {
    const message = purchase();
    await coalition.submit(message);
    const before = await everything();
    const outcomes = await coalition.submit({ ...message, amountMinor: 1n }, { ...message, mcc: '5541' });
    expect(outcomes.map(codeOf)).toEqual(['REFERENCE_CONFLICT', 'REFERENCE_CONFLICT']);
    expect(await everything()).toEqual(before);
  });

  test('after a rejection is new: a corrected retry is accepted, also within one batch', async () => {
    const message = purchase();
    const outcomes = await coalition.submit({ ...message, category: 'spaceships' }, message, message);
    expect(outcomes.map(codeOf)).toEqual(['UNKNOWN_CATEGORY', 'ACCEPTED', 'DUPLICATE']);
    const unknown = purchase({ payer: { cardToken: 'no-such-token' } });
    expect((await coalition.submit(unknown)).map(codeOf)).toEqual(['UNKNOWN_PAYER']);
    expect((await coalition.submit({ ...unknown, payer: { memberCode: 'a' } })).map(codeOf)).toEqual(['ACCEPTED']);
  });

  test('sent 20 times at once is one accrual and 20 equal answers', async () => {
    const message = purchase();
    const answers = await Promise.all(Array.from({ length: 20 }, () => coalition.submit(message)));
    const ids = new Set(answers.flat().map((answer) => JSON.stringify({ ...answer, status: undefined })));
    expect(ids.size).toBe(1);
    expect(answers.flat().filter((answer) => answer.status === 'ACCEPTED')).toHaveLength(1);
    expect(await query('select count(*)::int as n from transaction')).toEqual([{ n: 1 }]);
    expect(await query('select count(*)::int as n from accrual')).toEqual([{ n: 2 }]);
    expect(await balance()).toEqual(['500', '0']);
  });
});

describe('a refund', () => {
  test('of everything leaves nothing, pending or confirmed, and gives the caps and the spend back', async () => {
    for (const confirmFirst of [false, true]) {
      const bought = purchase({ mcc: '5541' });
      await coalition.submit(bought);
      if (confirmFirst) await confirmDue(db.database, coalition.programmeNo, '2026-04-30');
      await coalition.submit(refund({ refundOf: bought.reference }));
      expect(await balance()).toEqual(['0', '0']);
    }
    expect(await query('select sum(used)::int as used from member_counter')).toEqual([{ used: 0 }]);
    expect(await query('select sum(kept_minor)::int as kept from member_spend_day')).toEqual([{ kept: 0 }]);
    expect(
      await query(
        'select sum(balance)::int as owed from account_balance where account in (1100, 1105, 2000, 2010, 4000, 2200)',
      ),
    ).toEqual([{ owed: 0 }]);
    expect(await query('select count(*)::int as n from due')).toEqual([{ n: 0 }]);
  });

  test('of a part re-runs the rules of its day on what is kept', async () => {
    const bought = purchase();
    await coalition.submit(bought);
    await confirmDue(db.database, coalition.programmeNo, '2026-04-30');
    await coalition.submit(refund({ refundOf: bought.reference, amountMinor: 2_000n }));
    expect(await balance()).toEqual(['0', '400']);
    expect(
      await query('select units, value_minor, commission_minor, tax_minor from accrual_reversal order by units'),
    ).toEqual([
      { units: '20', value_minor: '20', commission_minor: '2', tax_minor: '0' },
      { units: '80', value_minor: '80', commission_minor: '8', tax_minor: '2' },
    ]);
    const [third] = await coalition.submit(refund({ refundOf: bought.reference, amountMinor: 8_001n }));
    expect(codeOf(third)).toBe('REFUND_LARGER_THAN_PURCHASE');
  });

  test('in the same batch as its purchase', async () => {
    const bought = purchase();
    const outcomes = await coalition.submit(
      bought,
      refund({ refundOf: bought.reference }),
      refund({ refundOf: bought.reference }),
    );
    expect(outcomes.map(codeOf)).toEqual(['ACCEPTED', 'ACCEPTED', 'REFUND_LARGER_THAN_PURCHASE']);
    expect(await balance()).toEqual(['0', '0']);
  });

  describe('without a reference', () => {
    const place = { merchantId: 'MID-NONE', descriptor: 'corner shop' };

    test('goes to the purchase of the same amount at that merchant, else to a larger one, the latest first', async () => {
      const day = (date: string) => ({ occurredAt: new Date(`${date}T12:00:00Z`), businessDate: date });
      const [small, exact, large] = await coalition.submit(
        purchase({ ...place, ...day('2026-03-01'), amountMinor: 1_000n }),
        purchase({ ...place, ...day('2026-03-02'), amountMinor: 5_000n }),
        purchase({ ...place, ...day('2026-03-03'), amountMinor: 9_000n }),
      );
      const outcomes = await coalition.submit(
        refund({ ...place, amountMinor: 5_000n }),
        refund({ ...place, amountMinor: 5_000n }),
        refund({ ...place, amountMinor: 5_000n }),
        refund({ ...place, amountMinor: 1_000n }),
        refund({ ...place, descriptor: 'another shop', amountMinor: 1_000n }),
        refund({ ...place, payer: { cardToken: 'token-b-0001' }, amountMinor: 1_000n }),
      );
      const seen = outcomes.map((o) => (o.status === 'REJECTED' ? codeOf(o) : `${o.matchReason}`));
      expect(seen).toEqual([
        'MATCHED_EXACT_AMOUNT',
        'MATCHED_PART_OF_LARGER',
        'ORPHAN_ALL_PURCHASES_SMALLER',
        'MATCHED_EXACT_AMOUNT',
        'ORPHAN_NO_PURCHASE_AT_MERCHANT',
        'ORPHAN_NO_PURCHASE_AT_MERCHANT',
      ]);
      const joined = outcomes.map((o) => (o.status === 'REJECTED' ? '' : o.transactionId));
      const idOf = (outcome: SubmitOutcome | undefined): string =>
        outcome && outcome.status !== 'REJECTED' ? outcome.transactionId : '';
      expect([joined[0], joined[1], joined[3]]).toEqual([idOf(exact), idOf(large), idOf(small)]);
      // 1 % of 90.00 - 50.00 is all that is left.
      expect(await balance()).toEqual(['40', '0']);
      expect(await query(`select count(*)::int as n from transaction where kind = 'ORPHAN_REFUND'`)).toEqual([
        { n: 3 },
      ]);
    });

    test('is answered the same whether its purchases are in the batch or long stored', async () => {
      const messages = [
        purchase({ ...place, amountMinor: 700n }),
        purchase({ ...place, amountMinor: 700n }),
        refund({ ...place, amountMinor: 300n }),
        refund({ ...place, amountMinor: 400n }),
        refund({ ...place, amountMinor: 700n }),
        refund({ ...place, amountMinor: 700n }),
      ];
      const together = (await coalition.submit(...messages)).map((o) => (o.status === 'REJECTED' ? o : o.matchReason));
      const otherCard = messages.map((message) => ({
        ...message,
        reference: `b-${message.reference}`,
        payer: { cardToken: 'token-b-0001' },
      }));
      const apart: unknown[] = [];
      for (const message of otherCard) {
        const [outcome] = await coalition.submit(message);
        apart.push(outcome?.status === 'REJECTED' ? outcome : outcome?.matchReason);
      }
      expect(apart).toEqual(together);
      expect(await balance(coalition.members.a)).toEqual(await balance(coalition.members.b));
    });
  });
});

describe('a batch asks only for what it needs', () => {
  /** Names of the statements of one batch, without those of the ledger and the reference data. */
  async function statementsOf(...commands: SubmitCommand[]): Promise<string[]> {
    const names: string[] = [];
    await db.database.command((tx) => {
      const [run, send] = [tx.run.bind(tx), tx.send.bind(tx)];
      tx.run = (statement, values) => {
        names.push(statement.name);
        return run(statement, values);
      };
      tx.send = (statement, values) => {
        names.push(statement.name);
        send(statement, values);
      };
      return processBatch(tx, coalition.cache, coalition.programmeNo, commands);
    });
    return names.filter(
      (name) =>
        /^(transactions\.|lots\.|earning\.|offers\.|tiers\.|members\.lock)/.test(name) && !name.endsWith('epoch'),
    );
  }
  const bought = [
    'transactions.claim-keys',
    'members.lock-balances',
    'tiers.load-standings',
    'earning.load-counters',
    'earning.spend-in-windows',
    'transactions.insert-transactions',
    'transactions.insert-sources',
    'earning.add-days',
    'earning.add-counters',
    'earning.insert-accruals',
  ];

  test('purchases alone: nothing that only later messages need', async () => {
    await statementsOf(purchase({ amountMinor: 100n }));
    const names = await statementsOf(...Array.from({ length: 50 }, () => purchase({ amountMinor: 100n })));
    expect(names).toEqual(bought);
  });

  test('purchases in six round trips and a commit, however many they are', async () => {
    const tripsOf = (count: number): Promise<number> =>
      db.database.command(async (tx) => {
        const client = await tx.connection();
        const asked = jest.spyOn(client, 'query');
        const commands = Array.from({ length: count }, () => purchase({ amountMinor: 100n }));
        await processBatch(tx, coalition.cache, coalition.programmeNo, commands);
        const trips = asked.mock.calls.length;
        asked.mockRestore();
        return trips;
      });
    await tripsOf(1);
    expect([await tripsOf(1), await tripsOf(50)]).toEqual([6, 6]);
  });

  test('a refund: its purchase, and what it takes back', async () => {
    await statementsOf(purchase({ reference: 'bought', amountMinor: 100_000n }), purchase({ amountMinor: 100n }));
    const names = await statementsOf(refund({ refundOf: 'bought', amountMinor: 100n }));
    expect(names).toEqual([
      'transactions.claim-keys',
      'members.lock-balances',
      'transactions.first-answers',
      'transactions.load-purchases',
      'transactions.load-standing-accruals',
      'transactions.load-messages',
      'tiers.load-standings',
      'earning.load-counters',
      'earning.spend-in-windows',
      'transactions.insert-sources',
      'transactions.set-refunded',
      'earning.take-days',
      'earning.release-counters',
      'earning.insert-reversals',
      'earning.shrink-lots',
      'earning.drop-empty-due',
    ]);
  });
});
