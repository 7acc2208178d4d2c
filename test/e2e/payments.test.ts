/**
 * Money really moves, through the API alone: partners that owe pay by bank transfer, partners that are owed are paid
 * by file, with everything that banks do to payments in between.
 */
import { creditorReference } from '../../src/domain/payments/creditor-reference.js';
import { describeWithStandard, schemaErrors } from '../modules/bank-files/standard.js';
import { type Booking, statusReport, TestBank } from '../support/bank.js';
import { whereIs } from '../support/where-is.js';
import { type Gateway, openGateway, setUp, takeIn } from './gateway.js';
import { expectSoundLedger } from './sound-ledger.js';

const PROGRAMME = 'payments-example';
const YAML = `
programme: ${PROGRAMME}
name: Payments
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Berlin
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 0
rounding: FLOOR
tiers: { rollingDays: 365, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: m1-rate, name: M1 pays back, when: { partners: [m1] }, funding: MERCHANT, rate: 5% }
  - { code: m2-rate, name: M2 pays back, when: { partners: [m2] }, funding: MERCHANT, rate: 10% }
partners: { m1: , m2: }
`;
const CLEARING = 'DE89370400440532013000';
const OF_M1 = 'FR1420041010050500013M02606';
const OF_M2 = 'NL91ABNA0417164300';
const OF_M2_LATER = 'GB29NWBK60161331926819';

let gateway: Gateway;
let operator: string;
const bank = new TestBank(CLEARING);
beforeAll(async () => {
  gateway = await openGateway();
  operator = await gateway.edge.token({ principal: 'OPERATOR' });
  await setUp(gateway, YAML, PROGRAMME, [
    { code: 'm1', role: 'MERCHANT', merchantIds: ['MID-M1'] },
    { code: 'm2', role: 'MERCHANT', merchantIds: ['MID-M2'] },
  ]);
  await takeIn(gateway, PROGRAMME, 'a');
});
afterAll(() => gateway.close());

// biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
async function change(mutation: string, input: object, selection: string, token = gateway.admin): Promise<any> {
  const type =
    mutation === 'adjustmentApprove'
      ? 'AdjustmentDecisionInput'
      : `${(mutation[0] as string).toUpperCase()}${mutation.slice(1)}Input`;
  const data = await gateway.ask(
    token,
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} userErrors { code message field } } }`,
    { input },
  );
  return data[mutation];
}

async function useAccount(owner: object, iban: string): Promise<void> {
  const proposed = await change(
    'bankAccountPropose',
    { ...owner, holderName: 'Müller & Co', iban },
    'bankAccount { id state }',
  );
  expect(proposed).toMatchObject({ userErrors: [], bankAccount: { state: 'PROPOSED' } });
  const input = { bankAccountId: proposed.bankAccount.id };
  const own = await change('bankAccountApprove', input, 'bankAccount { id }');
  expect(own.userErrors).toMatchObject([{ code: 'SECOND_PERSON_NEEDED' }]);
  const approved = await change('bankAccountApprove', input, 'bankAccount { state }', operator);
  expect(approved).toEqual({ bankAccount: { state: 'ACTIVE' }, userErrors: [] });
}

let purchases = 0;
async function buy(merchantId: string, amount: string, more: object = {}): Promise<string> {
  purchases += 1;
  const reference = `p${purchases}`;
  const transaction = {
    ...{ kind: 'PURCHASE', reference, payer: { memberCode: 'a' }, merchantId },
    ...{ amount: { amount, currencyCode: 'EUR' }, occurredAt: '2026-03-01T12:00:00Z', ...more },
  };
  const partnerCode = merchantId === 'MID-M1' ? 'm1' : 'm2';
  const input = { programmeCode: PROGRAMME, partnerCode, transaction };
  expect((await change('transactionSubmit', input, 'transaction { id }')).userErrors).toEqual([]);
  return reference;
}

interface Line {
  readonly id: string;
  readonly state: string;
  readonly paymentReference: string | null;
  readonly partner: { readonly code: string } | null;
  readonly closing: { readonly amount: string };
}
interface Settled {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly lines: readonly Line[];
}
const SETTLEMENT = 'id number state lines { id state paymentReference partner { code } closing { amount } }';

let keys = 0;
const key = (): { idempotencyKey: string } => {
  keys += 1;
  return { idempotencyKey: `key-${keys}` };
};

async function settle(): Promise<Settled> {
  await change('accrualsConfirm', { programmeCode: PROGRAMME }, 'confirmed');
  await change('settlementWindowClose', { programmeCode: PROGRAMME, ...key() }, 'window { id }');
  const issued = await change(
    'settlementIssue',
    { programmeCode: PROGRAMME, ...key() },
    `settlement { ${SETTLEMENT} }`,
  );
  expect(issued.userErrors).toEqual([]);
  return issued.settlement;
}

const settlementOf = async ({ id }: Settled): Promise<Settled> =>
  (await gateway.ask(gateway.admin, `query ($id: ID!) { settlement(id: $id) { ${SETTLEMENT} } }`, { id })).settlement;
const states = async (settled: Settled): Promise<Record<string, string>> => {
  const { state, lines } = await settlementOf(settled);
  return Object.fromEntries([
    ['settlement', state],
    ...lines.map((line) => [line.partner?.code ?? 'programme', line.state]),
  ]);
};

const FILE = `paymentFile { id messageId content sha256 amount { amount } paymentCount
  payments { endToEndId state attempt amount { amount } partner { code } bankAccount { iban } } } skipped { reason partner { code } amount { amount } }`;
const instruct = (more: object = {}) =>
  change('paymentsInstruct', { programmeCode: PROGRAMME, ...key(), ...more }, FILE);
const report = (content: string) =>
  change('paymentReportUpload', { content }, 'alreadyTaken paymentFile { payments { state reasonCode } }');
const MOVEMENTS = 'movements { id match reason amount { amount } unallocated { amount } partner { code } }';
const upload = (content: string) =>
  change('bankStatementUpload', { content }, `alreadyTaken statements { closing { amount } ${MOVEMENTS} }`);
async function book(
  bookings: readonly Booking[],
): Promise<readonly { id: string; match: string; reason: string | null }[]> {
  const taken = await upload(bank.statement(bookings));
  expect(taken.userErrors).toEqual([]);
  return taken.statements[0].movements;
}

/** Balances of the money accounts that payments move, zeros left out. */
async function balances(): Promise<Record<string, number>> {
  const { rows } = await gateway.db.superuser.query<{ account: string; balance: number }>(
    `select account::text, sum(balance)::int as balance from account_balance
     where account in (1000, 1010, 1020, 1200) group by account having sum(balance) <> 0 order by account`,
  );
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
}

let first: Settled;
let second: Settled;

test('nothing is paid before there are accounts, and nothing without a second person', async () => {
  await buy('MID-M1', '1000.00');
  await buy('MID-M2', '500.00');
  first = await settle();
  expect(first.lines.map(({ closing }) => closing.amount)).toEqual(['56.00', '56.00', '-112.00']);
  expect((await instruct()).userErrors).toMatchObject([{ code: 'NO_SETTLEMENT_ACCOUNT' }]);
  await useAccount({ programmeCode: PROGRAMME }, CLEARING);
  await useAccount({ partnerCode: 'm1' }, OF_M1);
  expect((await instruct()).userErrors).toMatchObject([{ code: 'NOTHING_TO_PAY' }]);
});

test.each([
  [{ partnerCode: 'm2', iban: 'NL91ABNA0417164301' }, 'MALFORMED_IBAN'],
  [{ partnerCode: 'm2', iban: OF_M2, bic: 'ABNA' }, 'MALFORMED_BIC'],
  [{ partnerCode: 'm2', iban: OF_M2, holderName: '北京' }, 'NAME_NOT_WRITABLE'],
  [{ partnerCode: 'm9', iban: OF_M2 }, 'UNKNOWN_PARTNER'],
  [{ programmeCode: 'nowhere', iban: OF_M2 }, 'UNKNOWN_PROGRAMME'],
  [{ iban: OF_M2 }, 'OWNER_UNCLEAR'],
  [{ partnerCode: 'm1', iban: OF_M1 }, 'ACCOUNT_UNCHANGED'],
  [{ programmeCode: PROGRAMME, iban: CLEARING, bic: 'COBADEFF' }, 'ACCOUNT_TAKEN'],
])('an account that is wrong is refused: %j', async (input, code) => {
  const refused = await change('bankAccountPropose', { holderName: 'Müller & Co', ...input }, 'bankAccount { id }');
  expect(refused).toMatchObject({ bankAccount: null, userErrors: [{ code }] });
});

test('who owes pays by reference, in parts, by account, and by mistake', async () => {
  const reference = first.lines[0]?.paymentReference;
  expect(reference).toBe(creditorReference(first.number, 1));
  expect(first.lines[2]?.paymentReference).toBeNull();
  const [part, stranger, mistake] = await book([
    { amount: '50.00', remittance: `Rechnung ${reference}` },
    { amount: '56.00', iban: OF_M2 },
    { amount: '9.00', iban: OF_M1, status: 'PDNG' },
    { amount: '-1.50' },
  ]);
  expect(part).toMatchObject({ match: 'RECEIVED', partner: { code: 'm1' }, unallocated: { amount: '0.00' } });
  expect(stranger).toMatchObject({ match: 'UNMATCHED', reason: 'UNKNOWN_PAYER', unallocated: { amount: '56.00' } });
  expect(mistake).toMatchObject({ match: 'UNMATCHED', reason: 'UNKNOWN_DEBIT', unallocated: { amount: '-1.50' } });
  expect(await states(first)).toEqual({ settlement: 'PAYING', m1: 'PENDING', m2: 'PENDING', programme: 'PENDING' });
  expect(await balances()).toEqual({ 1000: 10_450, 1020: -5_450, 1200: 6_200 });

  const allocate = (more: object) =>
    change(
      'receiptAllocate',
      { movementId: stranger?.id, partnerCode: 'm2', ...key(), ...more },
      'movement { unallocated { amount } }',
    );
  for (const [more, code] of [
    [{ movementId: mistake?.id }, 'NOTHING_UNALLOCATED'],
    [{ movementId: first.id }, 'UNKNOWN_MOVEMENT'],
    [{ partnerCode: 'm9' }, 'UNKNOWN_PARTNER'],
    [{ partnerCode: 'm1' }, 'AMOUNT_ABOVE_OWED'],
    [{ amount: { amount: '56.01', currencyCode: 'EUR' } }, 'AMOUNT_ABOVE_UNALLOCATED'],
    [{ amount: { amount: '0.00', currencyCode: 'EUR' } }, 'AMOUNT_NOT_POSITIVE'],
    [{ amount: { amount: '1.00', currencyCode: 'GBP' } }, 'CURRENCY_MISMATCH'],
  ] as const) {
    expect((await allocate(more)).userErrors).toMatchObject([{ code }]);
  }
  const once = { ...key(), amount: { amount: '6.00', currencyCode: 'EUR' } };
  expect((await allocate(once)).movement.unallocated.amount).toBe('50.00');
  expect((await allocate(once)).movement.unallocated.amount).toBe('50.00');
  expect((await allocate({})).movement.unallocated.amount).toBe('0.00');
  expect((await allocate({})).userErrors).toMatchObject([{ code: 'NOTHING_UNALLOCATED' }]);
  await book([{ amount: '6.00', iban: OF_M1 }]);
  expect(await states(first)).toEqual({
    settlement: 'SETTLED',
    m1: 'CONFIRMED',
    m2: 'CONFIRMED',
    programme: 'SETTLED',
  });
  expect(await balances()).toEqual({ 1000: 11_050, 1020: 150 });
});

test('who is owed is paid by file: rejected, corrected, paid, returned, paid again', async () => {
  await buy('MID-M1', '1000.00', { kind: 'REFUND', refundOf: 'p1' });
  await buy('MID-M2', '500.00', { kind: 'REFUND', refundOf: 'p2' });
  second = await settle();
  expect(second.lines.map(({ closing }) => closing.amount)).toEqual(['-56.00', '-56.00', '112.00']);

  const command = key();
  const instructed = await instruct(command);
  expect(instructed.skipped).toEqual([{ reason: 'NO_ACCOUNT', partner: { code: 'm2' }, amount: { amount: '56.00' } }]);
  expect(instructed.paymentFile).toMatchObject({ amount: { amount: '56.00' }, paymentCount: 1 });
  const line = second.lines[0]?.id.replaceAll('-', '');
  expect(instructed.paymentFile.payments).toMatchObject([
    { endToEndId: line, state: 'INSTRUCTED', bankAccount: { iban: OF_M1 } },
  ]);
  expect(instructed.paymentFile.content).toContain('<Nm>Mueller + Co</Nm>');
  expect(await instruct(command)).toEqual(instructed);
  expect((await instruct()).userErrors).toMatchObject([{ code: 'NOTHING_TO_PAY' }]);
  expect(await states(second)).toEqual({ settlement: 'PAYING', m1: 'INSTRUCTED', m2: 'PENDING', programme: 'PENDING' });
  expect(await balances()).toEqual({ 1000: 11_050, 1010: -5_600, 1020: 150, 1200: -5_600 });

  await useAccount({ partnerCode: 'm2' }, OF_M2);
  const both = (await instruct()).paymentFile;
  expect(both.payments).toMatchObject([{ partner: { code: 'm2' }, bankAccount: { iban: OF_M2 } }]);
  const ids = { m1: instructed.paymentFile.payments[0].endToEndId, m2: both.payments[0].endToEndId };

  // The bank rejects the one for m2, twice in the same report: its line is open again.
  const rejection = statusReport(both.messageId, {
    id: 'R-1',
    file: 'PART',
    payments: [{ endToEndId: ids.m2, status: 'RJCT', reason: 'AC04' }],
  });
  expect(await report(rejection)).toMatchObject({
    alreadyTaken: false,
    paymentFile: { payments: [{ state: 'REJECTED', reasonCode: 'AC04' }] },
  });
  expect(await report(rejection)).toMatchObject({ alreadyTaken: true, userErrors: [] });
  expect((await report(rejection.replace('AC04', 'AC01'))).userErrors).toMatchObject([{ code: 'MESSAGE_CONFLICT' }]);
  expect(await states(second)).toEqual({
    settlement: 'PAYING',
    m1: 'INSTRUCTED',
    m2: 'REJECTED',
    programme: 'PENDING',
  });
  expect((await instruct()).userErrors).toMatchObject([
    { code: 'NOTHING_TO_PAY', message: expect.stringContaining('rejected') },
  ]);

  // Another account, and it goes again under another id.
  await useAccount({ partnerCode: 'm2' }, OF_M2_LATER);
  const again = (await instruct()).paymentFile;
  expect(again.payments).toMatchObject([{ endToEndId: `${ids.m2}-2`, attempt: 2, bankAccount: { iban: OF_M2_LATER } }]);
  expect((await report(statusReport(again.messageId, { id: 'R-2', file: 'ACCP' }))).paymentFile.payments).toMatchObject(
    [{ state: 'ACCEPTED' }],
  );

  // m1's is booked and comes back on the same day; m2's is booked.
  const movements = await book([
    { amount: '56.00', endToEndId: ids.m1, returnReason: 'AC04' },
    { amount: '-56.00', endToEndId: ids.m1 },
    { amount: '-56.00', endToEndId: `${ids.m2}-2` },
  ]);
  expect(movements.map(({ match }) => match)).toEqual(['RETURNED', 'BOOKED', 'BOOKED']);
  expect(await states(second)).toEqual({ settlement: 'PAYING', m1: 'REJECTED', m2: 'CONFIRMED', programme: 'PENDING' });
  const late = statusReport(again.messageId, { id: 'R-3', file: 'RJCT' });
  expect((await report(late)).userErrors).toMatchObject([{ code: 'PAYMENT_ALREADY_BOOKED' }]);

  const retried = (await instruct({ retryRejected: true })).paymentFile;
  expect(retried.payments).toMatchObject([{ endToEndId: `${ids.m1}-2`, attempt: 2 }]);
  await book([{ amount: '-56.00', endToEndId: `${ids.m1}-2` }]);
  expect(await states(second)).toEqual({
    settlement: 'SETTLED',
    m1: 'CONFIRMED',
    m2: 'CONFIRMED',
    programme: 'SETTLED',
  });
  expect(await balances()).toEqual({ 1000: -150, 1020: 150 });
});

test('a deposit comes in, goes back by decision of two, is rejected and goes out again', async () => {
  const before = await balances();
  const [paidIn] = await book([{ amount: '300.00', iban: 'BE68539007547034' }]);
  const input = { movementId: paidIn?.id, partnerCode: 'm1', purpose: 'DEPOSIT', ...key() };
  expect(await change('receiptAllocate', input, 'movement { unallocated { amount } }')).toMatchObject({
    ...{ userErrors: [], movement: { unallocated: { amount: '0.00' } } },
  });
  const wanted = { kind: 'DEPOSIT_RETURN', partnerCode: 'm1', amount: { amount: '300.00', currencyCode: 'EUR' } };
  const asked = await change(
    'adjustmentRequest',
    { programmeCode: PROGRAMME, partner: wanted, reason: 'It leaves.', ...key() },
    'adjustment { id }',
  );
  expect((await instruct()).userErrors).toMatchObject([{ code: 'NOTHING_TO_PAY' }]);
  await change('adjustmentApprove', { adjustmentId: asked.adjustment.id, ...key() }, 'adjustment { id }', operator);
  const { paymentFile } = await instruct();
  const endToEndId = asked.adjustment.id.replaceAll('-', '');
  expect(paymentFile.payments).toMatchObject([
    { endToEndId, amount: { amount: '300.00' }, bankAccount: { iban: OF_M1 } },
  ]);
  await report(statusReport(paymentFile.messageId, { id: 'R-D', file: 'RJCT' }));
  expect((await instruct()).userErrors).toMatchObject([{ code: 'NOTHING_TO_PAY' }]);
  const again = (await instruct({ retryRejected: true })).paymentFile;
  expect(again.payments).toMatchObject([{ endToEndId: `${endToEndId}-2`, attempt: 2 }]);
  await book([{ amount: '-300.00', endToEndId: `${endToEndId}-2` }]);
  expect((await instruct({ retryRejected: true })).userErrors).toMatchObject([{ code: 'NOTHING_TO_PAY' }]);
  expect(await balances()).toEqual(before);
});

test('a dispute that is upheld after everything was paid is paid out, and again when that comes back', async () => {
  const before = await balances();
  const dispute = async (settled: Settled, amount: string): Promise<void> => {
    const lineId = settled.lines[0]?.id;
    const input = { lineId, amount: { amount, currencyCode: 'EUR' }, reason: 'Not ours.', ...key() };
    const { dispute } = await change('disputeOpen', input, 'dispute { id }');
    const verdict = { disputeId: dispute.id, verdict: 'UPHELD', resolution: 'Right.', ...key() };
    expect((await change('disputeResolve', verdict, 'dispute { id }', operator)).userErrors).toEqual([]);
  };
  // Of the first settlement m1 has paid 56.00, of the second it was paid 56.00 by its second payment.
  await dispute(first, '6.00');
  await dispute(second, '1.00');
  const { payments } = (await instruct()).paymentFile;
  const [ofFirst, ofSecond] = payments as { endToEndId: string; attempt: number; amount: { amount: string } }[];
  expect([ofFirst, ofSecond]).toMatchObject([
    { attempt: 1, amount: { amount: '6.00' } },
    { attempt: 3, amount: { amount: '1.00' } },
  ]);
  // The earlier payment of 56.00 comes back while the third of the same line is under way.
  const earlier = `${ofSecond?.endToEndId.slice(0, 32)}-2`;
  await book([{ amount: '56.00', endToEndId: earlier, returnReason: 'AC04' }]);
  expect(await states(second)).toMatchObject({ settlement: 'PAYING', m1: 'INSTRUCTED' });
  await book([
    { amount: '-6.00', endToEndId: ofFirst?.endToEndId as string },
    { amount: '-1.00', endToEndId: ofSecond?.endToEndId as string },
  ]);
  expect(await states(first)).toMatchObject({ settlement: 'SETTLED', m1: 'CONFIRMED' });
  expect(await states(second)).toMatchObject({ settlement: 'PAYING', m1: 'REJECTED' });
  const last = (await instruct()).paymentFile;
  expect(last.payments).toMatchObject([{ attempt: 4, amount: { amount: '56.00' } }]);
  await book([{ amount: '-56.00', endToEndId: last.payments[0].endToEndId }]);
  expect(await states(second)).toMatchObject({ settlement: 'SETTLED', m1: 'CONFIRMED' });
  expect(await balances()).toEqual({ ...before, 1000: (before[1000] ?? 0) - 700 });
});

test('a block that was bought is owed in full, also while a line that is paid is in dispute', async () => {
  await gateway.db.superuser.query(
    `update contract set prepaid = true where partner_id = (select id from partner where code = 'm1')`,
  );
  const [money, before] = [(amount: string) => ({ amount, currencyCode: 'EUR' }), await balances()];
  const block = { programmeCode: PROGRAMME, partnerCode: 'm1', amount: money('40.00'), ...key() };
  expect((await change('prepaidBuy', block, 'entryNumber')).userErrors).toEqual([]);
  const contested = { lineId: first.lines[0]?.id, amount: money('5.00'), reason: 'Not ours.', ...key() };
  const { dispute } = await change('disputeOpen', contested, 'dispute { id }');
  const taken = await upload(bank.statement([{ amount: '41.00', iban: OF_M1 }]));
  expect(taken.statements[0].movements).toMatchObject([{ match: 'RECEIVED', unallocated: { amount: '1.00' } }]);
  const verdict = { disputeId: dispute.id, verdict: 'REJECTED', resolution: 'It was.', ...key() };
  expect((await change('disputeResolve', verdict, 'dispute { id }', operator)).userErrors).toEqual([]);
  const [bankAccount = 0, waiting = 0] = [before[1000], before[1020]];
  expect(await balances()).toEqual({ ...before, 1000: bankAccount + 4_100, 1020: waiting - 100 });
});

test('what is wrong with a file is said, and nothing changes', async () => {
  const before = await balances();
  const bookings: Booking[] = [{ amount: '5.00', iban: OF_M1 }];
  const wrong = async (code: string, alter: (xml: string) => string): Promise<void> => {
    const refused = await upload(bank.statement(bookings, alter));
    bank.forget(bookings);
    expect(refused).toMatchObject({ statements: [], userErrors: [{ code }] });
  };
  await wrong('UNKNOWN_ACCOUNT', (xml) => xml.replace(CLEARING, OF_M1));
  await wrong('CURRENCY_MISMATCH', (xml) => xml.replaceAll('EUR', 'GBP'));
  await wrong('STATEMENT_DOES_NOT_ADD_UP', (xml) => xml.replace('>5.00<', '>6.00<'));
  await wrong('STATEMENT_GAP', (xml) => xml.replace(/<ElctrncSeqNb>\d+/, '<ElctrncSeqNb>99'));
  await wrong('STATEMENT_INCOMPLETE', (xml) => xml.replace('CLBD', 'CLAV'));
  await wrong('STATEMENT_KNOWN', (xml) => xml.replace(/<Id>S-\d+/, '<Id>S-1'));
  await wrong('MESSAGE_CONFLICT', (xml) => xml.replace(/STM-\d+/, 'STM-1'));
  await wrong('MESSAGE_VERSION_UNKNOWN', (xml) => xml.replace('001.08', '001.99'));
  await wrong('MESSAGE_TYPE_UNEXPECTED', (xml) => xml.replace('camt.053', 'camt.052'));
  await wrong('MESSAGE_MALFORMED', (xml) => xml.replace(/<GrpHdr>.*<\/GrpHdr>/, ''));
  await wrong('FILE_WITH_DTD', (xml) => xml.replace('<Document', '<!DOCTYPE x [<!ENTITY y "z">]><Document'));
  // A statement between is missing: the next one opens with what nobody has seen.
  bank.statement(bookings);
  expect((await upload(bank.statement(bookings))).userErrors).toMatchObject([{ code: 'STATEMENT_GAP' }]);
  bank.forget(bookings);
  bank.forget(bookings);
  const { messageId } = (await gateway.ask(gateway.admin, '{ paymentFiles { nodes { messageId } } }')).paymentFiles
    .nodes[0];
  for (const [content, code] of [
    [statusReport('nobody-knows', { id: 'R-9', file: 'RJCT' }), 'UNKNOWN_FILE'],
    [statusReport(messageId, { id: 'R-9', payments: [{ endToEndId: 'other', status: 'RJCT' }] }), 'UNKNOWN_PAYMENT'],
    ['not xml', 'FILE_NOT_XML'],
  ] as const) {
    expect((await report(content)).userErrors).toMatchObject([{ code }]);
  }
  for (const [more, code] of [
    [{ executionDate: '2020-01-01' }, 'EXECUTION_DATE_OUT_OF_RANGE'],
    [{ executionDate: '2099-01-01' }, 'EXECUTION_DATE_OUT_OF_RANGE'],
    [{ programmeCode: 'nowhere' }, 'UNKNOWN_PROGRAMME'],
  ] as const) {
    expect((await instruct(more)).userErrors).toMatchObject([{ code }]);
  }
  expect(await balances()).toEqual(before);
});

test('each sees its own: a partner its payments and its number, a service no whole number', async () => {
  const QUERY =
    '{ payments { nodes { partner { code } } } bankAccounts { nodes { iban maskedIban partner { code } } } }';
  const m1 = await gateway.ask(await gateway.edge.token({ principal: 'PARTNER', partner: 'm1' }), QUERY);
  expect(m1.payments.nodes.length).toBeGreaterThan(2);
  expect(new Set(m1.payments.nodes.map(({ partner }: Line) => partner?.code))).toEqual(new Set(['m1']));
  expect(m1.bankAccounts.nodes).toEqual([
    { iban: OF_M1, maskedIban: `FR14${'*'.repeat(19)}2606`, partner: { code: 'm1' } },
  ]);
  const service = await gateway.ask(await gateway.edge.token({ principal: 'SERVICE' }), QUERY);
  expect(new Set(service.bankAccounts.nodes.map(({ iban }: { iban: string | null }) => iban))).toEqual(new Set([null]));
  expect(JSON.stringify(gateway.edge.logged)).not.toMatch(new RegExp([CLEARING, OF_M1, OF_M2, OF_M2_LATER].join('|')));
});

test('no number of an account and no name of its holder can be read in the database', async () => {
  for (const text of [CLEARING, OF_M1, OF_M2, OF_M2_LATER, 'BE68539007547034', 'Müller & Co', 'Muller'])
    expect([text, await whereIs(gateway.db.superuser, text)]).toEqual([text, []]);
});

describeWithStandard('every file', () => {
  test('is valid by the schema of the standard, and downloads as the same bytes', async () => {
    const QUERY = '{ paymentFiles(programmeCode: "payments-example") { nodes { content sha256 } } }';
    const { nodes } = (await gateway.ask(gateway.admin, QUERY)).paymentFiles;
    expect(nodes).toHaveLength(8);
    for (const { content } of nodes) expect(await schemaErrors(content, 'pain.001.001.09')).toEqual([]);
    expect((await gateway.ask(gateway.admin, QUERY)).paymentFiles.nodes).toEqual(nodes);
  });
});

test('the ledger is sound', () => expectSoundLedger(gateway.db));
