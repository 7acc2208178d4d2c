/** Offers, activations and segments through the API, and what decisions are told of them. */
import { v7 } from 'uuid';
import { variantOf } from '../../../src/domain/earning/experiment.js';
import { loadTraits } from '../../../src/modules/offers/index.js';
import { countReads } from '../../support/module-fixture.js';
import { type Offers, openOffers, storedRows } from './offer-fixture.js';

let offers: Offers;
beforeAll(async () => {
  offers = await openOffers();
});
afterAll(() => offers.close());
beforeEach(async () => {
  await offers.db.superuser.query(
    'truncate member_choice, member_activation, member_segment, member_spend_day, budget_counter',
  );
  await offers.db.superuser.query('update member set birthday = null, time_zone = null');
  await offers.setToday('2026-03-03');
});

const noOf = (code: string): number => offers.nos.get(code) as number;
const anna = { member: { programmeCode: 'offers', memberCode: 'anna' } };
const spend = (code: string, pounds: number): Promise<unknown> =>
  offers.db.superuser.query(`insert into member_spend_day (member_no, day, kept_minor) values ($1, '2026-03-01', $2)`, [
    noOf(code),
    pounds * 100,
  ]);
const offersOf = async (who: string, code = 'anna'): Promise<Record<string, unknown>[]> => {
  const { data } = await offers.ask(
    who,
    `query ($code: String) { member(code: $code, programmeCode: "offers") { offers {
      code name text details personal partners from until needsActivation activated activationUntil
      budgets { code measure max remaining until } } } }`,
    { code },
  );
  return data.member.offers;
};
const codesOf = async (who = 'anna'): Promise<string[]> =>
  (await offersOf(who)).map(({ code }) => code as string).filter((code) => !['tried', 'held-out'].includes(code));

describe('a member sees the offers that are its own', () => {
  const EVERYBODYS = ['base', 'five', 'quarter'];

  test('those of everybody', async () => {
    expect(await codesOf()).toEqual(EVERYBODYS);
  });

  test('and those of its tier, its segments and its birthday', async () => {
    await spend('anna', 1_000);
    await offers.db.superuser.query(
      `insert into member_segment (member_no, segment, from_day, until_day) values ($1, 'new', '2026-03-01', '2026-03-03')`,
      [noOf('anna')],
    );
    await offers.db.superuser.query(`update member set birthday = '03-03' where code = 'anna'`);
    expect(await codesOf()).toEqual(['base', 'five', 'golden', 'welcome', 'quarter', 'once', 'cake']);
    await offers.setToday('2026-03-04');
    expect(await codesOf()).toEqual(['base', 'five', 'golden', 'quarter', 'once']);
  });

  test('by its own clock on its birthday', async () => {
    await offers.db.superuser.query(
      `update member set birthday = '03-04', time_zone = 'Pacific/Kiritimati' where code = 'anna'`,
    );
    expect(await codesOf()).toEqual([...EVERYBODYS, 'cake']);
  });

  test('born on 29 February, in other years on 1 March', async () => {
    await offers.db.superuser.query(`update member set birthday = '02-29' where code = 'anna'`);
    await offers.setToday('2026-03-01');
    expect(await codesOf()).toEqual([...EVERYBODYS, 'cake']);
  });

  test('by the variant it was drawn into, and no other', async () => {
    const experiment = {
      code: 'spring',
      variants: [
        { code: 'all', weight: 1 },
        { code: 'none', weight: 1 },
      ],
    };
    const drawn = variantOf(experiment, offers.ids.get('anna') as string);
    const codes = (await offersOf('anna')).map(({ code }) => code);
    expect([codes.includes('tried'), codes.includes('held-out')]).toEqual([drawn === 'all', drawn === 'none']);
  });

  test('on their days', async () => {
    await offers.setToday('2026-06-01');
    expect((await offersOf('anna')).find(({ code }) => code === 'summer')).toMatchObject({
      from: '2026-06-01',
      until: '2026-08-31',
      personal: false,
    });
  });

  test('in words made from the rules', async () => {
    const all = await offersOf('anna');
    expect(all.find(({ code }) => code === 'base')).toMatchObject({
      name: 'Base',
      text: expect.stringContaining('1%'),
      needsActivation: false,
      activated: true,
      activationUntil: null,
      partners: [],
      budgets: [],
    });
    expect(all.find(({ code }) => code === 'five')?.text).toContain('5%');
  });

  test.each([
    ['bank', true],
    ['other-bank', true],
    ['admin', true],
    ['anna', true],
    ['shop', false],
    ['bert', false],
  ])('%s sees them: %s', async (who, sees) => {
    const { data } = await offers.ask(
      who,
      '{ member(code: "anna", programmeCode: "offers") { offers { code } choices { code } } }',
    );
    expect(data.member === null).toBe(!sees);
  });
});

test('what is left of a budget is seen, and never less than nothing', async () => {
  await spend('anna', 1_000);
  const left = async (): Promise<unknown> => (await offersOf('anna')).find(({ code }) => code === 'golden')?.budgets;
  const pot = { code: 'pot', measure: 'REWARD', max: '1000.00', until: '2026-12-31' };
  expect(await left()).toEqual([{ ...pot, remaining: '1000.00' }]);
  await offers.db.superuser.query(
    `insert into budget_counter (programme_no, code, period, used) values ($1, 'pot', '2026-01-01', 99925)`,
    [offers.programmeNo],
  );
  expect(await left()).toEqual([{ ...pot, remaining: '0.75' }]);
  await offers.db.superuser.query('update budget_counter set used = 100001');
  expect(await left()).toEqual([{ ...pot, remaining: '0.00' }]);
});

describe('activating', () => {
  const ACTIVATE = `mutation ($input: OfferActivateInput!) { offerActivate(input: $input) {
    offer { code needsActivation activated activationUntil } userErrors { code field message } } }`;
  const activating = (but: object = {}): { input: object } => ({ input: { offerCode: 'quarter', ...but } });

  test.each([
    ['by the member', 'anna', {}],
    ['by a bank through its card', 'bank', { member: { programmeCode: 'offers', cardToken: 'token-anna-bank' } }],
    ['by administrators', 'admin', anna],
  ])('%s, for the running quarter, once', async (_what, who, but) => {
    const first = await offers.ask(who, ACTIVATE, activating(but));
    expect(first.data.offerActivate).toEqual({
      offer: { code: 'quarter', needsActivation: true, activated: true, activationUntil: '2026-03-31' },
      userErrors: [],
    });
    const stored = await storedRows(offers);
    await offers.setToday('2026-03-09');
    await offers.ask(who, ACTIVATE, activating(but));
    expect(await storedRows(offers)).toEqual(stored);
    await offers.setToday('2026-04-01');
    expect((await offersOf('anna')).find(({ code }) => code === 'quarter')).toMatchObject({
      activated: false,
      activationUntil: '2026-06-30',
    });
  });

  test('once for ever', async () => {
    await spend('anna', 1_000);
    const { data } = await offers.ask('anna', ACTIVATE, activating({ offerCode: 'once' }));
    expect(data.offerActivate.offer).toEqual({
      code: 'once',
      needsActivation: true,
      activated: true,
      activationUntil: null,
    });
  });

  test.each([
    ['an unknown offer', 'anna', { offerCode: 'moon' }, 'UNKNOWN_OFFER', 'offerCode'],
    ['one that needs none', 'anna', { offerCode: 'base' }, 'NO_ACTIVATION_NEEDED', 'offerCode'],
    ['one for others', 'anna', { offerCode: 'once' }, 'NOT_FOR_THIS_MEMBER', 'offerCode'],
    ['nobody', 'bank', {}, 'MEMBER_NOT_EXACTLY_ONE', 'member'],
    ['a member that does not exist', 'admin', { member: { memberId: v7() } }, 'UNKNOWN_MEMBER', 'member'],
  ])('%s is refused, and nothing changed', async (_what, who, but, code, field) => {
    const before = await storedRows(offers);
    const { data } = await offers.ask(who, ACTIVATE, activating(but));
    expect(data.offerActivate).toEqual({
      offer: null,
      userErrors: [{ code, field, message: expect.stringMatching(/\.$/) }],
    });
    expect(await storedRows(offers)).toEqual(before);
  });

  test.each(['bert', 'shop'])('%s may not', async (who) => {
    const { errors } = await offers.ask(who, ACTIVATE, activating(anna));
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('ten times at once is once', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => offers.ask('anna', ACTIVATE, activating())));
    expect(all.flatMap(({ data }) => data.offerActivate.userErrors)).toEqual([]);
    const { rows } = await offers.db.superuser.query('select count(*)::int as count from member_activation');
    expect(rows).toEqual([{ count: 1 }]);
  });
});

describe('segments', () => {
  const SET = `mutation ($input: MemberSegmentSetInput!) { memberSegmentSet(input: $input) {
    member { code segments { segment from until } } userErrors { code field message } } }`;
  const set = (inSegment: boolean, but: object = {}) => ({ input: { ...anna, segment: 'new', inSegment, ...but } });
  const enter = (but: object = {}) => offers.ask('admin', SET, set(true, but));
  const leave = (but: object = {}) => offers.ask('admin', SET, set(false, but));
  const stretches = async (): Promise<string[]> =>
    (
      await offers.db.superuser.query(
        `select segment || ' ' || from_day || ' ' || coalesce(until_day::text, 'on') as text from member_segment order by 1`,
      )
    ).rows.map(({ text }) => text);

  test('from today on, to a day, from a later day, and out again', async () => {
    const { data } = await enter();
    expect(data.memberSegmentSet).toEqual({
      member: { code: 'anna', segments: [{ segment: 'new', from: '2026-03-03', until: null }] },
      userErrors: [],
    });
    await enter();
    expect(await stretches()).toEqual(['new 2026-03-03 on']);
    await offers.setToday('2026-03-10');
    await leave();
    expect(await stretches()).toEqual(['new 2026-03-03 2026-03-09']);
    await enter({ from: '2026-04-01', until: '2026-04-30' });
    expect(await stretches()).toEqual(['new 2026-03-03 2026-03-09', 'new 2026-04-01 2026-04-30']);
    await enter({ from: '2026-04-10', until: '2026-04-20' });
    expect(await stretches()).toEqual([
      'new 2026-03-03 2026-03-09',
      'new 2026-04-01 2026-04-09',
      'new 2026-04-10 2026-04-20',
    ]);
    await leave({ from: '2026-04-05' });
    expect(await stretches()).toEqual(['new 2026-03-03 2026-03-09', 'new 2026-04-01 2026-04-04']);
  });

  test('what decisions are told: every stretch with its days', async () => {
    await enter({ until: '2026-03-09' });
    await enter({ segment: 'vip', from: '2026-05-01' });
    const traits = await offers.db.database.command((tx) => loadTraits(tx, [noOf('anna'), noOf('bert'), 987_654]));
    expect([...traits.keys()].toSorted()).toEqual([noOf('anna'), noOf('bert')].toSorted());
    const { segments, ...rest } = traits.get(noOf('anna')) ?? {};
    expect(new Set(segments)).toEqual(
      new Set([
        { code: 'new', from: '2026-03-03', until: '2026-03-09' },
        { code: 'vip', from: '2026-05-01', until: undefined },
      ]),
    );
    expect(rest).toEqual({
      id: offers.ids.get('anna'),
      activations: [],
      choices: [],
      enrolledOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
    expect(traits.get(noOf('bert'))?.segments).toEqual([]);
  });

  test.each([
    ['a name that is no code', set(true, { segment: 'New families' }), 'MALFORMED_SEGMENT', 'segment'],
    ['yesterday', set(true, { from: '2026-03-02' }), 'SEGMENT_IN_THE_PAST', 'from'],
    ['leaving yesterday', set(false, { from: '2026-03-02' }), 'SEGMENT_IN_THE_PAST', 'from'],
    [
      'the end before the beginning',
      set(true, { from: '2026-04-02', until: '2026-04-01' }),
      'DAYS_OUT_OF_ORDER',
      'until',
    ],
  ])('%s is refused, and nothing changed', async (_what, variables, code, field) => {
    await enter();
    const before = await storedRows(offers);
    const { data } = await offers.ask('admin', SET, variables);
    expect(data.memberSegmentSet).toMatchObject({ member: null, userErrors: [{ code, field }] });
    expect(await storedRows(offers)).toEqual(before);
  });

  test.each([
    ['admin', true],
    ['operator', true],
    ['service', true],
    ['bank', true],
    ['other-bank', true],
    ['shop', false],
    ['anna', false],
    ['bert', false],
  ])('%s may set them: %s', async (who, maySet) => {
    const { errors } = await offers.ask(who, SET, set(true));
    expect(errors?.[0]?.extensions.code).toBe(maySet ? undefined : 'FORBIDDEN');
    expect(await stretches()).toHaveLength(maySet ? 1 : 0);
  });

  test('members see their offers, not the segments', async () => {
    await enter();
    const mine = await offers.ask('anna', '{ member { segments { segment } offers { code } } }');
    expect(mine.data.member.segments).toBeNull();
    expect(mine.data.member.offers).toContainEqual({ code: 'welcome' });
    const banks = await offers.ask(
      'bank',
      '{ member(code: "anna", programmeCode: "offers") { segments { segment } } }',
    );
    expect(banks.data.member.segments).toEqual([{ segment: 'new' }]);
  });
});

test('choices and offers of many members take as many reads as those of one', async () => {
  const screen = (first: number) => `{ members(programmeCode: "offers", first: ${first}) { nodes {
    choices { code advice { units } } offers { code budgets { remaining } } segments { segment } } } }`;
  await offers.ask('admin', screen(1));
  const one = await countReads(offers.db, () => offers.ask('admin', screen(1)));
  const three = await countReads(offers.db, () => offers.ask('admin', screen(3)));
  expect(one).toBeGreaterThan(3);
  expect(three).toBe(one);
});
