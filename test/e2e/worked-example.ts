/**
 * The worked example of the ledger design (LEDGER 4) as a play: its programme, its partners and what they do,
 * through the API alone. Only the clock is moved by hand, by a day, so that units can expire.
 */
import { type Gateway, openGateway, setUp, takeIn } from './gateway.js';

export const PROGRAMME = 'worked-example';
const YAML = `
programme: ${PROGRAMME}
name: Worked example
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Etc/UTC
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 3
rounding: FLOOR
tiers: { rollingDays: 365, levels: [{ code: all, name: All, from: 0 }] }
groups:
  cards: { mode: ADDITIVE, priority: 0 }
  campaign: { mode: EXCLUSIVE, priority: 10, silences: [cards] }
rules:
  - { code: m1-rate, name: M1 pays back, when: { partners: [m1] }, funding: MERCHANT, rate: 5% }
  - { code: card, name: Card cashback, funding: ISSUER, group: cards, rate: 1% }
  - code: joint
    name: Joint campaign
    when: { partners: [m2] }
    funding: { MERCHANT: 70%, ISSUER: 20%, PROGRAMME: 10% }
    group: campaign
    rate: 10%
partners: { m1: , m2: }
redemption: { cashOut: true, donation: true }
`;

export interface Variant {
  readonly model?: 'SETTLE_AT_ISSUANCE' | 'SETTLE_AT_REDEMPTION';
  /** Of the bank. */
  readonly minimumPayout?: string;
}

export const euros = (amount: string) => ({ amount, currencyCode: 'EUR' });

// biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
type Answer = any;

export interface Play extends Gateway {
  /** A mutation by its name that is expected to succeed; answers with its payload. */
  act(name: string, input: object, selection: string, as?: { token?: string; type?: string }): Promise<Answer>;
  buy(
    reference: string,
    what: { by: 'm1' | 'b'; amount: string; at: 'MID-M1' | 'MID-M2'; on?: string },
  ): Promise<Answer>;
  giveBack(reference: string, refundOf: string, amount: string, at: 'MID-M1' | 'MID-M2'): Promise<Answer>;
  confirm(): Promise<number>;
  balance(): Promise<{ pending: string; available: string; held: string }>;
  /** Closes the open window and settles everybody: net of each party in major units, and what the settlement says of itself. */
  settle(name: string): Promise<{ readonly nets: object; readonly settlement: Answer }>;
  /** The instant of the gateway's clock. */
  now(): Promise<string>;
  /** Money of accounts, all parties together, in minor units. */
  accounts(...codes: number[]): Promise<bigint[]>;
}

export async function openPlay({ model = 'SETTLE_AT_ISSUANCE', minimumPayout }: Variant): Promise<Play> {
  const gateway = await openGateway();
  await setUp(gateway, YAML, PROGRAMME, [
    { code: 'm1', role: 'MERCHANT', merchantIds: ['MID-M1'], model },
    { code: 'm2', role: 'MERCHANT', merchantIds: ['MID-M2'], model, settlement: { acceptanceFeeRate: '2%' } },
    { code: 'b', role: 'BANK', model, ...(minimumPayout !== undefined && { minimumPayout }) },
    { code: 'red-cross', role: 'CHARITY' },
  ]);
  await takeIn(gateway, PROGRAMME, 'a', { token: 'token-of-a-1', issuerCode: 'b' });
  await takeIn(gateway, PROGRAMME, 'other');

  const act: Play['act'] = async (name, input, selection, as = {}) => {
    const { token = gateway.admin, type = `${name[0]?.toUpperCase()}${name.slice(1)}Input` } = as;
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code message } } }`;
    const payload = (await gateway.ask(token, document, { input }))[name];
    expect(payload.userErrors).toEqual([]);
    return payload;
  };
  const submit = async (partnerCode: string, transaction: object): Promise<Answer> => {
    const input = { programmeCode: PROGRAMME, partnerCode, transaction };
    const accruals = 'accruals { rule funder units unitsLeft status value { amount } }';
    return act('transactionSubmit', input, `transaction { id ${accruals} explanation { verified } }`);
  };
  return {
    ...gateway,
    act,
    buy: (reference, { by, amount, at, on = '2026-03-01T12:00:00Z' }) =>
      submit(by, {
        ...{ kind: 'PURCHASE', reference, amount: euros(amount), merchantId: at, occurredAt: on },
        payer: by === 'b' ? { cardToken: 'token-of-a-1' } : { memberCode: reference === 'e9' ? 'other' : 'a' },
      }),
    giveBack: (reference, refundOf, amount, at) =>
      submit('b', {
        ...{ kind: 'REFUND', reference, refundOf, amount: euros(amount), merchantId: at },
        ...{ payer: { cardToken: 'token-of-a-1' }, occurredAt: '2026-03-05T12:00:00Z' },
      }),
    confirm: async () => (await act('accrualsConfirm', { programmeCode: PROGRAMME }, 'confirmed')).confirmed,
    async balance() {
      const { member } = await gateway.ask(
        gateway.admin,
        'query ($programmeCode: String!) { member(code: "a", programmeCode: $programmeCode) { balance { pending available held } } }',
        { programmeCode: PROGRAMME },
      );
      return member.balance;
    },
    async settle(name) {
      await act(
        'settlementWindowClose',
        { programmeCode: PROGRAMME, idempotencyKey: `close-${name}` },
        'window { state }',
      );
      const { settlement } = await act(
        'settlementIssue',
        { programmeCode: PROGRAMME, idempotencyKey: `settle-${name}` },
        `settlement { id state gross { amount } netPayments { amount } programmeNet { amount }
           lines { partner { code } state opening { amount } net { amount } closing { amount } due { amount } } }`,
      );
      const nets = settlement.lines.map((line: Answer) => [line.partner?.code ?? 'PROGRAMME', line.net.amount]);
      return { settlement, nets: Object.fromEntries(nets) };
    },
    async now() {
      const { rows } = await gateway.db.superuser.query<{ now: Date }>('select hansa_now() as now');
      return rows.map(({ now }) => now.toISOString())[0] as string;
    },
    async accounts(...codes) {
      const { rows } = await gateway.db.superuser.query<{ balance: string }>(
        `select (select coalesce(sum(amount), 0)::text from posting where account = code) as balance
         from unnest($1::int[]) with ordinality as wanted (code, line) order by line`,
        [codes],
      );
      return rows.map(({ balance }) => BigInt(balance));
    },
  };
}

/** Steps E1 to E9 of window 1, each with what the member holds after it. */
export async function playWindow1(play: Play): Promise<void> {
  const { act, balance } = play;
  const e1 = await play.buy('e1', { by: 'b', amount: '1000.00', at: 'MID-M1' });
  expect(e1.transaction.accruals).toEqual([
    { rule: 'm1-rate', funder: 'm1', units: '5000', unitsLeft: '5000', status: 'PENDING', value: { amount: '50.00' } },
    { rule: 'card', funder: 'b', units: '1000', unitsLeft: '1000', status: 'PENDING', value: { amount: '10.00' } },
  ]);
  expect(e1.transaction.explanation.verified).toBe(true);
  expect(await balance()).toEqual({ pending: '6000', available: '0', held: '0' });
  expect(await play.confirm()).toBe(2); // E2
  expect(await balance()).toEqual({ pending: '0', available: '6000', held: '0' });

  const e3 = await play.buy('e3', { by: 'b', amount: '333.33', at: 'MID-M2' });
  expect(e3.transaction.accruals.map((a: { funder: string; units: string }) => [a.funder, a.units])).toEqual([
    ['m2', '2333'],
    ['b', '667'],
    ['PROGRAMME', '333'],
  ]);
  expect(await play.confirm()).toBe(3);
  expect(await balance()).toEqual({ pending: '0', available: '9333', held: '0' });

  const e4 = await play.giveBack('e4', 'e1', '200.00', 'MID-M1');
  expect(e4.transaction.id).toBe(e1.transaction.id);
  expect(await balance()).toEqual({ pending: '0', available: '8133', held: '0' });

  const till = await play.edge.token({ principal: 'PARTNER', partner: 'm2' });
  const basket = { purchase: euros('60.00'), units: '6000', reference: 'e5', channel: 'IN_STORE' };
  const payer = { memberCode: 'a' };
  const { redemption } = await act(
    'redemptionAuthorise',
    { programmeCode: PROGRAMME, payer, ...basket },
    'redemption { id units pays { amount } state }',
    { token: till },
  );
  expect(redemption).toMatchObject({ units: '6000', pays: { amount: '60.00' }, state: 'AUTHORISED' });
  expect(await balance()).toEqual({ pending: '0', available: '2133', held: '6000' });
  const capture = { redemptionId: redemption.id, idempotencyKey: 'e5-capture' };
  const captured = await act('redemptionCapture', capture, 'redemption { state capturedUnits }', { token: till });
  expect(captured.redemption).toEqual({ state: 'CAPTURED', capturedUnits: '6000' });
  expect(await balance()).toEqual({ pending: '0', available: '2133', held: '0' });

  const out = { programmeCode: PROGRAMME, payer };
  const card = { cardToken: 'token-of-a-1' };
  await act('cashOut', { ...out, ...card, units: '1500', idempotencyKey: 'e6' }, 'redemption { kind }');
  expect((await balance()).available).toBe('633');
  await act('donate', { ...out, charityCode: 'red-cross', units: '100', idempotencyKey: 'e7' }, 'redemption { kind }');
  expect((await balance()).available).toBe('533');

  const goodwill = { member: payer, units: '33', expiresOn: (await play.now()).slice(0, 10) };
  const { adjustment } = await act(
    'adjustmentRequest',
    { programmeCode: PROGRAMME, goodwill, reason: 'Waited too long at the till.', idempotencyKey: 'e7b' },
    'adjustment { id state }',
  );
  expect((await balance()).available).toBe('533');
  const second = await play.edge.token({ principal: 'OPERATOR' });
  await act('adjustmentApprove', { adjustmentId: adjustment.id, idempotencyKey: 'e7b-yes' }, 'adjustment { state }', {
    token: second,
    type: 'AdjustmentDecisionInput',
  });
  expect((await balance()).available).toBe('566');

  await play.db.superuser.query(`select hansa_set_clock(interval '1 day')`);
  const expired = await act('lotsExpire', { programmeCode: PROGRAMME }, 'members expired'); // E8
  expect(expired).toMatchObject({ members: 1, expired: '33' });
  expect((await balance()).available).toBe('533');

  const e9 = await play.buy('e9', { by: 'm1', amount: '100.00', at: 'MID-M1', on: await play.now() });
  expect(e9.transaction.accruals).toMatchObject([{ funder: 'm1', units: '500', status: 'PENDING' }]);
  expect(await play.confirm()).toBe(0);
}

/** Window 2: a refund after spending, and the next purchase, which repays what the member owes. */
export async function playWindow2(play: Play): Promise<void> {
  await play.giveBack('r3', 'e3', '333.33', 'MID-M2');
  expect(await play.balance()).toEqual({ pending: '0', available: '-2800', held: '0' });
  expect(await play.accounts(2010, 1300)).toEqual([0n, 2_800n]);
  await play.buy('w2', { by: 'm1', amount: '600.00', at: 'MID-M1' });
  expect(await play.confirm()).toBe(1);
  expect(await play.balance()).toEqual({ pending: '0', available: '200', held: '0' });
  expect(await play.accounts(2010, 1300)).toEqual([-200n, 0n]);
}
