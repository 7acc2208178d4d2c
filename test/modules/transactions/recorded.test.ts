/** What a decision says it recorded is what is read back: an answer made without reading never differs from a later one. */
import { readerFor } from '../../../src/infrastructure/db/orm.js';
import { TransactionEntity, TransactionSourceEntity } from '../../../src/modules/transactions/transaction.entity.js';
import { type Coalition, makeCoalition, purchase, refund, repeatOf } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

let db: TestDatabase;
let coalition: Coalition;
beforeAll(async () => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db);
});
afterAll(() => db.close());

const goods = (amountMinor: bigint) => ({ kind: 'GOODS' as const, amountMinor, quantity: 2, tags: ['bread'] });

/** A batch of everything, in an order in which later messages change what earlier ones made. */
const batch = () => [
  purchase(),
  purchase({ lines: [goods(9_000n), goods(1_000n)], claimedUnits: 123n, descriptor: 'SHOP "1", \\ {x}', mcc: '5541' }),
  purchase({ original: { amount: '120.50', currencyCode: 'USD' }, channel: 'ONLINE', payer: { memberCode: 'b' } }),
  purchase({ amountMinor: 900_000n, mcc: '5541', merchantId: 'unknown' }),
  purchase({ kind: 'AUTHORISATION', reference: 'order' }),
  purchase({ kind: 'CLEARING', authorisation: 'order', postedOn: '2026-03-12' }),
  purchase({ kind: 'AUTHORISATION', reference: 'waits', merchantId: 'MID-OTHER' }),
  purchase({ kind: 'CLEARING', authorisation: 'to come', postedOn: '2026-03-12' }),
  purchase({ kind: 'ACTION', action: 'review', amountMinor: 0n }),
  purchase({ reference: 'bought', amountMinor: 4_200n }),
  refund({ refundOf: 'bought', amountMinor: 200n }),
  purchase({ exchangeOf: 'bought', amountMinor: 5_000n }),
  refund({ amountMinor: 7n, merchantId: 'MID-OTHER', payer: { cardToken: 'token-b-0001' } }),
  purchase({ kind: 'REVERSAL', authorisation: 'nowhere', amountMinor: 50n }),
  purchase({ partnerCode: 'shop', amountMinor: 3_333n, payer: { memberCode: 'a' } }),
  purchase({ amountMinor: 3_333n }),
];

test('rows made of decisions are the rows that are read back, for messages of every kind', async () => {
  const outcomes = await coalition.submit(...batch());
  const em = readerFor(db.reader, { seesAll: true });
  let transactions = 0;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'REJECTED') throw new Error(`${index}: ${outcome.failure.message}`);
    const recorded = outcome.recorded?.();
    const source = await em.findOneOrFail(TransactionSourceEntity, { id: outcome.sourceId });
    expect({ index, ...recorded?.source }).toEqual({ index, ...plain(source) });
    if (recorded?.transaction === undefined) continue;
    transactions += 1;
    const row = await em.findOneOrFail(TransactionEntity, { id: outcome.transactionId });
    expect({ index, ...recorded.transaction }).toEqual({ index, ...plain(row) });
  }
  expect(transactions).toBe(10);
});

test('a repeat is answered by reading: what it repeats may be something else by now', async () => {
  const message = purchase({ reference: 'repeated' });
  const [first] = await coalition.submit(message);
  const [repeat] = await coalition.submit(message);
  expect(first).toMatchObject({ status: 'ACCEPTED', recorded: expect.any(Function) });
  expect(repeat).toEqual(repeatOf(first));
});

/** Its values alone, bytes as buffers. */
const plain = (row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value) : value]),
  );
