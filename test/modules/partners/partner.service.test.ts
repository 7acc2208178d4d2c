import { ForbiddenError } from '../../../src/modules/access/index.js';
import {
  type AgreeContract,
  loadPartners,
  type OnboardPartner,
  type PartnerDirectory,
  PartnerService,
} from '../../../src/modules/partners/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { addProgramme, partnerOf, rateOf, termsFor } from '../../support/module-fixture.js';
import { admin, partner } from '../../support/principals.js';

const ADMIN = admin();

let db: TestDatabase;
let service: PartnerService;
let programmeNo: number;

beforeAll(async () => {
  db = await openTestDatabase();
  service = new PartnerService(db.writer);
  programmeNo = await addProgramme(db, 'demo');
  const outlet = { code: 'shop', name: 'Shop', channel: 'IN_STORE', merchantIds: ['TAKEN-1'] } as const;
  await service.onboard(
    ADMIN,
    partnerOf('taken', { outlets: [outlet], contract: termsFor('demo', { effectiveFrom: '2026-03-01' }) }),
  );
  await service.onboard(ADMIN, partnerOf('gone'));
  await db.superuser.query(`update partner set status = 'CLOSED' where code = 'gone'`);
});
afterAll(() => db.close());

const directory = (): Promise<PartnerDirectory> => db.database.command(loadPartners);
const counted = async (): Promise<unknown> =>
  (
    await db.superuser.query(
      `select (select count(*) from partner) as partners, (select count(*) from outlet) as outlets,
              (select count(*) from outlet_merchant_id) as ids, (select count(*) from contract) as contracts`,
    )
  ).rows[0];

describe('onboarding is refused and stores nothing', () => {
  const outlet = { code: 'web', name: 'Web', channel: 'ONLINE', merchantIds: ['FREE-1', 'TAKEN-1'] } as const;
  test.each<[string, Partial<OnboardPartner>, string, string]>([
    ['no roles', { roles: [] }, 'ROLES_MISSING', 'roles'],
    ['a code that is taken', { code: 'taken' }, 'CODE_TAKEN', 'code'],
    ['a merchant id of another outlet', { outlets: [outlet] }, 'MERCHANT_ID_TAKEN', 'outlets.0.merchantIds.1'],
    ['an unknown programme', { contract: termsFor('nowhere') }, 'UNKNOWN_PROGRAMME', 'contract.programmeCode'],
    [
      'funding shares below one',
      { contract: termsFor('demo', { fundingShares: [{ party: 'SELF', share: rateOf('99%') }] }) },
      'FUNDING_SHARES_NOT_ONE',
      'contract.fundingShares',
    ],
    [
      'a minimum in another currency',
      { contract: termsFor('demo', { minimumPayout: { amount: '5', currencyCode: 'EUR' } }) },
      'CURRENCY_MISMATCH',
      'contract.minimumPayout.currencyCode',
    ],
    [
      'a minimum with too many decimals',
      { contract: termsFor('demo', { minimumPayout: { amount: '5.001', currencyCode: 'GBP' } }) },
      'TOO_MANY_DECIMALS',
      'contract.minimumPayout.amount',
    ],
  ])('%s', async (_, but, code, field) => {
    const before = await counted();
    expect(await service.onboard(ADMIN, partnerOf('fresh', but))).toMatchObject({
      ok: false,
      failure: { code, field },
    });
    expect(await counted()).toEqual(before);
  });

  test('by anyone who does not run the programme', async () => {
    for (const principal of [
      { ...ADMIN, kind: 'SERVICE' } as const,
      partner(1, 'taken'),
      admin('reader', ['partners:read']),
    ]) {
      await expect(service.onboard(principal, partnerOf('fresh'))).rejects.toThrow(ForbiddenError);
    }
  });
});

test('a partner is taken in whole, and decisions see all of it', async () => {
  const outlets = [
    { code: 'web', name: 'Web shop', channel: 'ONLINE', mcc: '0763', merchantIds: ['GROCER-WEB', 'GROCER-APP'] },
    { code: 'market', name: 'Market', channel: 'IN_STORE', merchantIds: [] },
  ] as const;
  const contract = termsFor('demo', {
    fundingShares: [
      { party: 'SELF', share: rateOf('1/3') },
      { party: 'PROGRAMME', share: rateOf('2/3') },
    ],
    minimumPayout: { amount: '5.50', currencyCode: 'GBP' },
    model: 'SETTLE_AT_REDEMPTION',
    refundReturnsCommission: false,
  });
  const result = await service.onboard(
    ADMIN,
    partnerOf('grocer', { roles: ['MERCHANT', 'BANK', 'MERCHANT'], outlets, contract }),
  );
  expect(result).toMatchObject({ ok: true, value: { code: 'grocer', status: 'ACTIVE', roles: ['MERCHANT', 'BANK'] } });

  const known = await directory();
  const grocer = known.byCode('grocer');
  expect(grocer).toEqual({
    id: expect.any(String),
    no: expect.any(Number),
    code: 'grocer',
    name: 'Partner grocer',
    roles: ['MERCHANT', 'BANK'],
    status: 'ACTIVE',
  });
  const no = grocer?.no as number;
  expect(known.byNo(no)).toBe(grocer);
  expect(known.all()).toContain(grocer);
  const web = known.outlet('grocer', 'web');
  expect(web).toEqual({
    id: expect.any(String),
    code: 'web',
    name: 'Web shop',
    partnerNo: no,
    partnerCode: 'grocer',
    channel: 'ONLINE',
    mcc: '0763',
  });
  expect(known.outletByMerchantId('GROCER-APP')).toBe(web);
  expect(known.outletByMerchantId('grocer-app')).toBeUndefined();
  expect(known.outletById(web?.id as string)).toBe(web);
  expect(known.outlet('grocer', 'market')).not.toHaveProperty('mcc');
  const agreed = known.contractOn(no, programmeNo, '2026-01-01');
  expect(agreed).toMatchObject({
    partnerNo: no,
    programmeNo,
    version: 1,
    effectiveFrom: '2026-01-01',
    fundingShares: [
      { party: 'SELF', share: rateOf('1/3') },
      { party: 'PROGRAMME', share: rateOf('2/3') },
    ],
    commissionRate: rateOf('10%'),
    taxRate: rateOf('20%'),
    taxTreatment: 'MARKETING',
    minimumPayoutMinor: 550n,
    model: 'SETTLE_AT_REDEMPTION',
    refundReturnsCommission: false,
  });
  expect(known.contractByNo(agreed?.no as number)).toBe(agreed);
  expect(known.contractOn(no, programmeNo, '2025-12-31')).toBeUndefined();
  expect(known.contractOn(no, programmeNo + 1, '2026-01-01')).toBeUndefined();
});

describe('an outlet is refused', () => {
  const good = { code: 'kiosk', name: 'Kiosk', channel: 'APP', merchantIds: [] } as const;
  test.each<[string, string, object, string, string]>([
    ['at an unknown partner', 'nobody', {}, 'UNKNOWN_PARTNER', 'partnerCode'],
    ['at a partner that has left', 'gone', {}, 'PARTNER_CLOSED', 'partnerCode'],
    ['with a wrong category code', 'taken', { mcc: '12' }, 'MALFORMED_MCC', 'mcc'],
    ['with the code of another', 'taken', { code: 'shop' }, 'OUTLET_TAKEN', 'code'],
    [
      'with a merchant id of another',
      'taken',
      { merchantIds: ['NEW-1', 'TAKEN-1'] },
      'MERCHANT_ID_TAKEN',
      'merchantIds.1',
    ],
  ])('%s', async (_, partnerCode, but, code, field) => {
    expect(await service.addOutlet(ADMIN, partnerCode, { ...good, ...but })).toMatchObject({
      ok: false,
      failure: { code, field },
    });
  });

  test('by the partner itself', async () => {
    await expect(service.addOutlet(partner(1, 'taken'), 'taken', good)).rejects.toThrow(ForbiddenError);
  });
});

test('an outlet is added', async () => {
  const outlet = { code: 'kiosk', name: 'Kiosk', channel: 'APP', merchantIds: ['KIOSK'] } as const;
  expect(await service.addOutlet(ADMIN, 'taken', outlet)).toMatchObject({
    ok: true,
    value: { code: 'kiosk', channel: 'APP' },
  });
  expect((await directory()).outletByMerchantId('KIOSK')).toMatchObject({ code: 'kiosk', partnerCode: 'taken' });
});

describe('a contract is refused', () => {
  test.each<[string, string, Partial<AgreeContract>, string, string]>([
    ['with an unknown partner', 'nobody', {}, 'UNKNOWN_PARTNER', 'partnerCode'],
    ['with a partner that has left', 'gone', {}, 'PARTNER_CLOSED', 'partnerCode'],
    ['in an unknown programme', 'taken', { programmeCode: 'nowhere' }, 'UNKNOWN_PROGRAMME', 'programmeCode'],
    [
      'from a day before the newest version',
      'taken',
      { effectiveFrom: '2026-02-28' },
      'EFFECTIVE_FROM_NOT_LATER',
      'effectiveFrom',
    ],
    [
      'from the day of the newest version',
      'taken',
      { effectiveFrom: '2026-03-01' },
      'EFFECTIVE_FROM_NOT_LATER',
      'effectiveFrom',
    ],
    [
      'with a commission above one',
      'taken',
      { effectiveFrom: '2027-01-01', commissionRate: rateOf('10') },
      'RATE_ABOVE_ONE',
      'commissionRate',
    ],
  ])('%s', async (_, partnerCode, but, code, field) => {
    expect(await service.agreeContract(ADMIN, partnerCode, termsFor('demo', but))).toMatchObject({
      ok: false,
      failure: { code, field },
    });
  });
});

test('a new version counts from its day and leaves the earlier ones as they were', async () => {
  const before = await directory();
  const no = before.byCode('taken')?.no as number;
  const agreed = await service.agreeContract(
    ADMIN,
    'taken',
    termsFor('demo', { effectiveFrom: '2026-06-01', commissionRate: rateOf('7.5%') }),
  );
  expect(agreed).toMatchObject({ ok: true, value: { contract: { version: 2 }, programme: { code: 'demo' } } });
  const after = await directory();
  expect(after.contractOn(no, programmeNo, '2026-05-31')).toEqual(before.contractOn(no, programmeNo, '2026-05-31'));
  expect(after.contractOn(no, programmeNo, '2026-05-31')?.version).toBe(1);
  expect(after.contractOn(no, programmeNo, '2026-06-01')).toMatchObject({ version: 2, commissionRate: rateOf('7.5%') });
  expect(after.contractOn(no, programmeNo, '2099-01-01')?.version).toBe(2);
});

test('suspending and reactivating, each twice the same as once', async () => {
  for (const [verb, status] of [
    ['suspend', 'SUSPENDED'],
    ['suspend', 'SUSPENDED'],
    ['reactivate', 'ACTIVE'],
    ['reactivate', 'ACTIVE'],
  ] as const) {
    expect(await service[verb](ADMIN, 'taken')).toMatchObject({ ok: true, value: { status } });
    expect((await directory()).byCode('taken')?.status).toBe(status);
  }
  expect(await service.reactivate(ADMIN, 'gone')).toMatchObject({ ok: false, failure: { code: 'PARTNER_CLOSED' } });
});

test('every change makes caches of reference data stale', async () => {
  const epoch = async (): Promise<bigint> =>
    BigInt((await db.superuser.query('select epoch from reference_epoch')).rows[0].epoch);
  const changes = [
    () => service.onboard(ADMIN, partnerOf('epoch')),
    () => service.addOutlet(ADMIN, 'epoch', { code: 'o', name: 'O', channel: 'APP', merchantIds: [] }),
    () => service.agreeContract(ADMIN, 'epoch', termsFor('demo')),
    () => service.suspend(ADMIN, 'epoch'),
  ];
  for (const change of changes) {
    const before = await epoch();
    expect((await change()).ok).toBe(true);
    expect(await epoch()).toBeGreaterThan(before);
  }
});

describe('at the same time', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => index);

  test('20 onboardings of one code make one partner, and the others are told', async () => {
    const results = await Promise.all(twenty.map(() => service.onboard(ADMIN, partnerOf('racer'))));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.failure.code === 'CODE_TAKEN')).toHaveLength(19);
  });

  test('20 partners claim one merchant id and one gets it', async () => {
    const outlets = [{ code: 'shop', name: 'Shop', channel: 'IN_STORE', merchantIds: ['CONTESTED'] }] as const;
    const results = await Promise.all(
      twenty.map((index) => service.onboard(ADMIN, partnerOf(`claim-${index}`, { outlets }))),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.failure.code === 'MERCHANT_ID_TAKEN')).toHaveLength(19);
  });

  test('20 agreements of one day make one version', async () => {
    const results = await Promise.all(twenty.map(() => service.agreeContract(ADMIN, 'racer', termsFor('demo'))));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.failure.code === 'EFFECTIVE_FROM_NOT_LATER')).toHaveLength(
      19,
    );
  });

  test('20 agreements of 20 days take their turns: versions follow each other as their days do', async () => {
    await service.onboard(ADMIN, partnerOf('turns'));
    const days = twenty.map((index) => `2026-02-${String(index + 1).padStart(2, '0')}`);
    const results = await Promise.all(
      days.map((effectiveFrom) => service.agreeContract(ADMIN, 'turns', termsFor('demo', { effectiveFrom }))),
    );
    const agreed = results.flatMap((result) => (result.ok ? [result.value.contract] : []));
    const refused = results.flatMap((result) => (result.ok ? [] : [result.failure.code]));
    expect(new Set(refused).size).toBeLessThanOrEqual(1);
    expect(agreed.length + refused.filter((code) => code === 'EFFECTIVE_FROM_NOT_LATER').length).toBe(20);
    const byVersion = agreed.toSorted((a, b) => a.version - b.version);
    expect(byVersion.map(({ version }) => version)).toEqual(byVersion.map((_, index) => index + 1));
    expect(byVersion.map(({ effectiveFrom }) => effectiveFrom)).toEqual(
      agreed.map((one) => one.effectiveFrom).toSorted(),
    );
  });
});
