import { checkClient, mayHandOn, mayTakeFrom, type NewClient } from '../../../src/domain/access/client.js';
import type { PrincipalKind, Scope } from '../../../src/domain/access/principal.js';
import { admin, partner } from '../../support/principals.js';

const USABLE: readonly Scope[] = ['transactions:write', 'transactions:read'];
const till: NewClient = { name: 'Till', kind: 'PARTNER', partnerCode: 'shop', scopes: ['transactions:write'] };

describe('a client is refused', () => {
  test.each<[string, Partial<NewClient>, string]>([
    ['without a name', { name: ' ' }, 'MALFORMED_NAME'],
    ['with spaces around its name', { name: 'Till ' }, 'MALFORMED_NAME'],
    ['with too long a name', { name: 'x'.repeat(101) }, 'MALFORMED_NAME'],
    ['of a partner that is not named', { partnerCode: undefined as never }, 'PARTNER_REQUIRED'],
    ['of an administrator with a partner', { kind: 'ADMIN' }, 'PARTNER_NOT_WANTED'],
    ['that would be allowed nothing', { scopes: [] }, 'NO_SCOPES'],
    ['with a scope that its kind cannot use', { scopes: ['programme:admin'] }, 'SCOPE_NOT_USABLE'],
    ['with keys at an open address', { jwksUri: 'http://shop.example/keys' }, 'MALFORMED_JWKS_URI'],
    ['with keys behind a password', { jwksUri: 'https://a:b@shop.example/keys' }, 'MALFORMED_JWKS_URI'],
    ['with keys at no address', { jwksUri: 'keys' }, 'MALFORMED_JWKS_URI'],
  ])('%s', (_what, but, code) => {
    expect(checkClient({ ...till, ...but }, USABLE)).toMatchObject({ ok: false, failure: { code } });
  });
});

test('a client is taken, its scopes once each', () => {
  const given = { ...till, scopes: ['transactions:write', 'transactions:write'] as const };
  expect(checkClient(given, USABLE)).toEqual({ ok: true, value: till });
});

describe('nobody hands on more than it has', () => {
  const of = (kind: PrincipalKind, scopes: readonly Scope[]) =>
    kind === 'PARTNER' ? { ...partner(1), scopes: new Set(scopes) } : ({ ...admin('x', scopes), kind } as never);
  test.each<[PrincipalKind, readonly Scope[], NewClient['kind'], readonly Scope[], boolean]>([
    ['ADMIN', ['clients:write'], 'PARTNER', ['transactions:write'], true],
    ['ADMIN', ['clients:write'], 'ADMIN', ['programme:admin'], false],
    ['ADMIN', ['clients:write', 'programme:admin'], 'ADMIN', ['programme:admin'], true],
    ['ADMIN', ['clients:write'], 'SERVICE', ['ledger:read'], false],
    ['OPERATOR', ['clients:write'], 'PARTNER', ['transactions:write'], true],
    ['OPERATOR', ['clients:write', 'ledger:read'], 'SERVICE', ['ledger:read'], false],
    ['OPERATOR', ['clients:write', 'programme:admin'], 'ADMIN', ['programme:admin'], false],
    ['PARTNER', ['clients:write'], 'PARTNER', ['transactions:write'], false],
    ['PARTNER', ['clients:write', 'transactions:write'], 'PARTNER', ['transactions:write'], true],
  ])('%s with %j, a client of kind %s with %j: %s', (kind, scopes, clientKind, clientScopes, expected) => {
    expect(mayHandOn(of(kind, scopes), { kind: clientKind, scopes: clientScopes })).toBe(expected);
  });

  test('but whoever may handle a kind of client may take from it', () => {
    expect(mayTakeFrom(of('ADMIN', []), 'ADMIN')).toBe(true);
    expect(mayTakeFrom(of('OPERATOR', []), 'PARTNER')).toBe(true);
    expect(mayTakeFrom(of('OPERATOR', []), 'ADMIN')).toBe(false);
    expect(mayTakeFrom(of('PARTNER', []), 'PARTNER')).toBe(true);
  });
});
