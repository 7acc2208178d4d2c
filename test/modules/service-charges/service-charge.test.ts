/** Partners' invoices over HTTP: recorded once, owed with the next statement, refused by name. */
import { type Gateway, openGateway } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { makeCoalition } from '../../support/coalition.js';

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
  await makeCoalition(gateway.db);
});
afterEach(async () => {
  await expectSoundLedger(gateway.db);
  await gateway.close();
});

const gbp = (amount: string) => ({ amount, currencyCode: 'GBP' });
const INVOICE = {
  programmeCode: 'coalition-test',
  partnerCode: 'shop',
  invoiceNumber: 'R-2026-17',
  invoicedOn: '2026-03-31',
  net: gbp('60.00'),
  taxCode: 'VAT-20',
  tax: gbp('12.00'),
  idempotencyKey: 'first',
};

async function record(but: object = {}) {
  const { serviceChargeRecord } = await gateway.ask(
    gateway.admin,
    `mutation ($input: ServiceChargeRecordInput!) { serviceChargeRecord(input: $input) {
       serviceCharge { id invoiceNumber net { amount } tax { amount } partner { code } } userErrors { code field } } }`,
    { input: { ...INVOICE, ...but } },
  );
  return serviceChargeRecord;
}
const numbers = async (): Promise<string[]> => {
  const { serviceCharges } = await gateway.ask(
    gateway.admin,
    '{ serviceCharges(programmeCode: "coalition-test") { nodes { invoiceNumber } } }',
  );
  return serviceCharges.nodes.map(({ invoiceNumber }: { invoiceNumber: string }) => invoiceNumber);
};

test('the tax is owed to the partner with its next statement; the same key is one invoice', async () => {
  const first = await record();
  expect(first).toMatchObject({
    serviceCharge: {
      invoiceNumber: 'R-2026-17',
      net: { amount: '60.00' },
      tax: { amount: '12.00' },
      partner: { code: 'shop' },
    },
    userErrors: [],
  });
  expect(await record()).toEqual(first);
  expect(await numbers()).toEqual(['R-2026-17']);
  const run = { programmeCode: 'coalition-test', idempotencyKey: 'run' };
  await gateway.ask(
    gateway.admin,
    'mutation ($input: SettlementWindowCloseInput!) { settlementWindowClose(input: $input) { userErrors { code } } }',
    { input: run },
  );
  const { settlementIssue } = await gateway.ask(
    gateway.admin,
    `mutation ($input: SettlementIssueInput!) { settlementIssue(input: $input) {
       settlement { lines { partner { code } net { amount } } } userErrors { code } } }`,
    { input: { ...run, idempotencyKey: 'issue' } },
  );
  expect(settlementIssue.settlement.lines).toEqual([
    { partner: { code: 'shop' }, net: { amount: '-12.00' } },
    { partner: null, net: { amount: '12.00' } },
  ]);
});

test.each([
  [{ programmeCode: 'nowhere' }, 'UNKNOWN_PROGRAMME', 'programmeCode'],
  [{ partnerCode: 'nobody' }, 'UNKNOWN_PARTNER', 'partnerCode'],
  [{ invoiceNumber: ' ' }, 'INVOICE_NUMBER_MALFORMED', 'invoiceNumber'],
  [{ invoiceNumber: 'x'.repeat(101) }, 'INVOICE_NUMBER_MALFORMED', 'invoiceNumber'],
  [{ invoicedOn: '2999-01-01' }, 'INVOICED_IN_FUTURE', 'invoicedOn'],
  [{ net: gbp('0.00') }, 'NET_NOT_POSITIVE', 'net'],
  [{ taxCode: '' }, 'TAX_CODE_MALFORMED', 'taxCode'],
  [{ tax: gbp('0.00') }, 'TAX_OUT_OF_RANGE', 'tax'],
  [{ tax: gbp('60.01') }, 'TAX_OUT_OF_RANGE', 'tax'],
  [{ tax: { amount: '1.00', currencyCode: 'EUR' } }, 'CURRENCY_MISMATCH', 'tax.currencyCode'],
  [{ net: gbp('1.001') }, 'TOO_MANY_DECIMALS', 'net.amount'],
  [{ idempotencyKey: '' }, 'IDEMPOTENCY_KEY_MALFORMED', 'idempotencyKey'],
])('%j is refused, and nothing is recorded', async (but, code, field) => {
  expect((await record(but)).userErrors).toEqual([{ code, field }]);
  expect(await numbers()).toEqual([]);
});

test('an invoice is recorded once, whoever sends it again', async () => {
  await record();
  const again = await Promise.all([record({ idempotencyKey: 'second' }), record({ idempotencyKey: 'third' })]);
  for (const { userErrors } of again) expect(userErrors).toEqual([{ code: 'INVOICE_KNOWN', field: 'invoiceNumber' }]);
  expect((await record({ net: gbp('70.00') })).userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_CONFLICT' }]);
  expect(await record({ idempotencyKey: 'fourth', partnerCode: 'other' })).toMatchObject({ userErrors: [] });
});
