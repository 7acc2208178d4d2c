/** Velocity limits, holds and the review queue of cash-outs and transfers, over HTTP. */
import { expectSoundLedger } from './sound-ledger.js';
import { openSpending, PROGRAMME, type Spending } from './spending.js';

let s: Spending;
let operator: string;
let keys = 0;

beforeEach(async () => {
  s = await openSpending({
    cashOut: '{ perDay: "400", perMonth: "1000", holdAbove: "300" }',
    transfer: '{ perDay: "500", holdAbove: "100" }',
  });
  operator = await s.edge.token({ principal: 'OPERATOR' });
  await s.member('a');
  await s.member('b');
  await s.earn('a', 2_000);
});
afterEach(async () => {
  await expectSoundLedger(s.db);
  await s.close();
});

const key = () => {
  keys += 1;
  return `key-${keys}`;
};
const HELD =
  'redemption { id kind state units review { kind reason decision bank { code } } } userErrors { code message }';
const cashOut = (units: string, token = s.tokens.a as string, but: object = {}) =>
  s.change(
    token,
    'cashOut',
    {
      programmeCode: PROGRAMME,
      payer: { memberCode: 'a' },
      units,
      cardToken: 'card-of-a',
      idempotencyKey: key(),
      ...but,
    },
    HELD,
  );
const give = (units: string) =>
  s.change(
    s.tokens.a as string,
    'unitsTransfer',
    { programmeCode: PROGRAMME, units, toMemberCode: 'b', idempotencyKey: key() },
    'transfer { units } held { id state } userErrors { code }',
  );
const decide = (reviewId: string, decision: string, token = operator, but: object = {}) =>
  s.change(
    token,
    'reviewDecide',
    { reviewId, decision, idempotencyKey: key(), ...but },
    'review { decision decidedBy note outcomeId } userErrors { code }',
  );
const queue = async () =>
  (
    await s.ask(
      operator,
      `{ reviewQueue(programmeCode: "${PROGRAMME}") { nodes { id kind requestedBy member { code } toMember { code } redemption { units } } } }`,
    )
  ).reviewQueue.nodes;
const tomorrow = () => s.setClock('2026-03-02T12:00:00Z');

it('lets no more leave in a day and in a month than the programme says, also at once', async () => {
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => cashOut('100')));
  const codes = outcomes.flatMap(({ userErrors }) => userErrors.map(({ code }: { code: string }) => code));
  expect(codes).toEqual(['DAY_LIMIT_EXCEEDED', 'DAY_LIMIT_EXCEEDED']);
  expect(await s.balance('a')).toEqual({ available: '1600', held: '0' });
  await tomorrow();
  expect((await cashOut('300')).userErrors).toEqual([]);
  await s.setClock('2026-03-03T12:00:00Z');
  expect((await cashOut('300')).userErrors).toEqual([]);
  await s.setClock('2026-03-04T12:00:00Z');
  const refused = await cashOut('1');
  expect(refused.userErrors).toEqual([
    { code: 'MONTH_LIMIT_EXCEEDED', message: 'This month 0 PTS more may leave; ask for no more, or next month.' },
  ]);
  await s.setClock('2026-04-01T12:00:00Z');
  expect((await cashOut('300')).userErrors).toEqual([]);
});

it('holds a large cash-out until somebody else has looked, then pays it out once', async () => {
  const { redemption } = await cashOut('350');
  expect(redemption).toMatchObject({
    ...{ kind: 'REVIEW', state: 'AUTHORISED', units: '350' },
    review: { kind: 'CASH_OUT', reason: 'LARGE_AMOUNT', decision: null, bank: { code: 'b' } },
  });
  expect(await s.balance('a')).toEqual({ available: '1650', held: '350' });
  // What waits counts as well.
  expect((await cashOut('51')).userErrors).toMatchObject([{ code: 'DAY_LIMIT_EXCEEDED' }]);
  expect(await queue()).toMatchObject([
    { id: redemption.id, kind: 'CASH_OUT', member: { code: 'a' }, redemption: { units: '350' } },
  ]);
  const capture = { redemptionId: redemption.id, idempotencyKey: key() };
  expect((await s.change(s.admin, 'redemptionCapture', capture)).userErrors).toMatchObject([
    { code: 'WAITS_FOR_REVIEW' },
  ]);
  const once = { idempotencyKey: 'once', note: 'She has called.' };
  const [first, again] = await Promise.all([1, 2].map(() => decide(redemption.id, 'APPROVED', operator, once)));
  expect(first).toEqual(again);
  expect(first).toMatchObject({
    review: { decision: 'APPROVED', decidedBy: 'development:operator', note: 'She has called.' },
  });
  expect(await s.balance('a')).toEqual({ available: '1650', held: '0' });
  const paid = await s.ask(
    s.tokens.a as string,
    `{ redemption(id: "${first.review.outcomeId}") { kind state captured { amount } partner { code } } }`,
  );
  expect(paid.redemption).toEqual({
    kind: 'CASH_OUT',
    state: 'CAPTURED',
    captured: { amount: '3.50' },
    partner: { code: 'b' },
  });
  expect(await queue()).toEqual([]);
  expect((await decide(redemption.id, 'REJECTED')).userErrors).toMatchObject([{ code: 'REVIEW_DECIDED' }]);
});

it('gives units back that were rejected, withdrawn, or waited for too long', async () => {
  const rejected = (await cashOut('301')).redemption;
  expect((await decide(rejected.id, 'REJECTED')).review).toMatchObject({ decision: 'REJECTED', outcomeId: null });
  await tomorrow();
  const withdrawn = (await cashOut('302')).redemption;
  const voided = await s.change(s.tokens.a as string, 'redemptionVoid', {
    redemptionId: withdrawn.id,
    idempotencyKey: key(),
  });
  expect(voided.userErrors).toEqual([]);
  expect((await decide(withdrawn.id, 'APPROVED')).userErrors).toMatchObject([{ code: 'ALREADY_VOIDED' }]);
  await s.setClock('2026-03-05T12:00:00Z');
  const forgotten = (await cashOut('303')).redemption;
  await s.setClock('2026-04-05T12:00:00Z');
  expect((await decide(forgotten.id, 'APPROVED')).userErrors).toMatchObject([{ code: 'AUTHORISATION_EXPIRED' }]);
  await s.services.resolutions.expireAuthorisations();
  expect(await s.balance('a')).toEqual({ available: '2000', held: '0' });
  expect(await queue()).toEqual([]);
});

it('takes two: whoever asked does not decide, and unknown things are named', async () => {
  const { redemption } = await cashOut('350', s.admin);
  expect((await decide(redemption.id, 'APPROVED', s.admin)).userErrors).toMatchObject([{ code: 'SAME_PERSON' }]);
  expect((await decide('nowhere', 'APPROVED')).userErrors).toMatchObject([{ code: 'UNKNOWN_REVIEW' }]);
  expect((await decide(redemption.id, 'APPROVED', operator, { note: ' ' })).userErrors).toMatchObject([
    { code: 'MALFORMED_NOTE' },
  ]);
  await expect(decide(redemption.id, 'APPROVED', s.tokens.a)).rejects.toThrow('FORBIDDEN');
  expect(await s.balance('a')).toEqual({ available: '1650', held: '350' });
});

it('holds a large gift in the same way', async () => {
  expect(await give('100')).toMatchObject({ transfer: { units: '100' }, held: null, userErrors: [] });
  const { transfer, held } = await give('200');
  expect([transfer, held]).toMatchObject([null, { state: 'AUTHORISED' }]);
  expect((await give('201')).userErrors).toMatchObject([{ code: 'DAY_LIMIT_EXCEEDED' }]);
  expect(await queue()).toMatchObject([{ kind: 'TRANSFER', toMember: { code: 'b' } }]);
  expect((await decide(held.id, 'APPROVED')).userErrors).toEqual([]);
  expect(await s.balance('a')).toEqual({ available: '1700', held: '0' });
  expect(await s.balance('b')).toEqual({ available: '300', held: '0' });
});
