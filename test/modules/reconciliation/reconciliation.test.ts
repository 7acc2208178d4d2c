/** A partner's own list against ours, over HTTP: the exact difference, and named errors that leave nothing behind. */
import { type Gateway, openGateway } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { makeCoalition, purchase, refund } from '../../support/coalition.js';

let gateway: Gateway;
let bank: string;
let keys = 0;

beforeAll(async () => {
  gateway = await openGateway();
  const coalition = await makeCoalition(gateway.db);
  await coalition.submit(
    purchase({ reference: 'r-1', amountMinor: 1_000n }),
    purchase({ reference: 'r-2', amountMinor: 2_000n }),
    purchase({ reference: 'r-3', amountMinor: 123_450n }),
    purchase({ reference: 'r-4', amountMinor: 4_000n, businessDate: '2026-04-01' }),
    refund({ reference: 'r-5', refundOf: 'r-2', amountMinor: 500n }),
    purchase({ reference: 's-1', partnerCode: 'shop', payer: { memberCode: 'b' }, amountMinor: 700n }),
  );
  bank = await gateway.edge.token({ principal: 'PARTNER', partner: 'bank' });
});
afterAll(() => gateway.close());

const FIELDS = `reconciliation { id sha256 givenCount hereCount matchedCount given { amount } here { amount } csv
    differences { nodes { kind reference message row given { amount } here { amount } transaction { id } } } }
  userErrors { code field message }`;
const MARCH = { from: '2026-03-01', until: '2026-03-31' };
const COLUMNS = { reference: 'Order', amount: 'Total' };

// biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
async function run(but: object, token = bank): Promise<any> {
  keys += 1;
  const input = {
    programmeCode: 'coalition-test',
    partnerCode: 'bank',
    transactions: MARCH,
    idempotencyKey: `k-${keys}`,
    ...but,
  };
  const answer = await gateway.ask(
    token,
    `mutation ($input: ReconciliationRunInput!) { reconciliationRun(input: $input) { ${FIELDS} } }`,
    { input },
  );
  return answer.reconciliationRun;
}
const file = (text: string, but: object = {}) => ({ file: { text, columns: COLUMNS, ...but } });

it('answers with the exact difference, each with the transaction behind it', async () => {
  const text = [
    'Order;Total;Note',
    'r-1;10,00;',
    'r-2;"20,01";',
    'r-4;40,00;',
    'r-5;-5,00;',
    'r-9;1.000,00;',
    'r-1;10,00;',
  ];
  const { reconciliation, userErrors } = await run(
    file(`\ufeff${text.join('\n')}`, { delimiter: ';', decimalSeparator: ',' }),
  );
  expect(userErrors).toEqual([]);
  expect(reconciliation).toMatchObject({ givenCount: 6, hereCount: 5, matchedCount: 3, here: { amount: '1309.50' } });
  const known = { transaction: { id: expect.any(String) }, message: 'PURCHASE' };
  expect(reconciliation.differences.nodes).toEqual([
    {
      ...known,
      kind: 'DIFFERENT_AMOUNT',
      reference: 'r-2',
      row: 2,
      given: { amount: '20.01' },
      here: { amount: '20.00' },
    },
    {
      ...known,
      kind: 'MISSING_HERE',
      reference: 'r-9',
      row: 5,
      given: { amount: '1000.00' },
      here: null,
      transaction: null,
    },
    { ...known, kind: 'REPEATED', reference: 'r-1', row: 6, given: { amount: '10.00' }, here: { amount: '10.00' } },
    { ...known, kind: 'MISSING_THERE', reference: 'r-3', row: null, given: null, here: { amount: '1234.50' } },
  ]);
  expect(reconciliation.csv.split('\r\n')).toHaveLength(6);
  expect(reconciliation.csv).toContain('MISSING_HERE,PURCHASE,r-9,5,1000.00,,GBP,,\r\n');
});

it('takes kinds by the words of the file, and rows one by one', async () => {
  const kinds = [
    { word: 'sale', kind: 'PURCHASE' },
    { word: 'return', kind: 'REFUND' },
  ];
  const text =
    'Order,Type,Total,Whose\nr-1,sale,10.00,bank\nr-2,sale,20,bank\nr-3,sale,"1,234.50",bank\nr-5,return,5.00,bank\n';
  const byFile = await run(file(text, { columns: { ...COLUMNS, kind: 'Type', partner: 'Whose' }, kinds }));
  const rows = [
    { reference: 'r-1', amount: '10.00' },
    { reference: 'r-2', amount: '20.00' },
    { reference: 'r-3', amount: '1234.50' },
    { reference: 'r-5', kind: 'REFUND', amount: '5.00' },
  ];
  const byRow = await run({ rows });
  for (const { reconciliation } of [byFile, byRow])
    expect(reconciliation).toMatchObject({ matchedCount: 4, hereCount: 4, differences: { nodes: [] } });
});

it('lacks everything when the list is empty', async () => {
  const { reconciliation } = await run({ rows: [] });
  expect(reconciliation).toMatchObject({ givenCount: 0, hereCount: 4, matchedCount: 0 });
  expect(reconciliation.differences.nodes).toHaveLength(4);
});

it.each<[string, object, string, string | null]>([
  [
    'neither transactions nor a settlement',
    { transactions: null, rows: [] },
    'NOT_EXACTLY_ONE_SUBJECT',
    'transactions',
  ],
  ['neither file nor rows', {}, 'NOT_EXACTLY_ONE_LIST', 'rows'],
  ['both', { ...file('Order,Total\n'), rows: [] }, 'NOT_EXACTLY_ONE_LIST', 'rows'],
  ['an unknown programme', { programmeCode: 'nowhere', rows: [] }, 'UNKNOWN_PROGRAMME', 'programmeCode'],
  [
    'a period that ends first',
    { transactions: { from: '2026-03-02', until: '2026-03-01' }, rows: [] },
    'MALFORMED_PERIOD',
    'transactions',
  ],
  [
    'a period of years',
    { transactions: { from: '2020-03-02', until: '2026-03-01' }, rows: [] },
    'MALFORMED_PERIOD',
    'transactions',
  ],
  ['a quote that is never closed', file('Order,Total\n"r-1,10'), 'MALFORMED_FILE', 'file.text'],
  ['a file without the column', file('Order,Sum\nr-1,10'), 'COLUMN_MISSING', 'file.columns.amount'],
  ['a column twice', file('Order,Total,Total\nr-1,10,10'), 'COLUMN_MISSING', 'file.columns.amount'],
  ['a row without a reference', file('Order,Total\nr-1,10.00\n ,1.00'), 'MALFORMED_ROW', 'rows[1]'],
  ['an amount that is none', file('Order,Total\nr-1,ten'), 'MALFORMED_ROW', 'rows[0]'],
  ['too many decimals', file('Order,Total\nr-1,10.005'), 'MALFORMED_ROW', 'rows[0]'],
  [
    'an unknown word',
    file('Order,Total,Type\nr-1,1,gift', { columns: { ...COLUMNS, kind: 'Type' }, kinds: [] }),
    'UNKNOWN_WORD',
    'file.kinds',
  ],
  [
    'a file that names another partner',
    file('Order,Total,Whose\nr-1,10.00,shop', { columns: { ...COLUMNS, partner: 'Whose' } }),
    'FILE_OF_ANOTHER_PARTNER',
    'file.text',
  ],
  [
    'a file with nothing but rows of another partner',
    file('Order,Total\ns-1,7.00\nq-1,1.00'),
    'FILE_OF_ANOTHER_PARTNER',
    'file.text',
  ],
  ['too many rows', file(`Order,Total\n${'r-1,1\n'.repeat(50_001)}`), 'LIST_TOO_LONG', 'rows'],
  ['no key', { rows: [], idempotencyKey: '' }, 'IDEMPOTENCY_KEY_MALFORMED', 'idempotencyKey'],
])('refuses %s, and keeps nothing', async (_what, but, code, field) => {
  const count = async () =>
    (
      await gateway.db.superuser.query(
        'select (select count(*) from reconciliation) as runs, (select count(*) from reconciliation_difference) as lines',
      )
    ).rows;
  const before = await count();
  const { reconciliation, userErrors } = await run(but);
  expect(reconciliation).toBeNull();
  expect(userErrors).toMatchObject([{ code, field }]);
  expect(await count()).toEqual(before);
});

it('compares with every entry behind a statement, each with what caused it', async () => {
  const command = '(input: { programmeCode: "coalition-test", idempotencyKey: "s" })';
  await gateway.ask(
    gateway.admin,
    'mutation { accrualsConfirm(input: { programmeCode: "coalition-test" }) { confirmed } }',
  );
  await gateway.ask(
    gateway.admin,
    'mutation { refund: transactionSubmit(input: { partnerCode: "bank", transaction: { kind: REFUND, reference: "r-6", refundOf: "r-1", payer: { cardToken: "token-a-0001" }, amount: { amount: "10.00", currencyCode: "GBP" }, occurredAt: "2026-04-02T12:00:00Z" } }) { userErrors { message } } }',
  );
  await gateway.ask(gateway.admin, `mutation { settlementWindowClose${command} { userErrors { code } } }`);
  const issued = await gateway.ask(
    gateway.admin,
    `mutation { settlementIssue${command.replace('"s"', '"i"')} { settlement { id lines { partner { code } net { amount } entries { nodes { number amount { amount } } } } } } }`,
  );
  const { id: settlementId, lines } = issued.settlementIssue.settlement;
  interface Row {
    readonly number: string;
    readonly amount: { readonly amount: string };
  }
  const entriesOf = (code: string): Row[] =>
    lines
      .find((line: { partner: { code: string } }) => line.partner?.code === code)
      .entries.nodes.filter((row: Row) => row.amount.amount !== '0.00');
  const csv = (rows: readonly Row[]) =>
    ['Order,Total', ...rows.map(({ number, amount }) => `${number},${amount.amount}`)].join('\n');
  const subject = { transactions: null, settlementId };
  const mine = entriesOf('bank');
  expect(mine.length).toBeGreaterThan(1);
  const equal = (await run({ ...subject, ...file(csv(mine)) })).reconciliation;
  expect(equal).toMatchObject({ matchedCount: mine.length, hereCount: mine.length, differences: { nodes: [] } });
  const [first, last] = [mine[0] as Row, mine.at(-1) as Row];
  const different = await run({ ...subject, ...file(csv([{ ...first, amount: { amount: '0.01' } }])) });
  const refunded = { transaction: { id: expect.any(String) }, here: last.amount, given: null };
  expect(different.reconciliation.differences.nodes).toMatchObject([
    { kind: 'DIFFERENT_AMOUNT', reference: first.number, message: null, given: { amount: '0.01' }, here: first.amount },
    ...mine.slice(1, -1).map(({ number }) => ({ kind: 'MISSING_THERE', reference: number })),
    { kind: 'MISSING_THERE', reference: last.number, ...refunded },
  ]);
  const ofShop = entriesOf('shop').filter(({ number }) => !mine.some((row) => row.number === number));
  expect(ofShop).toHaveLength(1);
  expect((await run({ ...subject, ...file(csv(ofShop)) })).userErrors).toMatchObject([
    { code: 'FILE_OF_ANOTHER_PARTNER' },
  ]);
  expect((await run({ ...subject, settlementId: 'nowhere', rows: [] })).userErrors).toMatchObject([
    { code: 'UNKNOWN_SETTLEMENT' },
  ]);
});

it('is each partner’s own: another one neither runs nor reads it', async () => {
  const { reconciliation } = await run({ rows: [{ reference: 'r-1', amount: '10.00' }], idempotencyKey: 'same' });
  const again = await run({ rows: [{ reference: 'r-1', amount: '10.00' }], idempotencyKey: 'same' });
  expect(again.reconciliation.id).toBe(reconciliation.id);
  const shop = await gateway.edge.token({ principal: 'PARTNER', partner: 'shop' });
  await expect(run({ rows: [] }, shop)).rejects.toThrow('FORBIDDEN');
  const query = `{ reconciliation(id: "${reconciliation.id}") { id } reconciliations { nodes { id } } }`;
  expect(await gateway.ask(shop, query)).toEqual({ reconciliation: null, reconciliations: { nodes: [] } });
  const seen = await gateway.ask(
    bank,
    `{ reconciliations(first: 1, partnerCode: "bank") { nodes { partner { code } programme { code } } } }`,
  );
  expect(seen.reconciliations.nodes).toEqual([{ partner: { code: 'bank' }, programme: { code: 'coalition-test' } }]);
  await expectSoundLedger(gateway.db);
});
