import type { Edge } from '../../api/edge.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { addProgramme, countReads, openModuleEdge } from '../../support/module-fixture.js';

let db: TestDatabase;
let edge: Edge;
let admin: string;

const ONBOARD = `mutation ($input: PartnerOnboardInput!) {
  partnerOnboard(input: $input) { partner { id code name roles status onboardedAt } userErrors { code message field } }
}`;

const terms = {
  programmeCode: 'demo',
  effectiveFrom: '2026-01-01',
  fundingShares: [
    { party: 'SELF', share: '1/3' },
    { party: 'PROGRAMME', share: '2/3' },
  ],
  commissionRate: '7.5%',
  taxCode: 'VAT-20',
  taxRate: '0.2',
  taxTreatment: 'MARKETING',
  model: 'SETTLE_AT_ISSUANCE',
};

const partner = (code: string, but: object = {}): object => ({
  code,
  name: `Partner ${code}`,
  roles: ['MERCHANT'],
  ...but,
});

async function onboard(input: object): Promise<{ id: string }> {
  const { data } = await edge.ask(ONBOARD, { token: admin, variables: { input } });
  if (data.partnerOnboard.userErrors.length > 0) throw new Error(JSON.stringify(data.partnerOnboard.userErrors));
  return data.partnerOnboard.partner;
}

beforeAll(async () => {
  db = await openTestDatabase();
  await addProgramme(db, 'demo');
  edge = await openModuleEdge(db);
  admin = await edge.token({ principal: 'ADMIN' });
  const outlets = ['web', 'app', 'shop'].map((code) => ({
    code,
    name: code,
    channel: 'ONLINE',
    merchantIds: [`MID-${code}`],
  }));
  await onboard(partner('grocer', { outlets, contract: terms }));
  await onboard(
    partner('bank', { roles: ['BANK'], contract: { ...terms, minimumPayout: { amount: '5', currencyCode: 'GBP' } } }),
  );
});
afterAll(async () => {
  await edge.stop();
  await db.close();
});

describe('commands are refused with a code, a sentence and the field', () => {
  test.each<[string, string, object, { code: string; field: string }]>([
    [
      'partnerOnboard',
      ONBOARD,
      partner('fresh', { outlets: [{ code: 'web', name: 'Web', channel: 'ONLINE', mcc: '54' }] }),
      { code: 'MALFORMED_MCC', field: 'outlets.0.mcc' },
    ],
    ['partnerOnboard of a known code', ONBOARD, partner('grocer'), { code: 'CODE_TAKEN', field: 'code' }],
    [
      'outletAdd',
      'mutation ($input: OutletAddInput!) { outletAdd(input: $input) { outlet { id } userErrors { code message field } } }',
      { partnerCode: 'bank', code: 'atm', name: 'ATM', channel: 'IN_STORE', merchantIds: ['MID-web'] },
      { code: 'MERCHANT_ID_TAKEN', field: 'merchantIds.0' },
    ],
    [
      'contractAgree',
      'mutation ($input: ContractAgreeInput!) { contractAgree(input: $input) { contract { id } userErrors { code message field } } }',
      { partnerCode: 'grocer', ...terms },
      { code: 'EFFECTIVE_FROM_NOT_LATER', field: 'effectiveFrom' },
    ],
    [
      'partnerSuspend',
      'mutation ($input: PartnerStatusInput!) { partnerSuspend(input: $input) { partner { id } userErrors { code message field } } }',
      { partnerCode: 'nobody' },
      { code: 'UNKNOWN_PARTNER', field: 'partnerCode' },
    ],
  ])('%s', async (_, query, input, expected) => {
    const { data, errors } = await edge.ask(query, { token: admin, variables: { input } });
    expect(errors).toBeUndefined();
    const [payload] = Object.values(data as Record<string, { userErrors: object[] }>);
    expect(payload?.userErrors).toEqual([{ ...expected, message: expect.stringMatching(/^[A-Z].+[.]$/) }]);
    const { userErrors: _errors, ...object } = payload as { userErrors: object[] };
    expect(Object.values(object)).toEqual([null]);
  });

  test('and a partner may not use them', async () => {
    const token = await edge.token({ principal: 'PARTNER', partner: 'grocer', scopes: ['partners:write'] });
    const { data, errors } = await edge.ask(ONBOARD, { token, variables: { input: partner('fresh') } });
    expect(data).toEqual({ partnerOnboard: null });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

const CONTRACT = `id programmeCode version effectiveFrom fundingShares { party share } commissionRate taxCode taxRate
  taxTreatment minimumPayout { amount currencyCode } model refundReturnsCommission agreedAt`;

test('a contract is shown as it was agreed, newest first', async () => {
  const agree = `mutation ($input: ContractAgreeInput!) {
    contractAgree(input: $input) { contract { ${CONTRACT} } userErrors { code } }
  }`;
  const input = { ...terms, partnerCode: 'bank', effectiveFrom: '2026-07-01', refundReturnsCommission: false };
  const { data } = await edge.ask(agree, { token: admin, variables: { input } });
  expect(data.contractAgree.userErrors).toEqual([]);
  const second = data.contractAgree.contract;
  expect(second).toEqual({
    id: expect.any(String),
    programmeCode: 'demo',
    version: 2,
    effectiveFrom: '2026-07-01',
    fundingShares: [
      { party: 'SELF', share: '1/3' },
      { party: 'PROGRAMME', share: '2/3' },
    ],
    commissionRate: '7.5%',
    taxCode: 'VAT-20',
    taxRate: '20%',
    taxTreatment: 'MARKETING',
    minimumPayout: { amount: '0.00', currencyCode: 'GBP' },
    model: 'SETTLE_AT_ISSUANCE',
    refundReturnsCommission: false,
    agreedAt: expect.stringMatching(/Z$/),
  });
  const read = await edge.ask(`{ partner(code: "bank") { contracts { ${CONTRACT} } } }`, { token: admin });
  expect(read.data.partner.contracts).toEqual([
    second,
    expect.objectContaining({ version: 1, minimumPayout: { amount: '5.00', currencyCode: 'GBP' } }),
  ]);
});

test('what it says about settling is shown with its defaults, and amounts are checked', async () => {
  const FIELDS = `issuePrice redemptionPrice acceptanceFeeRate returnReversesFee breakageOwner clawbackPolicy clawbackLimit cycle
    netting commissionPer settlementCurrency paymentDays disputeDays deposit { amount } exposureCap { amount }
    exposureAction prepaid prepaidReorder { amount }`;
  const AGREE = `mutation ($input: ContractAgreeInput!) {
    contractAgree(input: $input) { contract { settlement { ${FIELDS} } } userErrors { code field } }
  }`;
  const agree = async (effectiveFrom: string, settlement: object) => {
    const input = { ...terms, partnerCode: 'bank', effectiveFrom, settlement };
    return (await edge.ask(AGREE, { token: admin, variables: { input } })).data.contractAgree;
  };
  const wrong = await agree('2026-08-01', { deposit: { amount: '1.001', currencyCode: 'GBP' } });
  expect(wrong).toEqual({
    contract: null,
    userErrors: [{ code: 'TOO_MANY_DECIMALS', field: 'settlement.deposit.amount' }],
  });
  const { contract } = await agree('2026-08-01', {
    redemptionPrice: '0.008',
    acceptanceFeeRate: '2%',
    cycle: 'WEEKLY',
    clawbackPolicy: 'MERCHANT_BEARS',
    clawbackLimit: '500',
    exposureCap: { amount: '1000.00', currencyCode: 'GBP' },
    settlementCurrency: 'EUR',
  });
  expect(contract.settlement).toEqual({
    issuePrice: null,
    redemptionPrice: '0.8%',
    acceptanceFeeRate: '2%',
    returnReversesFee: true,
    breakageOwner: 'PROGRAMME',
    clawbackPolicy: 'MERCHANT_BEARS',
    clawbackLimit: expect.stringMatching(/^500/),
    cycle: 'WEEKLY',
    netting: 'NET',
    commissionPer: 'ACCRUAL',
    settlementCurrency: 'EUR',
    paymentDays: 14,
    disputeDays: 30,
    deposit: { amount: '0.00' },
    exposureCap: { amount: '1000.00' },
    exposureAction: 'REJECT',
    prepaid: false,
    prepaidReorder: null,
  });
});

describe('who sees what of a partner', () => {
  const SEEN = '{ partner(code: "grocer") { code contracts { version } outlets { nodes { code merchantIds } } } }';
  const everything = {
    code: 'grocer',
    contracts: [{ version: 1 }],
    outlets: {
      nodes: [
        { code: 'app', merchantIds: ['MID-app'] },
        { code: 'shop', merchantIds: ['MID-shop'] },
        { code: 'web', merchantIds: ['MID-web'] },
      ],
    },
  };
  const fromOutside = {
    code: 'grocer',
    contracts: null,
    outlets: { nodes: ['app', 'shop', 'web'].map((code) => ({ code, merchantIds: [] })) },
  };

  test.each([
    ['an administrator', { principal: 'ADMIN' }, everything],
    ['the partner itself', { principal: 'PARTNER', partner: 'grocer' }, everything],
    ['another partner', { principal: 'PARTNER', partner: 'bank' }, fromOutside],
  ] as const)('%s', async (_, request, expected) => {
    const { data, errors } = await edge.ask(SEEN, { token: await edge.token(request) });
    expect(errors).toBeUndefined();
    expect(data.partner).toEqual(expected);
  });
});

test('partners and their outlets are paged, and found by id', async () => {
  const page = `query ($after: String) { partners(first: 1, after: $after) {
    nodes { id code outlets(last: 2) { nodes { code } pageInfo { hasPreviousPage } } } pageInfo { hasNextPage endCursor }
  } }`;
  const first = await edge.ask(page, { token: admin });
  expect(first.data.partners.nodes[0]).toMatchObject({ code: 'bank', outlets: { nodes: [] } });
  const { endCursor } = first.data.partners.pageInfo;
  const second = await edge.ask(page, { token: admin, variables: { after: endCursor } });
  const [grocer] = second.data.partners.nodes;
  expect(grocer).toMatchObject({
    code: 'grocer',
    outlets: { nodes: [{ code: 'shop' }, { code: 'web' }], pageInfo: { hasPreviousPage: true } },
  });
  expect(second.data.partners.pageInfo.hasNextPage).toBe(false);
  const banks = await edge.ask('{ partners(role: BANK) { nodes { code } } }', { token: admin });
  expect(banks.data.partners.nodes).toEqual([{ code: 'bank' }]);
  const node = await edge.ask('query ($id: ID!) { node(id: $id) { __typename id } }', {
    token: admin,
    variables: { id: grocer.id },
  });
  expect(node.data.node).toEqual({ __typename: 'Partner', id: grocer.id });
  const nobody = await edge.ask('{ partner(code: "nobody") { id } }', { token: admin });
  expect(nobody).toMatchObject({ data: { partner: null } });
  expect(nobody.errors).toBeUndefined();
});

test('more partners cost no more statements', async () => {
  const read = (first: number): Promise<number> =>
    countReads(db, () =>
      edge.ask(
        `{ partners(first: ${first}) { nodes { contracts { version } outlets(first: 2) { nodes { code merchantIds } } } } }`,
        {
          token: admin,
        },
      ),
    );
  for (let index = 0; index < 8; index += 1) {
    const outlets = [{ code: 'web', name: 'Web', channel: 'ONLINE', merchantIds: [`MID-many-${index}`] }];
    await onboard(partner(`many-${index}`, { outlets, contract: terms }));
  }
  const few = await read(2);
  expect(few).toBeGreaterThan(0);
  expect(await read(10)).toBe(few);
});
