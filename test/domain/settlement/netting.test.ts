import fc from 'fast-check';
import { netPositions, type PartnerStanding } from '../../../src/domain/settlement/netting.js';

const standing = (
  partnerNo: number,
  netMinor: bigint,
  openingMinor = 0n,
  minimumPayoutMinor = 0n,
): PartnerStanding => ({
  partnerNo,
  netting: 'NET',
  owesMinor: netMinor,
  owedMinor: 0n,
  opening: openingMinor === 0n ? [] : [{ side: 'NET', amountMinor: openingMinor }],
  minimumPayoutMinor,
});

describe('netPositions', () => {
  test('throws when the programme says something else than its partners', () => {
    expect(() => netPositions([standing(1, 4480n)], -4479n)).toThrow(
      'the programme\'s own accounts say -4479, its partners say -4480; run "hansa ledger verify"',
    );
  });

  test('the worked example: M1, M2, B and the programme', () => {
    const { lines, netPaymentsMinor, settled } = netPositions(
      [standing(1, 4480n), standing(2, -3243n), standing(3, 143n)],
      -1380n,
    );
    expect(lines.map(({ partyNo, closingMinor, state }) => [partyNo, closingMinor, state])).toEqual([
      [1, 4480n, 'PENDING'],
      [2, -3243n, 'PENDING'],
      [3, 143n, 'PENDING'],
      [0, -1380n, 'PENDING'],
    ]);
    expect([netPaymentsMinor, settled]).toEqual([7866n, false]);
  });

  test('its variant: a minimum payout of 5.00 carries 1.43', () => {
    const { lines, netPaymentsMinor } = netPositions(
      [standing(1, 4480n), standing(2, -3243n), standing(3, 143n, 0n, 500n)],
      -1380n,
    );
    expect(lines[2]).toMatchObject({ state: 'CARRIED', closingMinor: 143n });
    expect(netPaymentsMinor).toBe(7723n);
  });

  test.each([
    // net, opening, minimum -> state
    [0n, 0n, 0n, 'SETTLED'],
    [0n, 0n, 500n, 'SETTLED'],
    [-143n, 143n, 500n, 'SETTLED'],
    [499n, 0n, 500n, 'CARRIED'],
    [-499n, 0n, 500n, 'CARRIED'],
    [500n, 0n, 500n, 'PENDING'],
    [-500n, 0n, 500n, 'PENDING'],
    [100n, 400n, 500n, 'PENDING'],
    [0n, 400n, 500n, 'CARRIED'],
    [1n, 0n, 0n, 'PENDING'],
  ] as const)('net %s with opening %s and minimum %s is %s', (net, opening, minimum, state) => {
    expect(netPositions([standing(1, net, opening, minimum)], -net).lines[0]?.state).toBe(state);
  });

  test('nothing left to pay settles at once, the programme with it', () => {
    const { lines, settled } = netPositions([standing(1, 0n), standing(2, 100n, 0n, 500n)], -100n);
    expect([lines.at(-1)?.state, settled]).toEqual(['SETTLED', true]);
  });

  test('no partners, nothing owed', () => {
    expect(netPositions([], 0n)).toEqual({
      lines: [{ partyNo: 0, side: 'NET', openingMinor: 0n, netMinor: 0n, closingMinor: 0n, state: 'SETTLED' }],
      netPaymentsMinor: 0n,
      settled: true,
    });
  });

  test('a partner settled gross has a line for each side, each with its own minimum', () => {
    const gross: PartnerStanding = {
      partnerNo: 2,
      netting: 'GROSS',
      owesMinor: 2757n,
      owedMinor: -6000n,
      opening: [],
      minimumPayoutMinor: 3000n,
    };
    const { lines, netPaymentsMinor } = netPositions([standing(1, 4480n), gross], -1237n);
    expect(lines.map(({ partyNo, side, closingMinor, state }) => [partyNo, side, closingMinor, state])).toEqual([
      [1, 'NET', 4480n, 'PENDING'],
      [2, 'OWES', 2757n, 'CARRIED'],
      [2, 'OWED', -6000n, 'PENDING'],
      [0, 'NET', -1237n, 'PENDING'],
    ]);
    expect(netPaymentsMinor).toBe(10_480n);
  });

  test.each([
    // netting, carried -> openings by side
    [
      'GROSS',
      [
        ['OWES', 5n],
        ['OWED', -3n],
      ],
      [
        ['OWES', 5n],
        ['OWED', -3n],
      ],
    ],
    ['GROSS', [['NET', 5n]], [['OWES', 5n]]],
    ['GROSS', [['NET', -5n]], [['OWED', -5n]]],
    ['GROSS', [], [['OWES', 0n]]],
    [
      'NET',
      [
        ['OWES', 5n],
        ['OWED', -3n],
      ],
      [['NET', 2n]],
    ],
  ] as const)('%s takes over what was carried as %j', (netting, carried, expected) => {
    const opening = carried.map(([side, amountMinor]) => ({ side, amountMinor }));
    const { lines } = netPositions([{ ...standing(1, 0n), netting, opening }], 0n);
    expect(lines.slice(0, -1).map(({ side, openingMinor }) => [side, openingMinor])).toEqual(expected);
  });

  test('opening, net and closing of all lines together are zero, and only pending lines are paid', () => {
    const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    const standings = fc.array(
      fc.record({
        netting: fc.constantFrom('NET' as const, 'GROSS' as const),
        owesMinor: amount,
        owedMinor: amount,
        opening: fc.array(
          fc.record({ side: fc.constantFrom('NET' as const, 'OWES' as const, 'OWED' as const), amountMinor: amount }),
          { maxLength: 2 },
        ),
        minimumPayoutMinor: fc.bigInt({ min: 0n, max: 10n ** 6n }),
      }),
    );
    fc.assert(
      fc.property(standings, (given) => {
        const net = given.reduce((sum, { owesMinor, owedMinor }) => sum + owesMinor + owedMinor, 0n);
        const { lines, netPaymentsMinor } = netPositions(
          given.map((each, index) => ({ ...each, partnerNo: index + 1 })),
          -net,
        );
        for (const part of ['openingMinor', 'netMinor', 'closingMinor'] as const) {
          expect(lines.reduce((sum, line) => sum + line[part], 0n)).toBe(0n);
        }
        const paid = lines.filter(({ partyNo, state }) => partyNo > 0 && state === 'PENDING');
        expect(netPaymentsMinor).toBe(
          paid.reduce((sum, { closingMinor }) => sum + (closingMinor < 0n ? -closingMinor : closingMinor), 0n),
        );
      }),
    );
  });
});
