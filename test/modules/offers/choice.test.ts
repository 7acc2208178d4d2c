/** Choosing categories through the API: who may, when, what counts from which day, and what is kept. */
import { v7 } from 'uuid';
import { loadTraits } from '../../../src/modules/offers/index.js';
import { type Offers, openOffers, storedRows } from './offer-fixture.js';

let offers: Offers;
beforeAll(async () => {
  offers = await openOffers();
});
afterAll(() => offers.close());
beforeEach(async () => {
  await offers.db.superuser.query('truncate member_choice, command_key');
  await offers.setToday('2026-03-03');
});

const CHOOSE = `mutation ($input: CategoryChooseInput!) { categoryChoose(input: $input) {
  choice { code period locked isDefault chosen { code name } history { period locked chosenAt categories { code } } }
  userErrors { code field message }
} }`;

let keys = 0;
const choosing = (but: object = {}): { input: object } => {
  keys += 1;
  return { input: { choiceCode: 'monthly', categories: ['books', 'fuel'], idempotencyKey: `key-${keys}`, ...but } };
};
const anna = { member: { programmeCode: 'offers', memberCode: 'anna' } };

const MINE =
  '{ member { choices { code period until opensOn closesOn locked pick isDefault offered { code } chosen { code } } } }';
const codes = (categories: readonly { code: string }[]): string => categories.map(({ code }) => code).join(' ');

describe('what is shown', () => {
  test.each([
    ['the running periods', '2026-03-03', ['monthly 2026-03-01', 'quarterly 2026-01-01']],
    ['the day before the next opens', '2026-03-24', ['monthly 2026-03-01', 'quarterly 2026-01-01']],
    [
      'the day the next month opens',
      '2026-03-25',
      ['monthly 2026-03-01', 'quarterly 2026-01-01', 'monthly 2026-04-01'],
    ],
  ])('%s', async (_what, today, expected) => {
    await offers.setToday(today);
    const { data } = await offers.ask('anna', MINE);
    expect(
      data.member.choices.map((choice: { code: string; period: string }) => `${choice.code} ${choice.period}`),
    ).toEqual(expected);
  });

  test('with its days, what is offered and the default', async () => {
    const { data } = await offers.ask('anna', MINE);
    expect(data.member.choices[0]).toEqual({
      code: 'monthly',
      period: '2026-03-01',
      until: '2026-03-31',
      opensOn: '2026-02-22',
      closesOn: '2026-03-05',
      locked: false,
      pick: 2,
      isDefault: true,
      offered: [{ code: 'food' }, { code: 'fuel' }, { code: 'books' }, { code: 'travel' }],
      chosen: [{ code: 'food' }],
    });
    expect(data.member.choices[1].offered).toHaveLength(2);
  });

  test('closed when the last day is over', async () => {
    await offers.setToday('2026-03-06');
    const { data } = await offers.ask('anna', MINE);
    expect(data.member.choices[0]).toMatchObject({ locked: true, chosen: [{ code: 'food' }], isDefault: true });
  });
});

describe('who may choose', () => {
  test.each([
    ['the member itself', 'anna', {}],
    ['the member by its code', 'anna', anna],
    ['a bank by its card', 'bank', { member: { programmeCode: 'offers', cardToken: 'token-anna-bank' } }],
    ['another bank of the member', 'other-bank', anna],
    ['administrators', 'admin', anna],
    ['operators', 'operator', anna],
    ['services', 'service', anna],
  ])('%s', async (_what, who, but) => {
    const { data, errors } = await offers.ask(who, CHOOSE, choosing(but));
    expect(errors).toBeUndefined();
    expect(data.categoryChoose).toMatchObject({ userErrors: [], choice: { isDefault: false, locked: false } });
    expect(codes(data.categoryChoose.choice.chosen)).toBe('fuel books');
  });

  test.each([
    ['another member', 'bert', anna],
    ['a merchant', 'shop', anna],
    ['a bank without a card of the member', 'bank', { member: { programmeCode: 'offers', memberCode: 'bert' } }],
    ['a bank whose card is unlinked', 'bank', { member: { programmeCode: 'offers', memberCode: 'carl' } }],
    ['a member who names nobody that exists', 'anna', { member: { memberId: v7() } }],
  ])('not %s', async (_what, who, but) => {
    const before = await storedRows(offers);
    const { errors } = await offers.ask(who, CHOOSE, choosing(but));
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    expect(await storedRows(offers)).toEqual(before);
  });
});

describe('refused, and nothing changed', () => {
  test.each([
    ['nobody named', 'admin', {}, 'MEMBER_NOT_EXACTLY_ONE', 'member'],
    ['two named', 'admin', { member: { memberId: v7(), memberCode: 'anna' } }, 'MEMBER_NOT_EXACTLY_ONE', 'member'],
    [
      'a code without its programme',
      'admin',
      { member: { memberCode: 'anna' } },
      'UNKNOWN_PROGRAMME',
      'member.programmeCode',
    ],
    [
      'no such programme',
      'admin',
      { member: { programmeCode: 'x', memberCode: 'anna' } },
      'UNKNOWN_PROGRAMME',
      'member.programmeCode',
    ],
    ['no such member', 'admin', { member: { programmeCode: 'offers', memberCode: 'zoe' } }, 'UNKNOWN_MEMBER', 'member'],
    ['no such id', 'admin', { member: { memberId: 'anna' } }, 'UNKNOWN_MEMBER', 'member'],
    [
      'no such card',
      'bank',
      { member: { programmeCode: 'offers', cardToken: 'token-nobody' } },
      'UNKNOWN_MEMBER',
      'member',
    ],
    [
      'an unlinked card',
      'bank',
      { member: { programmeCode: 'offers', cardToken: 'token-carl-bank' } },
      'UNKNOWN_MEMBER',
      'member',
    ],
    ['an unknown choice', 'anna', { choiceCode: 'weekly' }, 'UNKNOWN_CHOICE', 'choiceCode'],
    ['before the programme', 'anna', { period: '2019-01-01' }, 'CHOICE_LOCKED', 'period'],
    ['after it closed', 'anna', { period: '2026-02-14' }, 'CHOICE_LOCKED', 'period'],
    ['before it opens', 'anna', { period: '2026-05-01' }, 'CHOICE_NOT_OPEN', 'period'],
    ['a category that is not offered', 'anna', { categories: ['fuel', 'moon'] }, 'CATEGORY_NOT_OFFERED', 'categories'],
    ['too many', 'anna', { categories: ['fuel', 'books', 'food'] }, 'TOO_MANY_PICKED', 'categories'],
    ['too few', 'anna', { categories: ['fuel'] }, 'TOO_FEW_PICKED', 'categories'],
    ['none', 'anna', { categories: [] }, 'TOO_FEW_PICKED', 'categories'],
    ['one twice', 'anna', { categories: ['fuel', 'fuel'] }, 'DUPLICATE_CATEGORY', 'categories'],
    ['an empty key', 'anna', { idempotencyKey: '' }, 'IDEMPOTENCY_KEY_MALFORMED', 'idempotencyKey'],
  ])('%s', async (_what, who, but, code, field) => {
    const before = await storedRows(offers);
    const { data, errors } = await offers.ask(who, CHOOSE, choosing(but));
    expect(errors).toBeUndefined();
    expect(data.categoryChoose).toEqual({
      choice: null,
      userErrors: [{ code, field, message: expect.stringMatching(/\.$/) }],
    });
    expect(await storedRows(offers)).toEqual(before);
  });

  test('a member who has left', async () => {
    await offers.db.superuser.query(`update member set status = 'CLOSED' where code = 'bert'`);
    const { data } = await offers.ask(
      'admin',
      CHOOSE,
      choosing({ member: { programmeCode: 'offers', memberCode: 'bert' } }),
    );
    await offers.db.superuser.query(`update member set status = 'ACTIVE' where code = 'bert'`);
    expect(data.categoryChoose.userErrors[0].code).toBe('MEMBER_CLOSED');
  });

  test('one day after the last', async () => {
    await offers.setToday('2026-03-05');
    expect((await offers.ask('anna', CHOOSE, choosing())).data.categoryChoose.userErrors).toEqual([]);
    await offers.setToday('2026-03-06');
    const before = await storedRows(offers);
    const again = await offers.ask('anna', CHOOSE, choosing({ period: '2026-03-01', categories: ['food', 'fuel'] }));
    expect(again.data.categoryChoose.userErrors[0].code).toBe('CHOICE_LOCKED');
    expect(await storedRows(offers)).toEqual(before);
  });

  test('a choice that the member has locked', async () => {
    const locked = await offers.ask('anna', CHOOSE, choosing({ lock: true }));
    expect(locked.data.categoryChoose.choice.locked).toBe(true);
    const before = await storedRows(offers);
    const { data } = await offers.ask('bank', CHOOSE, choosing({ ...anna, categories: ['food', 'fuel'] }));
    expect(data.categoryChoose.userErrors[0].code).toBe('CHOICE_LOCKED');
    expect(await storedRows(offers)).toEqual(before);
  });
});

describe('which period is meant', () => {
  test.each([
    ['the running one', '2026-03-03', '2026-03-01'],
    ['the running one while nothing else is open', '2026-03-10', undefined],
    ['the next one once it has opened', '2026-03-25', '2026-04-01'],
  ])('%s', async (_what, today, expected) => {
    await offers.setToday(today);
    const { data } = await offers.ask('anna', CHOOSE, choosing());
    expect(data.categoryChoose.choice?.period).toBe(expected);
  });

  test('any day of it names it', async () => {
    await offers.setToday('2026-03-25');
    const { data } = await offers.ask('anna', CHOOSE, choosing({ period: '2026-04-17' }));
    expect(data.categoryChoose.choice).toMatchObject({ period: '2026-04-01', isDefault: false });
    const { rows } = await offers.db.superuser.query('select period::text, chosen_on::text from member_choice');
    expect(rows).toEqual([{ period: '2026-04-01', chosen_on: '2026-03-25' }]);
  });
});

test('choosing again replaces, counts from its day on, and keeps the history', async () => {
  await offers.setToday('2026-03-02');
  await offers.ask('anna', CHOOSE, choosing());
  await offers.setToday('2026-03-04');
  const { data } = await offers.ask('anna', CHOOSE, choosing({ categories: ['travel', 'food'] }));
  expect(data.categoryChoose.choice).toMatchObject({
    chosen: [{ code: 'food', name: 'Food' }, { code: 'travel' }],
    history: [
      { period: '2026-03-01', locked: false, categories: [{ code: 'food' }, { code: 'travel' }] },
      { period: '2026-03-01', locked: false, categories: [{ code: 'fuel' }, { code: 'books' }] },
    ],
  });
  const no = offers.nos.get('anna') as number;
  const traits = await offers.db.database.command((tx) => loadTraits(tx, [no]));
  expect(traits.get(no)?.choices).toEqual([
    { choice: 'monthly', period: '2026-03-01', categories: ['fuel', 'books'], chosenOn: '2026-03-02' },
    { choice: 'monthly', period: '2026-03-01', categories: ['food', 'travel'], chosenOn: '2026-03-04' },
  ]);
});

describe('the same key', () => {
  test('gives the same answer, also when the choice has closed', async () => {
    const input = choosing();
    const first = await offers.ask('anna', CHOOSE, input);
    await offers.setToday('2026-03-20');
    const again = await offers.ask('anna', CHOOSE, input);
    expect(again.data.categoryChoose).toMatchObject({ userErrors: [], choice: { period: '2026-03-01', locked: true } });
    expect(again.data.categoryChoose.choice.history).toEqual(first.data.categoryChoose.choice.history);
  });

  test('for something else is a conflict that changes nothing', async () => {
    const { input } = choosing();
    await offers.ask('anna', CHOOSE, { input });
    const before = await storedRows(offers);
    const { data } = await offers.ask('anna', CHOOSE, { input: { ...input, categories: ['food', 'fuel'] } });
    expect(data.categoryChoose.userErrors[0].code).toBe('IDEMPOTENCY_KEY_CONFLICT');
    expect(await storedRows(offers)).toEqual(before);
  });

  test('of a refused choice stays free', async () => {
    const { input } = choosing({ categories: ['moon'] });
    await offers.ask('anna', CHOOSE, { input });
    const { data } = await offers.ask('anna', CHOOSE, { input: { ...input, categories: ['food', 'fuel'] } });
    expect(data.categoryChoose.userErrors).toEqual([]);
  });

  test('ten times at once chooses once, and ten keys for two sets end in one of them', async () => {
    const input = choosing();
    const same = await Promise.all(Array.from({ length: 10 }, () => offers.ask('anna', CHOOSE, input)));
    expect(same.flatMap(({ data }) => data.categoryChoose.userErrors)).toEqual([]);
    const versions = async (): Promise<number[]> =>
      (await offers.db.superuser.query('select version from member_choice order by version')).rows.map(
        ({ version }) => version,
      );
    expect(await versions()).toEqual([1]);
    const sets = [
      ['food', 'fuel'],
      ['books', 'travel'],
    ];
    const mixed = await Promise.all(
      Array.from({ length: 10 }, (_, index) => offers.ask('anna', CHOOSE, choosing({ categories: sets[index % 2] }))),
    );
    expect(mixed.flatMap(({ data }) => data.categoryChoose.userErrors)).toEqual([]);
    const made = await versions();
    expect(made).toEqual(made.map((_, index) => index + 1));
    expect(made.length).toBeGreaterThan(2);
  });
});

test('the same set again, in another order, is the same choice', async () => {
  await offers.ask('anna', CHOOSE, choosing());
  const before = await storedRows(offers);
  await offers.ask('anna', CHOOSE, choosing({ categories: ['fuel', 'books'] }));
  expect(await storedRows(offers)).toEqual(before);
});

test('what was chosen is never changed in place, not by the writer either', async () => {
  await offers.ask('anna', CHOOSE, choosing());
  const work = (text: string) => offers.db.database.pool.query(text);
  await expect(work(`update member_choice set locked = true`)).rejects.toThrow('permission denied');
  await expect(work('delete from member_choice')).rejects.toThrow('permission denied');
});
