/**
 * A bank's app and its member, through the whole gateway over HTTP: choosing and activating change what purchases
 * earn from that day on, and one query shows the whole screen.
 */
import { savedOperations } from '../../../src/api/playground/operation.js';
import { MemberScreen } from '../../../src/client/operations.js';
import { HOME_SCREEN } from '../../bench/requests.js';
import { type Gateway, openGateway, setUp, takeIn } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { countReads } from '../../support/module-fixture.js';

const YAML = `
programme: bank-app
name: The bank app
effectiveFrom: 2026-01-01
currency: EUR
timeZone: Europe/Berlin
unit: { code: BONUS, scale: 2, worth: 1 }
holdDays: 14
rounding: FLOOR
categories:
  food: { name: Food, mcc: ["5411"] }
  fuel: { name: Fuel, mcc: ["5541"] }
  books: { name: Books, mcc: ["5942"] }
  travel: { name: Travel, mcc: ["4511"] }
choices:
  monthly: { name: Two a month, offered: [food, fuel, books, travel], pick: 2, per: month, opensDaysBefore: 7, closesOnDay: 5, default: [] }
tiers:
  rollingDays: 365
  levels:
    - { code: basic, name: Basic, from: 0 }
    - { code: gold, name: Gold, from: 1000, benefits: [{ code: lounge, name: Lounge }] }
rules:
  - { code: base, name: Base, funding: ISSUER, rate: 1% }
  - { code: five, name: Five of the month, funding: ISSUER, rate: 5%, when: { chosen: monthly } }
  - { code: spring, name: Spring, funding: PROGRAMME, rate: 2%, when: { activation: { per: quarter }, categories: [food], from: 2026-01-01, until: 2026-05-31 } }
  - { code: golden, name: For gold, funding: ISSUER, rate: 1%, when: { tiers: [gold] } }
budgets:
  - { code: spring-pot, max: 1000, rules: [spring], from: 2026-01-01, until: 2026-05-31 }
`;

let gateway: Gateway;
let bank: string;
let anna: string;

beforeAll(async () => {
  gateway = await openGateway();
  await gateway.db.superuser.query(`select hansa_set_clock('2026-01-01T08:00:00Z'::timestamptz - now())`);
  await setUp(gateway, YAML, 'bank-app', [{ code: 'bank', role: 'BANK' }]);
  await takeIn(gateway, 'bank-app', 'anna', { token: 'token-anna-0001', issuerCode: 'bank' });
  bank = await gateway.edge.token({ principal: 'PARTNER', partner: 'bank' });
  anna = await gateway.edge.token({ principal: 'MEMBER', member: 'anna' });
});
afterAll(() => gateway.close());

const setToday = (day: string): Promise<unknown> =>
  gateway.db.superuser.query('select hansa_set_clock($1::timestamptz - now())', [`${day}T12:00:00Z`]);

let references = 0;
const submit = async (transaction: object): Promise<{ rule: string; unitsLeft: string }[]> => {
  const data = await gateway.ask(
    bank,
    `mutation ($input: TransactionSubmitInput!) { transactionSubmit(input: $input) {
       transaction { accruals { rule unitsLeft } } userErrors { code message } } }`,
    { input: { programmeCode: 'bank-app', transaction: { payer: { cardToken: 'token-anna-0001' }, ...transaction } } },
  );
  expect(data.transactionSubmit.userErrors).toEqual([]);
  return data.transactionSubmit.transaction.accruals;
};
/** What a purchase earns, as "rule units". */
const buy = async (day: string, mcc: string, amount: string): Promise<{ reference: string; earned: string[] }> => {
  references += 1;
  const reference = `purchase-${references}`;
  const accruals = await submit({
    kind: 'PURCHASE',
    reference,
    amount: { amount, currencyCode: 'EUR' },
    occurredAt: `${day}T10:00:00Z`,
    mcc,
  });
  return { reference, earned: accruals.map(({ rule, unitsLeft }) => `${rule} ${unitsLeft}`).sort() };
};

const [FOOD, FUEL, BOOKS] = ['5411', '5541', '5942'];
const choose = (token: string, categories: readonly string[], idempotencyKey: string): Promise<unknown> =>
  gateway.ask(
    token,
    `mutation ($input: CategoryChooseInput!) { categoryChoose(input: $input) {
       choice { chosen { code } } userErrors { code } } }`,
    {
      input: {
        member: { programmeCode: 'bank-app', cardToken: 'token-anna-0001' },
        choiceCode: 'monthly',
        categories,
        idempotencyKey,
      },
    },
  );

test('what a member decides counts from its day on, and one query shows all of it', async () => {
  await setToday('2026-02-10');
  expect((await buy('2026-02-10', FUEL, '100.00')).earned).toEqual(['base 1.00']);

  await setToday('2026-03-03');
  await choose(bank, ['books', 'fuel'], 'march');
  expect((await buy('2026-03-02', BOOKS, '50.00')).earned).toEqual(['base 0.50']);
  const books = await buy('2026-03-03', BOOKS, '50.00');
  expect(books.earned).toEqual(['base 0.50', 'five 2.50']);
  expect((await buy('2026-03-03', FOOD, '10.00')).earned).toEqual(['base 0.10']);

  await gateway.ask(anna, 'mutation { offerActivate(input: { offerCode: "spring" }) { userErrors { code } } }');
  expect((await buy('2026-03-02', FOOD, '100.00')).earned).toEqual(['base 1.00']);
  expect((await buy('2026-03-03', FOOD, '100.00')).earned).toEqual(['base 1.00', 'spring 2.00']);

  await setToday('2026-03-04');
  await choose(anna, ['food', 'travel'], 'march, again');
  expect((await buy('2026-03-04', BOOKS, '20.00')).earned).toEqual(['base 0.20']);
  expect((await buy('2026-03-04', FOOD, '20.00')).earned).toEqual(['base 0.20', 'five 1.00', 'spring 0.40']);

  // By what was chosen on the day of the purchase, whatever is chosen now.
  const kept = await submit({
    kind: 'REFUND',
    reference: 'half-of-the-books',
    refundOf: books.reference,
    amount: { amount: '25.00', currencyCode: 'EUR' },
    occurredAt: '2026-03-04T11:00:00Z',
  });
  expect(kept.map(({ rule, unitsLeft }) => `${rule} ${unitsLeft}`).sort()).toEqual(['base 0.25', 'five 1.25']);

  const operation = (await savedOperations()).find(({ title }) => title === 'Bank app: the whole screen');
  const variables = { programme: 'bank-app', code: 'anna' };
  const { member } = await gateway.ask(bank, operation?.query ?? '', variables);
  expect((await gateway.ask(anna, operation?.query ?? '', variables)).member).toEqual(member);
  expect(member).toMatchObject({
    code: 'anna',
    // 1.00 + 0.50 + 1.50 + 0.10 + 1.00 + 3.00 + 0.20 + 1.60
    balance: { pending: '8.90', available: '0.00', unitCode: 'BONUS' },
    tier: { name: 'Basic', next: { name: 'Gold', missing: '575.00' } },
    choices: [
      {
        code: 'monthly',
        period: '2026-03-01',
        closesOn: '2026-03-05',
        locked: false,
        pick: 2,
        isDefault: false,
        chosen: [
          { code: 'food', name: 'Food' },
          { code: 'travel', name: 'Travel' },
        ],
        // 5 % of 230.00, 100.00, 95.00 and nothing
        advice: [
          { category: { code: 'food' }, units: '11.50', recommended: true },
          { category: { code: 'fuel' }, units: '5.00', recommended: true },
          { category: { code: 'books' }, units: '4.75', recommended: false },
          { category: { code: 'travel' }, units: '0.00', recommended: false },
        ],
      },
    ],
    offers: [
      { code: 'base', needsActivation: false, activated: true, personal: false, budgets: [] },
      { code: 'five' },
      {
        code: 'spring',
        until: '2026-05-31',
        needsActivation: true,
        activated: true,
        // 2.00 and 0.40 are given.
        budgets: [{ max: '1000.00', remaining: '997.60' }],
      },
    ],
  });
  expect(member.transactions.nodes).toHaveLength(8);
  await expectSoundLedger(gateway.db);
});

test('a tier that is reached brings its offers, and the forecast says so before', async () => {
  await buy('2026-03-04', FUEL, '600.00');
  const { member } = await gateway.ask(anna, '{ member { tier { name benefits { name } } offers { code personal } } }');
  expect(member.tier).toEqual({ name: 'Gold', benefits: [{ name: 'Lounge' }] });
  expect(member.offers).toContainEqual({ code: 'golden', personal: true });
  expect((await buy('2026-03-04', FUEL, '10.00')).earned).toEqual(['base 0.10', 'golden 0.10']);
  await expectSoundLedger(gateway.db);
});

test('a screen is two statements, with its purchases three, for the member and for its bank', async () => {
  const screens = [
    { document: HOME_SCREEN, variables: { programme: 'bank-app', code: 'anna' }, most: 2 },
    { document: MemberScreen.text, variables: { programmeCode: 'bank-app', code: 'anna' }, most: 3 },
  ];
  for (const { document, variables, most } of screens) {
    for (const token of [anna, bank]) {
      let shown: { member?: unknown } = {};
      const statements = await countReads(gateway.db, async () => {
        shown = await gateway.ask(token, document, variables);
      });
      expect(shown.member).toMatchObject({ code: 'anna', balance: { unitCode: 'BONUS' } });
      expect(statements).toBe(most);
    }
  }
});
