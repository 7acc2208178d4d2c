/** The face of statements: numbers without gaps, tax by code and rate, who bills whom, and the PDF. */
import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { v7 } from 'uuid';
import { SettlementStatementService } from '../../../src/modules/settlement/index.js';
import { type Gateway, openGateway } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { confirm, earn, type LedgerFixture, openLedgerFixture } from '../../support/ledger-fixture.js';

let gateway: Gateway;
let demo: LedgerFixture;
let m1: string;
beforeAll(async () => {
  gateway = await openGateway();
  demo = await openLedgerFixture(gateway.db);
  m1 = await gateway.edge.token({ principal: 'PARTNER', partner: 'demo-m1' });
});
afterEach(() => expectSoundLedger(gateway.db));
afterAll(() => gateway.close());

const charge = async (...partnerNos: number[]): Promise<void> => {
  const parts = partnerNos.map((funderNo) => ({ funderNo, units: 5_000n }));
  await confirm(gateway.db, demo, await earn(gateway.db, demo, demo.members[0] as number, parts));
};

async function settle(): Promise<string> {
  const run = async (what: string, answer: string) =>
    (
      await gateway.ask(
        gateway.admin,
        `mutation ($input: ${what[0]?.toUpperCase()}${what.slice(1)}Input!) { ${what}(input: $input) { ${answer} userErrors { message } } }`,
        { input: { programmeCode: 'demo', idempotencyKey: v7() } },
      )
    )[what];
  await run('settlementWindowClose', '');
  return (await run('settlementIssue', 'settlement { id }')).settlement.id;
}

const FACE = `number issuedOn dueOn seller { code name address taxNumber } buyer { code name address taxNumber }
  taxes { code rate net { amount } tax { amount } gross { amount } } csv sha256 pdf { base64 sha256 fileName }`;
const statementOf = async (id: string, partnerCode: string, token = gateway.admin) =>
  (
    await gateway.ask(
      token,
      `query ($id: ID!, $code: String!) { settlementStatement(settlementId: $id, partnerCode: $code) { ${FACE} } }`,
      { id, code: partnerCode },
    )
  ).settlementStatement;
const set = async (input: object) =>
  (
    await gateway.ask(
      gateway.admin,
      `mutation ($input: BillingDetailsSetInput!) { billingDetailsSet(input: $input) {
         party { code name address taxNumber } userErrors { code field } } }`,
      { input: { programmeCode: 'demo', legalName: 'Demo Ltd', address: '1 High Street\nLondon', ...input } },
    )
  ).billingDetailsSet;

/** The text that the pages of a PDF show, without its order. */
function textOf(pdf: Buffer): string {
  const text: string[] = [];
  for (const [, start] of [...pdf.toString('latin1').matchAll(/stream\n/g)].map(
    (match) => ['', match.index + 7] as const,
  )) {
    const end = pdf.indexOf('endstream', start);
    try {
      const content = inflateSync(pdf.subarray(start, end)).toString('latin1');
      for (const [, array] of content.matchAll(/\[(.*?)\] TJ/g)) {
        text.push(
          [...(array as string).matchAll(/<([0-9a-f]+)>/g)]
            .map(([, hex]) => Buffer.from(hex as string, 'hex').toString('latin1'))
            .join(''),
        );
      }
    } catch {
      // no page
    }
  }
  return text.join('\n');
}

test('a statement names who bills whom, with number, days and tax, and keeps them', async () => {
  expect((await set({ taxNumber: 'GB 123', paymentInstruction: 'IBAN GB33BUKB20201555555555' })).party).toEqual({
    code: 'demo',
    name: 'Demo Ltd',
    address: ['1 High Street', 'London'],
    taxNumber: 'GB 123',
  });
  expect((await set({ partnerCode: 'demo-m1', legalName: 'Магазин Łódź', taxNumber: null })).userErrors).toEqual([]);
  await charge(demo.m1, demo.m2);
  const id = await settle();
  const { csv, pdf, ...face } = await statementOf(id, 'demo-m1', m1);
  expect(face).toMatchObject({
    number: 'DEMO-000001',
    seller: { code: 'demo', name: 'Demo Ltd', taxNumber: 'GB 123' },
    buyer: { code: 'demo-m1', name: 'Магазин Łódź', address: ['1 High Street', 'London'], taxNumber: null },
    taxes: [{ code: 'VAT', net: { amount: '5.00' }, tax: { amount: '1.00' }, gross: { amount: '6.00' } }],
  });
  expect(Date.parse(face.dueOn) - Date.parse(face.issuedOn)).toBe(14 * 86_400_000);
  expect(csv).toContain(',DEMO-000001,');
  expect(csv).toContain(',VAT,1/5,TAX,OWES,,,,,5.00,1.00,6.00\r\n');

  const bytes = Buffer.from(pdf.base64, 'base64');
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(pdf.sha256);
  expect(pdf.fileName).toBe('DEMO-000001.pdf');
  const text = textOf(bytes);
  for (const said of [
    'Invoice and settlement statement',
    'Demo Ltd',
    'Magazin Lódz',
    'DEMO-000001',
    'Rewards confirmed',
    '56.00',
    '6.00',
    'Page 1 of 1',
    'IBAN GB33BUKB20201555555555',
  ]) {
    expect(text).toContain(said);
  }

  await set({ legalName: 'Another Ltd', paymentInstruction: null });
  expect((await statementOf(id, 'demo-m1')).seller.name).toBe('Demo Ltd');
  expect((await statementOf(id, 'demo-m1')).pdf).toEqual(pdf);
});

test('the same facts give the same bytes, whoever asks first', async () => {
  await charge(demo.m1);
  const id = await settle();
  const first = (await statementOf(id, 'demo-m1')).pdf;
  await gateway.db.superuser.query(
    'update settlement_statement set pdf = null, pdf_sha256 = null where settlement_id = $1',
    [id],
  );
  await new SettlementStatementService(gateway.db.database).printWaiting(new AbortController().signal);
  const { rows } = await gateway.db.superuser.query(
    'select count(*)::integer as waiting from settlement_statement where pdf is null and party_no > 0',
  );
  expect(rows).toEqual([{ waiting: 0 }]);
  expect((await statementOf(id, 'demo-m1')).pdf).toEqual(first);
});

test('what is paid in another currency says so', async () => {
  const agree = (currency: string | null) =>
    gateway.db.superuser.query(
      `update contract set settlement_currency_code = $1 where partner_id = (select id from partner where code = 'demo-m1')`,
      [currency],
    );
  await agree('CHF');
  await charge(demo.m1);
  const { pdf } = await statementOf(await settle(), 'demo-m1');
  await agree(null);
  expect(textOf(Buffer.from(pdf.base64, 'base64'))).toContain('converted into CHF at the reference rate.');
});

test('numbers have no gaps, also after a settlement that failed, and go on after one that was aborted', async () => {
  const numbers = async (): Promise<number[]> =>
    (
      await gateway.db.superuser.query(
        'select t.invoice_no from settlement_statement t join settlement s on s.id = t.settlement_id where s.programme_no = $1 and t.party_no > 0 order by 1',
        [demo.programmeNo],
      )
    ).rows.map(({ invoice_no }) => invoice_no);
  await charge(demo.m1, demo.bank);
  const { superuser } = gateway.db;
  await superuser.query(
    `create function fail_now() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$;
     create trigger fail_now before insert on settlement_statement execute function fail_now()`,
  );
  await expect(settle()).rejects.toThrow();
  await superuser.query('drop trigger fail_now on settlement_statement; drop function fail_now()');
  const id = await settle();
  await gateway.ask(
    gateway.admin,
    `mutation { settlementAbort(input: { settlementId: "${id}", reason: "Again.", idempotencyKey: "abort" }) { userErrors { code } } }`,
  );
  await charge(demo.m1);
  await settle();
  const all = await numbers();
  expect(all).toEqual(all.map((_, index) => index + 1));
});

test('tax is broken down by the contract that each entry was computed by', async () => {
  await gateway.db.superuser.query(
    `insert into contract (id, partner_id, programme_id, version, effective_from, funding_shares, commission_rate, tax_code,
       tax_rate, tax_treatment, model, agreed_at)
     select $1, partner_id, programme_id, 2, '2026-02-01', funding_shares, commission_rate, 'VAT-R', '1/10', tax_treatment, model, now()
     from contract c join partner p on p.id = c.partner_id where p.code = 'demo-m2'`,
    [v7()],
  );
  await charge(demo.m2);
  const { taxes } = await statementOf(await settle(), 'demo-m2');
  expect(taxes).toMatchObject([{ code: 'VAT', net: { amount: '5.00' }, tax: { amount: '1.00' } }]);
});

test.each([
  [{ programmeCode: 'nowhere' }, 'UNKNOWN_PROGRAMME', 'programmeCode'],
  [{ partnerCode: 'nobody' }, 'UNKNOWN_PARTNER', 'partnerCode'],
  [{ legalName: ' ' }, 'MALFORMED_DETAILS', 'legalName'],
  [{ address: 'x'.repeat(501) }, 'MALFORMED_DETAILS', 'address'],
  [{ address: '1\n2\n3\n4\n5\n6\n7' }, 'MALFORMED_DETAILS', 'address'],
  [{ taxNumber: '' }, 'MALFORMED_DETAILS', 'taxNumber'],
])('%j is refused', async (input, code, field) => {
  expect(await set(input)).toEqual({ party: null, userErrors: [{ code, field }] });
});

describe('the entries behind a line', () => {
  const ENTRIES = `query ($id: ID!, $first: Int, $last: Int, $after: String, $before: String) { settlement(id: $id) { lines { partner { code }
    items { event entryCount units reward { amount } commission { amount } tax { amount } amount { amount } }
    entries(first: $first, last: $last, after: $after, before: $before) { nodes { number event units reward { amount } commission { amount } tax { amount } amount { amount } references }
      pageInfo { hasNextPage endCursor startCursor hasPreviousPage } } } } }`;
  const lineOf = async (id: string, page: object, token = m1) =>
    (await gateway.ask(token, ENTRIES, { id, ...page })).settlement.lines[0];
  const cents = (amount: string): number => Math.round(Number(amount) * 100);

  test('sum up to its items, page by page, forwards and backwards', async () => {
    const bank = await gateway.edge.token({ principal: 'PARTNER', partner: 'demo-bank' });
    for (let round = 0; round < 3; round += 1) await charge(demo.m1, demo.bank);
    const earned = await earn(gateway.db, demo, demo.members[1] as number, [{ funderNo: demo.bank, units: 700n }]);
    const id = await settle();
    const whole = await lineOf(id, { first: 250 }, bank);
    const entries = whole.entries.nodes;
    expect(entries).toHaveLength(7);
    for (const item of whole.items) {
      const own = entries.filter(({ event }: { event: string }) => event === item.event);
      expect(own).toHaveLength(item.entryCount);
      for (const column of ['reward', 'commission', 'tax', 'amount']) {
        const sum = own.reduce(
          (total: number, entry: Record<string, { amount: string }>) => total + cents(entry[column]?.amount as string),
          0,
        );
        expect([item.event, column, sum]).toEqual([item.event, column, cents(item[column].amount)]);
      }
      expect(own.reduce((total: number, { units }: { units: string }) => total + Number(units), 0)).toBe(
        Number(item.units),
      );
    }
    // The bank submitted the purchases: each entry names its own reference of them.
    const { rows } = await gateway.db.superuser.query(
      'select reference from transaction_source where transaction_id = $1',
      [earned.transactionId],
    );
    expect(entries.at(-1)).toMatchObject({ event: 'ACCRUED', references: [rows[0].reference] });
    for (const { references } of entries) expect(references).toHaveLength(1);
    expect((await lineOf(id, { first: 1 })).entries.nodes[0].references).toEqual([]);

    const paged: object[] = [];
    let after: string | null = null;
    do {
      const { nodes, pageInfo }: { nodes: object[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = (
        await lineOf(id, { first: 3, after }, bank)
      ).entries;
      paged.push(...nodes);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(paged).toEqual(entries);
    const end = (await lineOf(id, { last: 2 }, bank)).entries;
    expect(end.nodes).toEqual(entries.slice(-2));
    expect((await lineOf(id, { last: 2, before: end.pageInfo.startCursor }, bank)).entries.nodes).toEqual(
      entries.slice(-4, -2),
    );
  });

  test("are the line's own: a partner has no other line to ask, and the programme's has none", async () => {
    await charge(demo.m1, demo.m2);
    const id = await settle();
    const { lines } = (await gateway.ask(gateway.admin, ENTRIES, { id, first: 10 })).settlement;
    expect(lines.at(-1)).toMatchObject({ partner: null, entries: { nodes: [] } });
    const own = (await gateway.ask(m1, ENTRIES, { id, first: 10 })).settlement.lines;
    expect(own).toHaveLength(1);
    expect(own[0].entries.nodes.map(({ event }: { event: string }) => event)).toEqual(['ACCRUED', 'CONFIRMED']);
  });
});
