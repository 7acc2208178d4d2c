import { checkOutlet, checkPartner, type NewOutlet, type NewPartner } from '../../../src/domain/partners/partner.js';

const OUTLET: NewOutlet = {
  code: 'high-street',
  name: 'High Street',
  channel: 'IN_STORE',
  mcc: '5411',
  merchantIds: ['GB123'],
};
const PARTNER: NewPartner = { code: 'grocer', name: 'Grocer', roles: ['MERCHANT'], outlets: [OUTLET] };

describe('checkPartner refuses', () => {
  test.each<[string, Partial<NewPartner>, string, string]>([
    ['an empty code', { code: '' }, 'MALFORMED_CODE', 'code'],
    ['capital letters in a code', { code: 'Grocer' }, 'MALFORMED_CODE', 'code'],
    ['a code that starts with a dash', { code: '-grocer' }, 'MALFORMED_CODE', 'code'],
    ['a code of 64 characters', { code: 'g'.repeat(64) }, 'MALFORMED_CODE', 'code'],
    ['an empty name', { name: '' }, 'MALFORMED_NAME', 'name'],
    ['a name of spaces', { name: '   ' }, 'MALFORMED_NAME', 'name'],
    ['a name of 201 characters', { name: 'n'.repeat(201) }, 'MALFORMED_NAME', 'name'],
    ['a name that PostgreSQL cannot keep', { name: 'a\u0000b' }, 'MALFORMED_NAME', 'name'],
    ['no roles', { roles: [] }, 'ROLES_MISSING', 'roles'],
    ['one outlet twice', { outlets: [OUTLET, { ...OUTLET, merchantIds: [] }] }, 'OUTLET_REPEATED', 'outlets.1.code'],
    [
      'one merchant id at two outlets',
      { outlets: [OUTLET, { ...OUTLET, code: 'web' }] },
      'MERCHANT_ID_REPEATED',
      'outlets.1.merchantIds.0',
    ],
    ['a wrong outlet', { outlets: [OUTLET, { ...OUTLET, code: 'web', mcc: '541' }] }, 'MALFORMED_MCC', 'outlets.1.mcc'],
  ])('%s', (_, but, code, field) => {
    expect(checkPartner({ ...PARTNER, ...but })).toMatchObject({ ok: false, failure: { code, field } });
  });
});

describe('checkOutlet refuses', () => {
  test.each<[string, Partial<NewOutlet>, string, string]>([
    ['a malformed code', { code: 'High Street' }, 'MALFORMED_CODE', 'code'],
    ['an empty name', { name: '' }, 'MALFORMED_NAME', 'name'],
    ['letters in a category code', { mcc: '54I1' }, 'MALFORMED_MCC', 'mcc'],
    ['five digits', { mcc: '54111' }, 'MALFORMED_MCC', 'mcc'],
    ['an empty merchant id', { merchantIds: ['a', ''] }, 'MALFORMED_MERCHANT_ID', 'merchantIds.1'],
    ['spaces around a merchant id', { merchantIds: [' a'] }, 'MALFORMED_MERCHANT_ID', 'merchantIds.0'],
    ['a merchant id of 65 characters', { merchantIds: ['m'.repeat(65)] }, 'MALFORMED_MERCHANT_ID', 'merchantIds.0'],
    ['a merchant id twice', { merchantIds: ['a', 'a'] }, 'MERCHANT_ID_REPEATED', 'merchantIds.1'],
  ])('%s', (_, but, code, field) => {
    expect(checkOutlet({ ...OUTLET, ...but })).toMatchObject({ ok: false, failure: { code, field } });
  });
});

test('a partner of several roles with several outlets is taken', () => {
  const web: NewOutlet = { code: 'web', name: 'Web', channel: 'ONLINE', merchantIds: [] };
  expect(checkPartner({ ...PARTNER, roles: ['MERCHANT', 'CHARITY'], outlets: [OUTLET, web] }).ok).toBe(true);
});
