/** Advice over the API: on stored purchases, as far as the caller may see them. */
import { v7 } from 'uuid';
import { type Offers, openOffers } from './offer-fixture.js';

let offers: Offers;
beforeAll(async () => {
  offers = await openOffers();
  await offers.setToday('2026-03-25');
  await bought('2026-01-10', 'fuel', 10_000);
  await bought('2026-02-10', 'books', 6_000, { refunded: 2_000 });
  await bought('2026-03-10', 'travel', 3_000, { issuer: 'other-bank' });
  await bought('2026-03-11', 'food', 50_000, { refunded: 50_000 });
  await bought('2026-03-12', 'UNCATEGORISED', 90_000);
  await bought('2025-11-30', 'food', 70_000);
});
afterAll(() => offers.close());

const bought = async (
  day: string,
  category: string,
  amount: number,
  { refunded = 0, issuer = 'bank' }: { refunded?: number; issuer?: string } = {},
): Promise<void> => {
  const { rows } = await offers.db.superuser.query<{ no: number }>('select no from partner where code = $1', [issuer]);
  const no = rows[0]?.no;
  await offers.db.superuser.query(
    `insert into transaction (id, member_no, programme_no, kind, card_id, submitter_no, category_code, amount_minor,
       refunded_minor, occurred_at, business_date, recorded_at, facts, explanation_digest)
     values ($1, $2, $3, 'PURCHASE', $4, $5::int, $6, $7, $8, $9::date, $9::date, now(),
             jsonb_build_object('v', 1, 'r', 2, 't', 'basic', 's', '0', 'i', $5::int), '')`,
    [
      v7(),
      offers.nos.get('anna'),
      offers.programmeNo,
      offers.cardIds.get(`token-anna-${issuer}`),
      no,
      category,
      amount,
      refunded,
      day,
    ],
  );
};

const advised = async (who: string, period: string, months?: number): Promise<string> => {
  const { data, errors } = await offers.ask(
    who,
    `query ($months: Int) { member(code: "anna", programmeCode: "offers") {
       choices { code period advice(months: $months) { category { code name } units recommended } } } }`,
    { months },
  );
  if (errors) return errors[0]?.extensions.code as string;
  const choice = data.member.choices.find(
    (each: { code: string; period: string }) => each.code === 'monthly' && each.period === period,
  );
  return choice.advice
    .map(
      ({ category, units, recommended }: { category: { code: string }; units: string; recommended: boolean }) =>
        `${category.code} ${units}${recommended ? '!' : ''}`,
    )
    .join(', ');
};

test.each([
  [
    'three months unless asked otherwise',
    'anna',
    '2026-04-01',
    undefined,
    'fuel 5.00!, books 2.00!, travel 1.50, food 0.00',
  ],
  ['for the running period too', 'anna', '2026-03-01', undefined, 'fuel 5.00!, books 2.00!, travel 1.50, food 0.00'],
  ['one month', 'anna', '2026-04-01', 1, 'books 2.00!, travel 1.50!, food 0.00, fuel 0.00'],
  ['six months', 'anna', '2026-04-01', 6, 'food 35.00!, fuel 5.00!, books 2.00, travel 1.50'],
  [
    'a bank goes by the purchases with its own cards',
    'bank',
    '2026-04-01',
    undefined,
    'fuel 5.00!, books 2.00!, food 0.00, travel 0.00',
  ],
  [
    'the other bank by its own',
    'other-bank',
    '2026-04-01',
    undefined,
    'travel 1.50!, food 0.00!, fuel 0.00, books 0.00',
  ],
  ['an administrator by all', 'admin', '2026-04-01', undefined, 'fuel 5.00!, books 2.00!, travel 1.50, food 0.00'],
  ['no month at all', 'anna', '2026-04-01', 0, 'BAD_USER_INPUT'],
  ['too many', 'anna', '2026-04-01', 13, 'BAD_USER_INPUT'],
])('%s', async (_what, who, period, months, expected) => {
  expect(await advised(who, period, months)).toBe(expected);
});

test('what is in force now changes no advice', async () => {
  await offers.db.superuser.query(
    `insert into member_choice (member_no, choice_code, period, version, categories, locked, chosen_at, chosen_on)
     values ($1, 'monthly', '2026-02-01', 1, '{books,fuel}', false, now(), '2026-02-01')`,
    [offers.nos.get('anna')],
  );
  expect(await advised('anna', '2026-04-01')).toBe('fuel 5.00!, books 2.00!, travel 1.50, food 0.00');
});
