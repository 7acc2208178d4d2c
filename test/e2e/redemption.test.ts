/** Members spend in any channel, through the API alone: what it changes, and what is refused and changes nothing. */
import { expectSoundLedger } from './sound-ledger.js';
import { euros, openSpending, PROGRAMME, SELECTION, type Spending } from './spending.js';

let shop: Spending;
beforeAll(async () => {
  shop = await openSpending();
});
afterAll(async () => {
  await expectSoundLedger(shop.db);
  await shop.close();
});

let keys = 0;
const key = () => {
  keys += 1;
  return { idempotencyKey: `key-${keys}` };
};
const token = (name: string): string => shop.tokens[name] as string;

describe('a redemption at a till', () => {
  beforeAll(async () => {
    await shop.member('ann');
    await shop.earn('ann', 5_000);
    await shop.earn('ann', 1_000);
  });

  it('is quoted with every limit, and nothing is held', async () => {
    const { redemptionQuote } = await shop.ask(
      token('m2'),
      `query ($input: RedemptionQuoteInput!) { redemptionQuote(input: $input) {
         units pays { amount } balance because refused limits { reason units } userErrors { code } } }`,
      { input: { programmeCode: PROGRAMME, payer: { cardToken: 'card-of-ann' }, purchase: euros('50.00') } },
    );
    expect(redemptionQuote).toEqual({
      ...{ units: '4000', pays: { amount: '40.00' }, balance: '6000', because: 'MAX_SHARE', refused: null },
      limits: [
        { reason: 'BALANCE', units: '6000' },
        { reason: 'MAX_SHARE', units: '4000' },
        { reason: 'MINIMUM_OWN', units: '5000' },
        { reason: 'WANTED', units: '6000' },
      ],
      userErrors: [],
    });
    expect(await shop.balance('ann')).toEqual({ available: '6000', held: '0' });
  });

  it('holds units, uses a part of them, and gives them back with the basket', async () => {
    const { redemption: held, userErrors } = await shop.authorise('ann', { units: '5500' });
    expect(userErrors).toEqual([]);
    expect(held).toMatchObject({ kind: 'PURCHASE', state: 'AUTHORISED', units: '5500', pays: { amount: '55.00' } });
    expect(await shop.balance('ann')).toEqual({ available: '500', held: '5500' });

    const captured = await shop.change(token('m2'), 'redemptionCapture', {
      ...{ redemptionId: held.id, amount: euros('52.00'), ...key() },
    });
    expect(captured.userErrors).toEqual([]);
    expect(captured.redemption).toMatchObject({
      state: 'CAPTURED',
      capturedUnits: '5200',
      captured: { amount: '52.00' },
    });
    expect(await shop.balance('ann')).toEqual({ available: '800', held: '0' });

    const quarter = { redemptionId: held.id, amount: euros('25.00'), ...key() };
    const returned = await shop.change(token('m2'), 'redemptionReturn', quarter);
    expect(returned.userErrors).toEqual([]);
    expect(returned.redemption).toMatchObject({ returnedUnits: '1300', returned: { amount: '13.00' } });
    expect(await shop.change(token('m2'), 'redemptionReturn', quarter)).toEqual(returned);
    expect(await shop.balance('ann')).toEqual({ available: '2100', held: '0' });
    const rest = await shop.change(token('m2'), 'redemptionReturn', { redemptionId: held.id, units: '3900', ...key() });
    expect(rest.redemption).toMatchObject({ returnedUnits: '5200', returned: { amount: '52.00' } });
    expect(await shop.balance('ann')).toEqual({ available: '6000', held: '0' });
  });

  it('tells the member where the units were issued, and the till only its own side', async () => {
    const { redemption } = await shop.authorise('ann', { units: '5500' });
    await shop.change(token('m2'), 'redemptionCapture', { redemptionId: redemption.id, ...key() });
    const question = `query ($id: ID!) { redemption(id: $id) { partner { code } member { code } acceptanceFee { fee { amount } tax { amount } }
      lots { units value { amount } fundedBy { code } earnedBy { merchant { code } } } } }`;
    const seen = async (who: string) => (await shop.ask(token(who), question, { id: redemption.id })).redemption;
    const lot = { fundedBy: { code: 'm1' }, earnedBy: { merchant: { code: 'm1' } } };
    expect(await seen('ann')).toEqual({
      ...{ partner: { code: 'm2' }, member: { code: 'ann' }, acceptanceFee: null },
      lots: [
        { units: '5000', value: { amount: '50.00' }, ...lot },
        { units: '500', value: { amount: '5.00' }, ...lot },
      ],
    });
    const fee = { fee: { amount: '1.10' }, tax: { amount: '0.22' } };
    expect(await seen('m2')).toEqual({ partner: { code: 'm2' }, member: null, acceptanceFee: fee, lots: [] });
    expect(await seen('m1')).toBeNull();
    const { member } = await shop.ask(token('ann'), '{ member { redemptions { nodes { id state } } } }');
    expect(member.redemptions.nodes).toMatchObject([{ id: redemption.id, state: 'CAPTURED' }, { state: 'CAPTURED' }]);
  });

  it('is given up by the till, the bank app or the member, once', async () => {
    for (const who of ['m2', 'b', 'ann']) {
      const { redemption } = await shop.authorise('ann', { units: '100' }, token(who));
      const voided = await shop.change(token(who), 'redemptionVoid', { redemptionId: redemption.id, ...key() });
      expect(voided.redemption).toMatchObject({ state: 'VOIDED', capturedUnits: '0' });
      const again = await shop.change(token(who), 'redemptionVoid', { redemptionId: redemption.id, ...key() });
      expect(again.userErrors).toMatchObject([{ code: 'ALREADY_VOIDED' }]);
    }
    expect(await shop.balance('ann')).toEqual({ available: '500', held: '0' });
  });

  it('has one answer for one reference, and a conflict for other contents', async () => {
    const first = await shop.authorise('ann', { reference: 'once', units: '100' });
    expect(first.userErrors).toEqual([]);
    expect(await shop.authorise('ann', { reference: 'once', units: '100.0' })).toEqual(first);
    const other = await shop.authorise('ann', { reference: 'once', units: '101' });
    expect(other).toEqual({ redemption: null, userErrors: [{ code: 'REFERENCE_CONFLICT', field: 'reference' }] });
    await shop.change(token('m2'), 'redemptionVoid', { redemptionId: first.redemption.id, ...key() });
    const found = await shop.ask(
      token('m2'),
      '{ redemptionByReference(partnerCode: "m2", reference: "once") { state } redemptions(partnerCode: "m2", state: VOIDED, first: 1) { nodes { id } } }',
    );
    expect(found).toEqual({
      redemptionByReference: { state: 'VOIDED' },
      redemptions: { nodes: [{ id: first.redemption.id }] },
    });
    const others =
      '{ redemptionByReference(partnerCode: "m2", reference: "once") { id } redemptions { nodes { id } } }';
    expect(await shop.ask(token('m1'), others)).toEqual({ redemptionByReference: null, redemptions: { nodes: [] } });
  });
});

describe('cash, donations and gifts', () => {
  beforeAll(async () => {
    await shop.member('carl');
    await shop.member('dora');
    await shop.earn('carl', 2_000);
  });
  const of = (code: string, units: string) => ({ programmeCode: PROGRAMME, payer: { memberCode: code }, units });

  it('go out once for a key', async () => {
    const cash = { ...of('carl', '700'), cardToken: 'card-of-carl', ...key() };
    const paid = await shop.change(token('b'), 'cashOut', cash);
    expect(paid.redemption).toMatchObject({ kind: 'CASH_OUT', state: 'CAPTURED', captured: { amount: '7.00' } });
    expect(await shop.change(token('b'), 'cashOut', cash)).toEqual(paid);
    const given = await shop.change(token('carl'), 'donate', {
      ...{ programmeCode: PROGRAMME, units: '100', charityCode: 'red-cross', ...key() },
    });
    expect(given.redemption).toMatchObject({ kind: 'DONATION', captured: { amount: '1.00' } });
    expect(await shop.balance('carl')).toEqual({ available: '1200', held: '0' });
  });

  it('move units to another member, who may spend them', async () => {
    const moved = await shop.change(
      token('carl'),
      'unitsTransfer',
      { programmeCode: PROGRAMME, units: '400', toMemberCode: 'dora', ...key() },
      'transfer { units from { code } to { code } } userErrors { code }',
    );
    expect(moved).toEqual({ transfer: { units: '400', from: { code: 'carl' }, to: null }, userErrors: [] });
    expect(await shop.balance('carl')).toEqual({ available: '800', held: '0' });
    const transfers = 'member { transfers { nodes { units from { code } to { code } } } }';
    for (const [who, from, to] of [
      ['carl', { code: 'carl' }, null],
      ['dora', null, { code: 'dora' }],
    ] as const) {
      const { member } = await shop.ask(token(who), `{ ${transfers} }`);
      expect(member.transfers.nodes).toEqual([{ units: '400', from, to }]);
    }
    const { redemption } = await shop.authorise('dora', { units: '400' });
    const captured = await shop.change(token('m2'), 'redemptionCapture', { redemptionId: redemption.id, ...key() });
    expect(captured.redemption).toMatchObject({ captured: { amount: '4.00' } });
  });
});

describe('what is refused changes nothing', () => {
  beforeAll(async () => {
    await shop.member('eve');
    await shop.member('fay');
    await shop.earn('eve', 1_000);
    await shop.member('gone');
    await shop.db.superuser.query(`update member set status = 'CLOSED' where code = 'gone'`);
  });
  const unchanged = async () => expect(await shop.balance('eve')).toEqual({ available: '1000', held: '0' });

  it.each<[string, object, string?]>([
    ['INSUFFICIENT_UNITS', { units: '1001' }],
    ['ABOVE_MAX_SHARE', { units: '900', purchase: euros('10.00') }],
    ['BELOW_MINIMUM', { units: '9' }],
    ['BELOW_MINIMUM', { purchase: euros('0.10') }],
    ['NOTHING_TO_REDEEM', { purchase: euros('10.00'), discounts: euros('10.00') }],
    ['UNITS_NOT_POSITIVE', { units: '0' }],
    ['UNITS_NOT_POSITIVE', { units: '1.5' }],
    ['AMOUNT_NOT_POSITIVE', { purchase: euros('0.00') }],
    ['DISCOUNT_ABOVE_PURCHASE', { discounts: euros('100.01') }],
    ['CURRENCY_MISMATCH', { purchase: { amount: '1.00', currencyCode: 'GBP' } }],
    ['UNKNOWN_PROGRAMME', { programmeCode: 'nowhere' }],
    ['UNKNOWN_PARTNER', { partnerCode: 'nobody' }],
    ['UNKNOWN_PAYER', { payer: { memberCode: 'nobody' } }],
    ['PAYER_NOT_EXACTLY_ONE', { payer: { memberCode: 'eve', cardToken: 'card-of-eve' } }],
    ['MEMBER_CLOSED', { payer: { memberCode: 'gone' } }],
    ['MALFORMED_REFERENCE', { reference: ' padded' }],
    ['UNKNOWN_PURCHASE', { transactionId: '00000000-0000-7000-8000-000000000000' }],
    ['ANOTHER_MEMBERS_UNITS', {}, 'fay'],
    ['ANOTHER_MEMBERS_UNITS', {}, 'c'],
    ['ANOTHER_MEMBERS_UNITS', {}, 'm1'],
  ])('authorise: %s %j %s', async (code, changes, who = 'm2') => {
    const { redemption, userErrors } = await shop.authorise('eve', changes, token(who));
    expect([redemption, userErrors.map((error: { code: string }) => error.code)]).toEqual([null, [code]]);
    await unchanged();
  });

  it.each<[string, string, object, string?]>([
    ['redemptionCapture', 'CAPTURE_ABOVE_AUTHORISATION', { units: '501' }],
    ['redemptionCapture', 'CAPTURE_ABOVE_AUTHORISATION', { amount: euros('5.01') }],
    ['redemptionCapture', 'CAPTURE_ABOVE_AUTHORISATION', { purchase: euros('100.01') }],
    ['redemptionCapture', 'PART_NOT_EXACTLY_ONE', { units: '1', amount: euros('1.00') }],
    ['redemptionCapture', 'UNITS_NOT_POSITIVE', { units: '0' }],
    ['redemptionCapture', 'UNKNOWN_PURCHASE', { transactionId: '00000000-0000-7000-8000-000000000000' }],
    ['redemptionCapture', 'WRONG_PARTNER', {}, 'm1'],
    ['redemptionCapture', 'WRONG_PARTNER', {}, 'b'],
    ['redemptionVoid', 'WRONG_PARTNER', {}, 'c'],
    ['redemptionVoid', 'ANOTHER_MEMBERS_UNITS', {}, 'fay'],
    ['redemptionReturn', 'NOT_CAPTURED', { units: '1' }],
  ])('%s of what is held: %s %j %s', async (mutation, code, changes, who = 'm2') => {
    const { redemption: held } = await shop.authorise('eve', { units: '500' });
    const { redemption, userErrors } = await shop.change(token(who), mutation, {
      ...{ redemptionId: held.id, ...key() },
      ...changes,
    });
    expect([redemption, userErrors.map((error: { code: string }) => error.code)]).toEqual([null, [code]]);
    expect(await shop.balance('eve')).toEqual({ available: '500', held: '500' });
    await shop.change(token('m2'), 'redemptionVoid', { redemptionId: held.id, ...key() });
    await unchanged();
  });

  it.each<[string, string, object]>([
    ['redemptionCapture', 'ALREADY_CAPTURED', {}],
    ['redemptionVoid', 'ALREADY_CAPTURED', {}],
    ['redemptionReturn', 'RETURN_ABOVE_REDEMPTION', { units: '401' }],
    ['redemptionReturn', 'RETURN_ABOVE_REDEMPTION', { amount: euros('100.01') }],
    ['redemptionReturn', 'PART_NOT_EXACTLY_ONE', {}],
    ['redemptionReturn', 'UNITS_NOT_POSITIVE', { units: '-1' }],
    ['redemptionReturn', 'AMOUNT_NOT_POSITIVE', { amount: euros('0') }],
  ])('%s of what was captured: %s %j', async (mutation, code, changes) => {
    const { redemption: held } = await shop.authorise('eve', { units: '400' });
    await shop.change(token('m2'), 'redemptionCapture', { redemptionId: held.id, ...key() });
    const { redemption, userErrors } = await shop.change(token('m2'), mutation, {
      ...{ redemptionId: held.id, ...key() },
      ...changes,
    });
    expect([redemption, userErrors.map((error: { code: string }) => error.code)]).toEqual([null, [code]]);
    expect(await shop.balance('eve')).toEqual({ available: '600', held: '0' });
    await shop.change(token('m2'), 'redemptionReturn', { redemptionId: held.id, units: '400', ...key() });
    await unchanged();
  });

  it.each<[string, string, object, string?]>([
    ['cashOut', 'INSUFFICIENT_UNITS', { cardToken: 'card-of-eve', units: '1001' }],
    ['cashOut', 'UNKNOWN_CARD', { cardToken: 'card-of-fay' }],
    ['cashOut', 'UNKNOWN_CARD', {}],
    ['cashOut', 'UNITS_NOT_POSITIVE', { cardToken: 'card-of-eve', units: '0' }],
    ['cashOut', 'ANOTHER_MEMBERS_UNITS', { cardToken: 'card-of-eve' }, 'c'],
    ['donate', 'NOT_A_CHARITY', { charityCode: 'm1' }],
    ['donate', 'UNKNOWN_PARTNER', { charityCode: 'nobody' }],
    ['donate', 'ANOTHER_MEMBERS_UNITS', { charityCode: 'red-cross' }, 'fay'],
    ['unitsTransfer', 'TRANSFER_TO_ITSELF', { toMemberCode: 'eve' }],
    ['unitsTransfer', 'UNKNOWN_RECEIVER', { toMemberCode: 'gone' }],
    ['unitsTransfer', 'INSUFFICIENT_UNITS', { toMemberCode: 'fay', units: '1001' }],
    ['unitsTransfer', 'ANOTHER_MEMBERS_UNITS', { toMemberCode: 'fay' }, 'fay'],
  ])('%s: %s %j %s', async (mutation, code, changes, who = 'b') => {
    const { userErrors } = await shop.change(
      token(who),
      mutation,
      { programmeCode: PROGRAMME, payer: { memberCode: 'eve' }, units: '100', ...key(), ...changes },
      'userErrors { code }',
    );
    expect(userErrors).toEqual([{ code }]);
    await unchanged();
  });

  it('at a partner that is suspended, also what is held there', async () => {
    const { redemption: held } = await shop.authorise('eve', { units: '500' });
    await shop.ask(shop.admin, 'mutation { partnerSuspend(input: { partnerCode: "m2" }) { userErrors { code } } }');
    const refused = await shop.authorise('eve', {}, shop.admin);
    expect(refused.userErrors).toMatchObject([{ code: 'PARTNER_NOT_ACTIVE' }]);
    const captured = await shop.change(shop.admin, 'redemptionCapture', { redemptionId: held.id, ...key() });
    expect(captured.userErrors).toMatchObject([{ code: 'PARTNER_NOT_ACTIVE' }]);
    await shop.ask(shop.admin, 'mutation { partnerReactivate(input: { partnerCode: "m2" }) { userErrors { code } } }');
    await shop.change(shop.admin, 'redemptionVoid', { redemptionId: held.id, ...key() });
    await unchanged();
  });

  it('a key that stands for something else', async () => {
    const { redemption: held } = await shop.authorise('eve', { units: '500' });
    const once = key();
    await shop.change(token('m2'), 'redemptionVoid', { redemptionId: held.id, ...once });
    const other = await shop.change(token('m2'), 'redemptionCapture', { redemptionId: held.id, ...once });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_CONFLICT' }]);
    const gone = { redemptionId: '00000000-0000-7000-8000-000000000000', ...key() };
    expect(await shop.change(token('m2'), 'redemptionVoid', gone)).toMatchObject({
      userErrors: [{ code: 'UNKNOWN_REDEMPTION' }],
    });
    await unchanged();
  });
});

it('goes back when nobody captures it in time, and cannot be captured from that moment on', async () => {
  await shop.member('hal');
  await shop.earn('hal', 300);
  const { redemption: held } = await shop.authorise('hal', { units: '300' });
  expect(await shop.services.resolutions.expireAuthorisations()).toBe(0);
  await shop.setClock('2026-03-02T12:01:00Z');
  const late = await shop.change(token('m2'), 'redemptionCapture', { redemptionId: held.id, ...key() });
  expect(late.userErrors).toMatchObject([{ code: 'AUTHORISATION_EXPIRED' }]);
  expect(await shop.balance('hal')).toEqual({ available: '0', held: '300' });
  expect(await shop.services.resolutions.expireAuthorisations()).toBe(1);
  expect(await shop.services.resolutions.expireAuthorisations()).toBe(0);
  expect(await shop.balance('hal')).toEqual({ available: '300', held: '0' });
  const { redemption } = await shop.ask(token('hal'), `query ($id: ID!) { redemption(id: $id) { state } }`, {
    id: held.id,
  });
  expect(redemption.state).toBe('EXPIRED');
  const again = await shop.change(token('m2'), 'redemptionCapture', { redemptionId: held.id, ...key() }, SELECTION);
  expect(again.userErrors).toMatchObject([{ code: 'AUTHORISATION_EXPIRED' }]);
});
