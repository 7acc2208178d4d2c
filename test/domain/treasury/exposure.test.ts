import fc from 'fast-check';
import { rate } from '../../../src/domain/money/rate.js';
import {
  alertsOf,
  ChargeRooms,
  exposureOf,
  isBounded,
  NO_STANDING,
  type PartnerStanding,
  type RiskTerms,
  roomOf,
} from '../../../src/domain/treasury/exposure.js';

/** Commission 10 %, tax 20 % of it: 100 pending are charged 112. */
const terms = (settlement: Partial<RiskTerms['settlement']>): RiskTerms => ({
  commissionRate: rate(1n, 10n),
  taxRate: rate(1n, 5n),
  settlement: { prepaid: false, exposureAction: 'REJECT', depositMinor: 0n, ...settlement },
});
const standing = (but: Partial<PartnerStanding>): PartnerStanding => ({ ...NO_STANDING, ...but });

it.each<[string, Partial<RiskTerms['settlement']>, Partial<PartnerStanding>, bigint | undefined]>([
  ['nothing bounds it', {}, { openMinor: 1_000n }, undefined],
  ['a cap that only flags', { exposureCapMinor: 10n, exposureAction: 'FLAG' }, { openMinor: 1_000n }, undefined],
  ['a cap with room', { exposureCapMinor: 1_000n }, { openMinor: 300n, unpaidMinor: 200n, pendingMinor: 100n }, 388n],
  ['a cap with a deposit', { exposureCapMinor: 1_000n }, { openMinor: 300n, depositMinor: 500n }, 1_200n],
  ['a cap that was passed', { exposureCapMinor: 100n }, { openMinor: 300n }, -200n],
  ['a cap of one who is owed', { exposureCapMinor: 100n }, { openMinor: -300n }, 400n],
  ['a block', { prepaid: true }, { blockMinor: 500n, pendingMinor: 100n, unpaidMinor: 500n }, 388n],
  ['no block', { prepaid: true }, {}, 0n],
  [
    'a block and a cap below it',
    { prepaid: true, exposureCapMinor: 100n },
    { blockMinor: 500n, unpaidMinor: 550n },
    50n,
  ],
])('%s', (_what, settlement, balances, room) => {
  expect(roomOf(standing(balances), terms(settlement))).toBe(room);
  expect(isBounded(terms(settlement))).toBe(room !== undefined);
});

it('names what somebody should look at', () => {
  const all = { prepaid: true, prepaidReorderMinor: 100n, exposureCapMinor: 50n, depositMinor: 10n };
  expect(alertsOf(standing({ openMinor: 60n }), terms(all))).toEqual([
    'OVER_EXPOSURE_CAP',
    'PREPAID_EMPTY',
    'DEPOSIT_MISSING',
  ]);
  expect(alertsOf(standing({ blockMinor: 99n, depositMinor: 10n }), terms(all))).toEqual(['PREPAID_TO_REORDER']);
  expect(alertsOf(standing({ blockMinor: 100n, depositMinor: 10n }), terms(all))).toEqual([]);
});

it('never lets charges of one batch pass the room together, and uses it to the last penny', () => {
  const charge = fc.bigInt(1n, 60n);
  fc.assert(
    fc.property(fc.array(charge), fc.bigInt(0n, 300n), (charges, cap) => {
      const bounded = terms({ exposureCapMinor: cap });
      const rooms = new ChargeRooms(new Map([[7, NO_STANDING]]));
      let total = 0n;
      for (const each of charges) {
        if (rooms.exceeds(7, bounded, each)) expect(total + each).toBeGreaterThan(cap);
        else {
          rooms.charge(7, each);
          total += each;
        }
      }
      expect(total).toBeLessThanOrEqual(cap);
      expect(exposureOf(standing({ openMinor: total }), bounded)).toBeLessThanOrEqual(cap);
    }),
  );
});
