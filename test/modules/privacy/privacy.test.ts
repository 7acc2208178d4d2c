/** A member gets its data and goes: what is personal is nowhere any more, and the books and their proofs stand. */
import { ProofCheck } from '../../../src/domain/proofs/check-proof.js';
import { PERSONAL_DATA } from '../../../src/modules/privacy/personal-data.js';
import { ChainSealer, ProofService, readHead, readLine } from '../../../src/modules/proofs/index.js';
import type { GraphQLAnswer } from '../../api/edge.js';
import { type Gateway, openGateway, setUp, takeIn } from '../../e2e/gateway.js';
import { expectSoundLedger } from '../../e2e/sound-ledger.js';
import { admin } from '../../support/principals.js';
import { whereIs as findText } from '../../support/where-is.js';

const YAML = `
programme: privacy
name: Privacy
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Lisbon
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 0
rounding: FLOOR
categories:
  food: { name: Food, mcc: ["5411"] }
  fuel: { name: Fuel, mcc: ["5541"] }
choices:
  monthly: { name: One a month, offered: [food, fuel], pick: 1, per: month, opensDaysBefore: 0, closesOnDay: 31, default: [] }
tiers: { rollingDays: 30, levels: [{ code: basic, name: Basic, from: 0 }] }
rules:
  - { code: base, name: Base, funding: ISSUER, rate: 1% }
  - { code: shop, name: Shop, funding: MERCHANT, rate: 2%, when: { partners: [shop] } }
  - { code: picked, name: Picked, funding: ISSUER, rate: 1%, when: { segments: [families] } }
partners: { shop: }
caps:
  - { code: of-account, of: ACCOUNT, per: month, max: 50000 }
redemption: { cashOut: true, donation: true, transfer: true }
`;

/** Whatever is known of Anna and of nobody else, as it would stand in the database. */
const SECRETS = [
  'anna-smith-1984',
  'token-of-anna-77',
  '02-29',
  'ACME ANNAS FLOWERS',
  'approval-99',
  'account-of-anna',
  'form-of-anna',
  'Atlantic/Madeira',
  'goodwill for anna',
];

let gateway: Gateway;
let memberId: string;
let otherId: string;
let anna: string;

const as = (token: string, query: string, variables: object = {}): Promise<GraphQLAnswer> =>
  gateway.edge.ask(query, { token, variables });

async function mutate(name: string, input: object, token = gateway.admin): Promise<void> {
  const type =
    name === 'adjustmentReject' ? 'AdjustmentDecisionInput' : `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const answer = await as(
    token,
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code message } } }`,
    {
      input,
    },
  );
  expect([name, answer.errors, answer.data?.[name]]).toEqual([name, undefined, { userErrors: [] }]);
}

const bought = (reference: string, cardToken: string, but: object = {}) => ({
  programmeCode: 'privacy',
  partnerCode: 'bank',
  transaction: {
    kind: 'PURCHASE',
    reference,
    payer: { cardToken },
    amount: { amount: '100.00', currencyCode: 'EUR' },
    occurredAt: '2026-03-01T12:00:00Z',
    merchantId: 'MID',
    ...but,
  },
});
const ANNAS = bought('a-1', SECRETS[1] as string, { descriptor: SECRETS[3], approvalCode: SECRETS[4] });

beforeAll(async () => {
  gateway = await openGateway();
  await setUp(gateway, YAML, 'privacy', [
    { code: 'bank', role: 'BANK' },
    { code: 'shop', role: 'MERCHANT', merchantIds: ['MID'] },
    { code: 'trees', role: 'CHARITY' },
  ]);
  await takeIn(gateway, 'privacy', SECRETS[0] as string, { token: SECRETS[1] as string, issuerCode: 'bank' });
  await takeIn(gateway, 'privacy', 'other', { token: 'token-of-other', issuerCode: 'bank' });
  const idOf = async (code: string): Promise<string> =>
    (await as(gateway.admin, `{ member(code: "${code}", programmeCode: "privacy") { id } }`)).data.member.id;
  memberId = await idOf(SECRETS[0] as string);
  otherId = await idOf('other');
  anna = await gateway.edge.token({ principal: 'MEMBER', member: memberId });
  const { rows } = await gateway.db.superuser.query('select id from card where token = $1', [SECRETS[1]]);
  await mutate('memberUpdate', { memberId, birthday: SECRETS[2], timeZone: SECRETS[7] });
  await mutate('cardUpdate', { cardId: rows[0].id, account: SECRETS[5] });
  const notice = { version: '1', language: 'en', sha256: 'c'.repeat(64) };
  await mutate('consentGive', {
    ...{ memberId, purpose: 'PERSONALISED_OFFERS', channel: 'PAPER', notice },
    evidence: SECRETS[6],
  });
  await mutate('memberSegmentSet', { member: { memberId }, segment: 'families', inSegment: true });
  await mutate('categoryChoose', {
    member: { memberId },
    choiceCode: 'monthly',
    categories: ['food'],
    idempotencyKey: 'c',
  });
  await mutate('roundUpSet', {
    ...{ programmeCode: 'privacy', payer: { memberId }, charityCode: 'trees' },
    step: { amount: '1.00', currencyCode: 'EUR' },
  });
  await mutate('transactionSubmit', ANNAS);
  await mutate('transactionSubmit', bought('o-1', 'token-of-other'));
  await mutate('accrualsConfirm', { programmeCode: 'privacy' });
  await mutate('unitsTransfer', {
    programmeCode: 'privacy',
    payer: { memberId },
    toMemberCode: 'other',
    units: '20',
    idempotencyKey: 't',
  });
  await mutate('settlementWindowClose', { programmeCode: 'privacy', idempotencyKey: 'close' });
  const { data } = await as(
    gateway.admin,
    'mutation ($input: AdjustmentRequestInput!) { adjustmentRequest(input: $input) { adjustment { id } userErrors { message } } }',
    {
      input: {
        programmeCode: 'privacy',
        goodwill: { member: { memberId }, units: '1' },
        reason: SECRETS[8],
        idempotencyKey: 'g',
      },
    },
  );
  expect(data.adjustmentRequest.userErrors).toEqual([]);
  const operator = await gateway.edge.token({ principal: 'OPERATOR' });
  const adjustmentId = data.adjustmentRequest.adjustment.id;
  await mutate('adjustmentReject', { adjustmentId, note: SECRETS[8], idempotencyKey: 'r' }, operator);
});
afterAll(() => gateway.close());

const ERASE = `mutation ($input: MemberEraseInput!) { memberErase(input: $input) {
  receipt { id memberId forfeitedSteps erased { table rows } } userErrors { code field } } }`;
const erase = (token: string, forfeitUnits = false, id = memberId) =>
  as(token, ERASE, { input: { memberId: id, forfeitUnits } });

const EXPORT = `mutation ($input: MemberDataExportInput!) { memberDataExport(input: $input) { part { text next } userErrors { code field } } }`;
async function exported(
  token: string,
  id = memberId,
  more: object = {},
): Promise<{ of: string; row: Record<string, unknown> }[]> {
  let text = '';
  for (let after: string | null = null; ; ) {
    const { data } = await as(token, EXPORT, { input: { memberId: id, after, ...more } });
    const { part } = data.memberDataExport;
    text += part.text;
    if (part.next === null)
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    after = part.next;
  }
}

const whereIs = (text: string): Promise<string[]> => findText(gateway.db.superuser, text);

describe('the export', () => {
  test('has everything that is known of the member, and nothing of others', async () => {
    const lines = await exported(anna);
    expect(lines[0]).toEqual({ of: 'export', row: { format: 'hansa-member-data/1', memberId, birthday: '02-29' } });
    const text = JSON.stringify(lines);
    for (const secret of SECRETS) expect([secret, text.includes(secret)]).toEqual([secret, true]);
    for (const of of [
      'member',
      'card',
      'transaction',
      'accrual',
      'lot',
      'lot_movement',
      'member_choice',
      'member_segment',
      'round_up',
      'unit_transfer',
      'consent_receipt',
      'adjustment',
      'audit_entry',
    ])
      expect([of, lines.some((line) => line.of === of)]).toEqual([of, true]);
    for (const others of ['other', otherId, 'token-of-other', 'o-1', 'development:operator'])
      expect([others, text.includes(`"${others}"`)]).toEqual([others, false]);
  });

  test('of somebody who was given units does not say by whom', async () => {
    const token = await gateway.edge.token({ principal: 'MEMBER', member: otherId });
    const lines = await exported(token, otherId);
    expect(lines.filter(({ of }) => of === 'unit_transfer_received')).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain(memberId);
  });

  test('is for the member, and for those who name a ground, of which an entry is left', async () => {
    const silent = await as(gateway.admin, EXPORT, { input: { memberId } });
    expect(silent.data.memberDataExport).toEqual({
      part: null,
      userErrors: [{ code: 'GROUND_REQUIRED', field: 'ground' }],
    });
    expect(await exported(gateway.admin, memberId, { ground: 'AUTHORITY_ASKED' })).toContainEqual({
      of: 'export',
      row: expect.anything(),
    });
    const { data } = await as(
      gateway.admin,
      `{ auditLog(operation: "memberDataExport", subjectId: "${memberId}", outcome: UNCHANGED) { nodes { input } } }`,
    );
    expect(data.auditLog.nodes[0].input).toContain('AUTHORITY_ASKED');
    const stranger = await as(anna, EXPORT, { input: { memberId: otherId } });
    expect(stranger.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test.each([
    '',
    'x',
    Buffer.from('["nothing",null]').toString('base64url'),
    Buffer.from('["member",7]').toString('base64url'),
  ])('goes on from its own cursors only: %j', async (after) => {
    const { data } = await as(anna, EXPORT, { input: { memberId, after } });
    expect(data.memberDataExport.userErrors).toEqual([{ code: 'MALFORMED_CURSOR', field: 'after' }]);
  });
});

describe('what is written of each column', () => {
  const rowsOf = async (member: number): Promise<Map<string, string[]>> => {
    const columns = new Map<string, string[]>();
    for (const { table, member: name, kept, erased } of PERSONAL_DATA) {
      if (table === 'import_row') continue;
      for (const column of [...Object.values(kept).flat(), ...erased]) {
        const { rows } = await gateway.db.superuser.query<{ value: string }>(
          `select to_jsonb(t.${column})::text as value from ${table} t where ${name} = $1 order by 1`,
          [member],
        );
        columns.set(
          `${table}.${column}`,
          rows.map(({ value }) => value),
        );
      }
    }
    return columns;
  };

  test('is what becomes of it', async () => {
    const { superuser } = gateway.db;
    const no = (await superuser.query('select no from member where id = $1', [memberId])).rows[0].no as number;
    await superuser.query('begin');
    const before = await rowsOf(no);
    await superuser.query('select hansa_erase($1)', [no]);
    const after = await rowsOf(no);
    await superuser.query('rollback');
    for (const { table, kept, erased } of PERSONAL_DATA) {
      for (const column of Object.values(kept).flat()) {
        const name = `${table}.${column}`;
        expect([name, after.get(name)]).toEqual([name, before.get(name)]);
      }
      for (const column of erased) {
        const name = `${table}.${column}`;
        if ((before.get(name) ?? []).every((value) => value === null || value === '[]')) continue;
        expect([name, after.get(name)]).not.toEqual([name, before.get(name)]);
      }
    }
  });
});

test('what is encrypted at rest is nowhere in the open', async () => {
  for (const text of [SECRETS[2], SECRETS[6], SECRETS[8]])
    expect([text, await whereIs(text as string)]).toEqual([text, []]);
});

describe('erasure', () => {
  test('is refused while units are there, changes nothing then, and is not for others', async () => {
    const { data } = await erase(anna);
    expect(data.memberErase).toEqual({ receipt: null, userErrors: [{ code: 'AVAILABLE_UNITS', field: 'memberId' }] });
    expect(await whereIs(SECRETS[0] as string)).toContain('member');
    const bank = await gateway.edge.token({ principal: 'PARTNER', partner: 'bank' });
    const other = await gateway.edge.token({ principal: 'MEMBER', member: otherId });
    for (const token of [bank, other])
      expect((await erase(token, true)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const nobody = await erase(gateway.admin, false, 'nobody');
    expect(nobody.data.memberErase.userErrors).toEqual([{ code: 'UNKNOWN_MEMBER', field: 'memberId' }]);
  });

  test('leaves nothing personal anywhere, and everything that proofs are of', async () => {
    const proofs = new ProofService(gateway.db.database, 100_000);
    await new ChainSealer(gateway.db.database).seal({ patienceMs: 20_000 });
    const proof = await proofs.ofMember(admin(), memberId);
    const explained = async () => {
      const { data } = await as(
        gateway.admin,
        '{ transactionByReference(partnerCode: "bank", kind: PURCHASE, reference: "a-1") { explanation { verified } accruals { units } } }',
      );
      return data.transactionByReference;
    };
    const before = await explained();
    expect(before.explanation.verified).toBe(true);

    const answers = await Promise.all([erase(anna, true), erase(gateway.admin, true)]);
    const [receipt, again] = answers.map(({ data }) => data.memberErase.receipt);
    expect(receipt).toMatchObject({ memberId, forfeitedSteps: expect.stringMatching(/^[1-9]\d*$/) });
    expect(again).toEqual(receipt);
    expect(receipt.erased).toContainEqual({ table: 'card', rows: 1 });

    for (const secret of SECRETS) expect([secret, await whereIs(secret)]).toEqual([secret, []]);
    expect(await explained()).toEqual(before);
    const [first = '', ...rest] = (proof?.text ?? '').trimEnd().split('\n');
    const check = new ProofCheck(readHead('Line 1', first));
    for (const [at, line] of rest.entries()) check.add(`line ${at + 2}`, readLine(`Line ${at + 2}`, line));
    expect(check.finish().faults).toEqual([]);
    await expectSoundLedger(gateway.db);
    const { rows } = await gateway.db.superuser.query(
      'select available_units::int as available, pending_units::int as pending from member_balance b join member m on m.no = b.member_no where m.id = $1',
      [memberId],
    );
    expect(rows).toEqual([{ available: 0, pending: 0 }]);
  });

  test('keeps the business keys: the same message is the same, another one under its name is refused', async () => {
    const submit = (input: object) =>
      as(
        gateway.admin,
        'mutation ($input: TransactionSubmitInput!) { transactionSubmit(input: $input) { transaction { id } userErrors { code } } }',
        { input },
      );
    const same = await submit(ANNAS);
    expect(same.data.transactionSubmit).toEqual({ transaction: { id: expect.any(String) }, userErrors: [] });
    const different = await submit({
      ...ANNAS,
      transaction: { ...ANNAS.transaction, amount: { amount: '7.00', currencyCode: 'EUR' } },
    });
    expect(different.data.transactionSubmit.userErrors).toHaveLength(1);
    await expectSoundLedger(gateway.db);
  });

  test('lets nobody sign in or see it any more, and the same person come back as somebody new', async () => {
    const closed = await as(gateway.admin, `{ member(id: "${memberId}") { status code birthday } }`);
    expect(closed.data.member).toEqual({ status: 'CLOSED', code: `erased-${memberId}`, birthday: null });
    const bank = await gateway.edge.token({ principal: 'PARTNER', partner: 'bank' });
    expect((await as(bank, `{ member(id: "${memberId}") { id } }`)).data.member).toBeNull();
    await takeIn(gateway, 'privacy', SECRETS[0] as string, { token: SECRETS[1] as string, issuerCode: 'bank' });
    const { data } = await as(
      gateway.admin,
      `{ member(code: "${SECRETS[0]}", programmeCode: "privacy") { id balance { available } } }`,
    );
    expect(data.member.id).not.toBe(memberId);
    expect(data.member.balance.available).toBe('0');
  });
});
