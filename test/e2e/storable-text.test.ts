/** What no column holds is the mistake of the one who sends it, and disturbs nobody else in the same batch. */
import { euros, openSpending, PROGRAMME, type Spending } from './spending.js';

let shop: Spending;
beforeAll(async () => {
  shop = await openSpending();
  await shop.member('xia');
});
afterAll(() => shop.close());

const SUBMIT =
  'mutation ($input: TransactionSubmitInput!) { transactionSubmit(input: $input) { transaction { id } userErrors { code } } }';
const submit = (reference: string, more: object = {}) => {
  const transaction = {
    ...{ kind: 'PURCHASE', reference, payer: { memberCode: 'xia' }, amount: euros('1.00'), merchantId: 'MID-M1' },
    ...{ occurredAt: '2026-02-20T12:00:00Z', ...more },
  };
  const variables = { input: { programmeCode: PROGRAMME, partnerCode: 'm1', transaction } };
  return shop.edge.ask(SUBMIT, { token: shop.admin, variables });
};

it.each<[string, string]>([
  ['U+0000', 'a\u0000b'],
  ['half of a pair', 'a\ud800b'],
])('%s in a reference or a descriptor', async (_what, text) => {
  const answers = await Promise.all([
    submit(`before-${_what}`),
    submit(text),
    submit(`descriptor-${_what}`, { descriptor: text }),
    submit(`after-${_what}`),
  ]);
  const codes = answers.map(({ errors, data }) => errors?.[0]?.extensions.code ?? data.transactionSubmit.userErrors);
  expect(codes).toEqual([[], 'BAD_USER_INPUT', 'BAD_USER_INPUT', []]);
});

it('written into the document itself', async () => {
  const { errors } = await shop.edge.ask('{ partner(code: "m\\u0000") { id } }', { token: shop.admin });
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  const fine = await shop.edge.ask('{ partner(code: "m\\u00e9\\ud83d\\ude00") { id } }', { token: shop.admin });
  expect(fine.errors).toBeUndefined();
});
