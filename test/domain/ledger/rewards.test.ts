import fc from 'fast-check';
import { Account } from '../../../src/domain/ledger/accounts.js';
import { EntryKind, type JournalEntry } from '../../../src/domain/ledger/entry.js';
import { accrualEntry, confirmationEntry, type FundedShare, voidEntry } from '../../../src/domain/ledger/rewards.js';
import { settlementEntry } from '../../../src/domain/ledger/settlement-entry.js';
import { ONE, rate } from '../../../src/domain/money/rate.js';
import { chargesFor } from '../../../src/domain/settlement/charges.js';
import { refundEntry } from '../../support/refund-entry.js';

const MEMBER = 7;
const PROGRAMME = 0;
const [M1, M2, B] = [1, 2, 3];
const ISSUANCE = 'SETTLE_AT_ISSUANCE';
const REDEMPTION = 'SETTLE_AT_REDEMPTION';

type Legs = Record<string, bigint>;
/** "account:party" -> amount, so that a table reads like LEDGER 2. */
const legs = (...entries: JournalEntry[]): Legs => {
  const sums: Legs = {};
  for (const { account, party, amount } of entries.flatMap((entry) => entry.postings)) {
    const key = `${account}:${party}`;
    sums[key] = (sums[key] ?? 0n) + amount;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0n));
};

const share = (
  funderNo: number,
  units: bigint,
  c = 0n,
  v = 0n,
  model: FundedShare['model'] = ISSUANCE,
): FundedShare => ({
  funderNo,
  units,
  valueMinor: units,
  commissionMinor: c,
  taxMinor: v,
  model,
});
const event = (...shares: FundedShare[]) => ({ memberNo: MEMBER, businessDate: '2026-01-31', shares });

describe('the entries of LEDGER 2', () => {
  const table: [string, JournalEntry, Legs][] = [
    [
      '1 accrue, partner-funded',
      accrualEntry(event(share(M1, 50n, 5n, 1n))),
      { '900:1': 50n, '100:7': -50n, '1105:1': 50n, '2000:0': -50n },
    ],
    [
      '2 accrue, programme-funded',
      accrualEntry(event(share(PROGRAMME, 50n))),
      { '900:0': 50n, '100:7': -50n, '1106:0': 50n, '2000:0': -50n },
    ],
    [
      '3 accrue, split between funders',
      accrualEntry(event(share(M1, 45n), share(B, 45n), share(PROGRAMME, 10n))),
      {
        '900:1': 45n,
        '900:3': 45n,
        '900:0': 10n,
        '100:7': -100n,
        '1105:1': 45n,
        '1105:3': 45n,
        '1106:0': 10n,
        '2000:0': -100n,
      },
    ],
    [
      '4 confirm, settle-at-issuance',
      confirmationEntry(event(share(M1, 50n, 5n, 1n))),
      {
        '100:7': 50n,
        '110:7': -50n,
        '2000:0': 50n,
        '2010:0': -50n,
        '1100:1': 56n,
        '1105:1': -50n,
        '4000:1': -5n,
        '2200:1': -1n,
      },
    ],
    [
      '4p confirm, programme part',
      confirmationEntry(event(share(PROGRAMME, 50n))),
      { '100:7': 50n, '110:7': -50n, '2000:0': 50n, '2010:0': -50n, '5000:0': 50n, '1106:0': -50n },
    ],
    [
      '4R confirm, settle-at-redemption',
      confirmationEntry(event(share(M1, 50n, 5n, 1n, REDEMPTION))),
      { '100:7': 50n, '110:7': -50n, '2000:0': 50n, '2010:0': -50n },
    ],
    [
      '5 void',
      voidEntry(event(share(M1, 50n, 5n, 1n))),
      { '100:7': 50n, '900:1': -50n, '2000:0': 50n, '1105:1': -50n },
    ],
    [
      '5p void, programme part',
      voidEntry(event(share(PROGRAMME, 50n))),
      { '100:7': 50n, '900:0': -50n, '2000:0': 50n, '1106:0': -50n },
    ],
    [
      '6 refund after confirmation',
      refundEntry(event(share(M1, 50n, 5n, 1n))),
      { '110:7': 50n, '900:1': -50n, '2010:0': 50n, '1100:1': -56n, '4000:1': 5n, '2200:1': 1n },
    ],
    [
      '6 refund, commission kept',
      refundEntry(event(share(M1, 50n))),
      { '110:7': 50n, '900:1': -50n, '2010:0': 50n, '1100:1': -50n },
    ],
    [
      '6p refund, programme part',
      refundEntry(event(share(PROGRAMME, 50n))),
      { '110:7': 50n, '900:0': -50n, '2010:0': 50n, '5000:0': -50n },
    ],
    [
      '6R refund, settle-at-redemption',
      refundEntry(event(share(M1, 50n, 5n, 1n, REDEMPTION))),
      { '110:7': 50n, '900:1': -50n, '2010:0': 50n, '1105:1': -50n },
    ],
    [
      '16 settle, partner owes',
      settlementEntry({ partnerNo: M1, netMinor: 4480n, businessDate: '2026-01-31' }),
      { '1200:1': 4480n, '1100:1': -4480n },
    ],
    [
      '16 settle, partner is owed',
      settlementEntry({ partnerNo: M2, netMinor: -3243n, businessDate: '2026-01-31' }),
      { '1200:2': -3243n, '1100:2': 3243n },
    ],
  ];
  test.each(table)('%s', (_, entry, expected) => {
    expect(legs(entry)).toEqual(expected);
  });

  test('shares of one funder merge into one posting per account', () => {
    const entry = confirmationEntry(event(share(M1, 50n, 5n, 1n), share(M1, 30n, 3n, 1n)));
    expect(entry.postings).toHaveLength(8);
    expect(legs(entry)['1100:1']).toBe(90n);
  });

  test('a confirmation has one group of postings per funder, each opened by its P100 leg', () => {
    const entry = confirmationEntry(event(share(M1, 50n), share(PROGRAMME, 10n), share(M1, 1n)));
    const opened = entry.postings.flatMap(({ account, amount }, line) =>
      account === Account.MEMBER_PENDING ? [[line, amount]] : [],
    );
    expect(opened).toEqual([
      [0, 51n],
      [6, 10n],
    ]);
  });

  test('a share without value leaves no money postings', () => {
    const entry = accrualEntry(event({ ...share(M1, 3n), valueMinor: 0n }));
    expect(legs(entry)).toEqual({ '900:1': 3n, '100:7': -3n });
  });

  test.each([
    ['negative units', share(M1, -1n)],
    ['a negative commission', share(M1, 1n, -1n)],
    ['nothing to move', share(M1, 0n)],
  ])('%s are a bug', (_, wrong) => {
    expect(() => accrualEntry(event(wrong))).toThrow('Invariant broken');
  });

  test('a settlement entry of zero is a bug', () => {
    expect(() => settlementEntry({ partnerNo: M1, netMinor: 0n, businessDate: '2026-01-31' })).toThrow(
      'Invariant broken',
    );
  });

  test('entries carry the event that caused them', () => {
    const entry = voidEntry({ ...event(share(M1, 1n)), sourceId: 'a-source' });
    expect(entry).toMatchObject({
      kind: EntryKind.VOID,
      memberNo: MEMBER,
      businessDate: '2026-01-31',
      sourceId: 'a-source',
    });
    expect(confirmationEntry(event(share(M1, 1n)))).not.toHaveProperty('sourceId');
  });
});

describe('the worked example of LEDGER 4, E1 to E4 and E9', () => {
  /** Commission 10 %, tax 20 % of it, 1 PTS = 0.01. */
  const charged = (funderNo: number, units: bigint, model: FundedShare['model'] = ISSUANCE): FundedShare => ({
    funderNo,
    units,
    ...chargesFor(units, ONE, funderNo === PROGRAMME ? undefined : contract),
    model,
  });
  const contract = { commissionRate: rate(1n, 10n), taxRate: rate(1n, 5n) } as never;

  test('each position is made of X + c + v', () => {
    const e1 = event(charged(M1, 5000n), charged(B, 1000n));
    const e3 = event(charged(M2, 2333n), charged(B, 667n), charged(PROGRAMME, 333n));
    const e4 = event(charged(M1, 1000n), charged(B, 200n));
    const other = { ...event(charged(M1, 500n)), memberNo: 8 };
    const all = legs(
      accrualEntry(e1),
      confirmationEntry(e1),
      accrualEntry(e3),
      confirmationEntry(e3),
      refundEntry(e4),
      accrualEntry(other),
    );
    expect(all).toEqual({
      '110:7': -8133n,
      '100:8': -500n,
      '900:1': 4500n,
      '900:3': 1467n,
      '900:2': 2333n,
      '900:0': 333n,
      '1100:1': 5600n - 1120n,
      '1100:2': 2613n,
      '1100:3': 1120n + 747n - 224n,
      '1105:1': 500n,
      '2000:0': -500n,
      '2010:0': -8133n,
      '4000:1': -400n,
      '4000:2': -233n,
      '4000:3': -100n - 67n + 20n,
      '2200:1': -80n,
      '2200:2': -47n,
      '2200:3': -20n - 13n + 4n,
      '5000:0': 333n,
    });
  });

  test('under settle-at-redemption nobody owes anything before the units are used', () => {
    const e1 = event(charged(M1, 5000n, REDEMPTION), charged(B, 1000n, REDEMPTION));
    const e4 = event(charged(M1, 1000n, REDEMPTION), charged(B, 200n, REDEMPTION));
    expect(legs(accrualEntry(e1), confirmationEntry(e1), refundEntry(e4))).toEqual({
      '110:7': -4800n,
      '900:1': 4000n,
      '900:3': 800n,
      '1105:1': 4000n,
      '1105:3': 800n,
      '2010:0': -4800n,
    });
  });
});

describe('whatever the shares', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
  const shares = fc.array(
    fc.record({
      funderNo: fc.integer({ min: 0, max: 4 }),
      units: fc.bigInt({ min: 1n, max: 10n ** 15n }),
      valueMinor: amount,
      commissionMinor: amount,
      taxMinor: amount,
      model: fc.constantFrom(ISSUANCE, REDEMPTION),
    }),
    { minLength: 1, maxLength: 6 },
  ) as fc.Arbitrary<FundedShare[]>;
  const sum = (entry: JournalEntry, book: string) =>
    entry.postings.reduce((total, posting) => (posting.book === book ? total + posting.amount : total), 0n);

  test('every entry sums to zero per book and has no zero posting', () => {
    fc.assert(
      fc.property(shares, (parts) => {
        for (const build of [accrualEntry, confirmationEntry, voidEntry, refundEntry]) {
          const entry = build(event(...parts));
          expect([sum(entry, 'REWARD'), sum(entry, 'MONEY')]).toEqual([0n, 0n]);
          expect(entry.postings.some((posting) => posting.amount === 0n)).toBe(false);
        }
      }),
    );
  });

  test('a void after the accrual leaves nothing', () => {
    fc.assert(
      fc.property(shares, (parts) =>
        expect(legs(accrualEntry(event(...parts)), voidEntry(event(...parts)))).toEqual({}),
      ),
    );
  });

  test('a full refund after the confirmation leaves nothing', () => {
    fc.assert(
      fc.property(shares, (parts) => {
        const all = event(...parts);
        expect(legs(accrualEntry(all), confirmationEntry(all), refundEntry(all))).toEqual({});
      }),
    );
  });
});
