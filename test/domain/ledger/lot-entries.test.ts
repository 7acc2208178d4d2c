/** The journal of what happens to lots: every form of LEDGER 2 by table, and random lives against their lots. */
import fc from 'fast-check';
import { Account } from '../../../src/domain/ledger/accounts.js';
import { EntryKind, type JournalEntry } from '../../../src/domain/ledger/entry.js';
import { lotEntry } from '../../../src/domain/ledger/lot-entries.js';
import { accrualEntry, confirmationEntry } from '../../../src/domain/ledger/rewards.js';
import type { ClawedShare, LotEvent, Move } from '../../../src/domain/redemption/events.js';
import { type Funding, isChargedWhenUsed, openLot, PROGRAMME_FUNDED } from '../../../src/domain/redemption/lot.js';
import { type MemberLots, owed } from '../../../src/domain/redemption/member-lots.js';
import { NO_PART, type Part, plainPart, sumOfParts } from '../../../src/domain/redemption/part.js';
import { anyLife, anyTerms, creditedOf, lifeOf } from '../redemption/lives.js';

const MEMBER = 7;
const [F, R, BANK, CHARITY] = [3, 4, 5, 6];
const on = '2026-03-01';
const issuance: Funding = { funderNo: F, model: 'SETTLE_AT_ISSUANCE', breakageOwner: 'PROGRAMME' };
const redemption: Funding = { funderNo: F, model: 'SETTLE_AT_REDEMPTION', breakageOwner: 'PROGRAMME' };
const keeps = (funding: Funding): Funding => ({ ...funding, breakageOwner: 'FUNDER' });

const part = (units: bigint, valueMinor: bigint, commissionMinor = 0n, taxMinor = 0n): Part => ({
  ...{ units, valueMinor, commissionMinor, taxMinor },
});
/** 50 units worth 40, on which 5 and 1 are owed. */
const fifty = part(50n, 40n, 5n, 1n);
const move = (funding: Funding, from: Move['from'], to: Move['to'], of: Part = fifty): Move => ({
  ...{ lotId: 'lot', funding, from, to, part: of },
});
const at = { redeemerNo: R, valueMinor: 45n, feeMinor: 2n, feeTaxMinor: 1n };
const share = (funding: Funding, changes: Partial<ClawedShare>): ClawedShare => ({
  ...{ funding, returned: fifty, own: NO_PART, unused: NO_PART, others: NO_PART, debt: NO_PART },
  ...changes,
});
const clawedBack = (shares: ClawedShare[], ...moves: Move[]): LotEvent => ({
  ...{ kind: 'CLAWED_BACK', on, origin: 'p', moves, shares },
});
const bare = plainPart(50n, 40n);

type Legs = Record<string, bigint[]>;
/** "account:party" -> every posting on it, so that a table reads like LEDGER 2 and shows each legal flow. */
const legsOf = ({ postings }: JournalEntry): Legs => {
  const legs: Legs = {};
  for (const { account, party, amount } of postings) {
    const key = `${account}:${party}`;
    legs[key] = [...(legs[key] ?? []), amount];
  }
  return legs;
};
/** 10R for fifty. */
const charged = { '1100:3': [46n], '1105:3': [-40n], '4000:3': [-5n], '2200:3': [-1n] };
const used = (kind: 'FEE' | 'WRITTEN_OFF' | 'EXPIRED', funding: Funding): LotEvent => ({
  ...{ kind, on, moves: [move(funding, 'left', kind === 'FEE' ? 'spent' : 'expired')] },
});

test.each<[string, LotEvent, keyof typeof EntryKind, Legs]>([
  [
    '9 authorise',
    { kind: 'AUTHORISED', on, redemptionId: 'r', moves: [move(redemption, 'left', 'reserved')] },
    'AUTHORISATION',
    { '110:7': [50n], '120:7': [-50n], '2010:0': [40n], '2020:0': [-40n] },
  ],
  [
    '11 release',
    { kind: 'RELEASED', on, redemptionId: 'r', moves: [move(redemption, 'reserved', 'left')] },
    'RELEASE',
    { '110:7': [-50n], '120:7': [50n], '2010:0': [-40n], '2020:0': [40n] },
  ],
  [
    '10 capture above the issue price, with an acceptance fee',
    { kind: 'CAPTURED', on, redemptionId: 'r', item: false, at, moves: [move(issuance, 'reserved', 'spent')] },
    'CAPTURE',
    {
      ...{ '120:7': [50n], '910:4': [-50n], '2020:0': [40n], '1100:4': [-45n, 3n], '4020:0': [5n] },
      ...{ '4000:4': [-2n], '2200:4': [-1n] },
    },
  ],
  [
    '10 and 10R at the funder itself: three legal flows',
    {
      ...{ kind: 'CAPTURED', on, redemptionId: 'r', item: false, moves: [move(redemption, 'reserved', 'spent')] },
      at: { ...at, redeemerNo: F, valueMinor: 38n },
    },
    'CAPTURE',
    {
      ...{ '120:7': [50n], '910:3': [-50n], '2020:0': [40n], '1100:3': [-38n, 3n, 46n], '4020:0': [-2n] },
      ...{ '1105:3': [-40n], '4000:3': [-2n, -5n], '2200:3': [-1n, -1n] },
    },
  ],
  [
    '35 an item of the catalogue',
    { kind: 'CAPTURED', on, redemptionId: 'r', item: true, at, moves: [move(PROGRAMME_FUNDED, 'reserved', 'spent')] },
    'ITEM',
    {
      ...{ '120:7': [50n], '910:4': [-50n], '2020:0': [40n], '1100:4': [-45n, 3n], '4020:0': [5n] },
      ...{ '4000:4': [-2n], '2200:4': [-1n] },
    },
  ],
  [
    '12 a returned basket reverses 10R',
    { kind: 'GIVEN_BACK', on, redemptionId: 'r', at, moves: [move(redemption, 'spent', 'left')] },
    'RETURN',
    {
      ...{ '910:4': [50n], '110:7': [-50n], '1100:4': [45n, -3n], '4020:0': [-5n], '2010:0': [-40n] },
      ...{ '4000:4': [2n], '2200:4': [1n], '1100:3': [-46n], '1105:3': [40n], '4000:3': [5n], '2200:3': [1n] },
    },
  ],
  [
    '13 cash-out',
    { kind: 'CASHED_OUT', on, redemptionId: 'r', bankNo: BANK, moves: [move(redemption, 'left', 'spent')] },
    'CASH_OUT',
    { '110:7': [50n], '910:5': [-50n], '2010:0': [40n], '1100:5': [-40n], ...charged },
  ],
  [
    '14 donation',
    { kind: 'DONATED', on, redemptionId: 'r', charityNo: CHARITY, moves: [move(issuance, 'left', 'spent')] },
    'DONATION',
    { '110:7': [50n], '910:6': [-50n], '2010:0': [40n], '2110:6': [-40n] },
  ],
  [
    '15 expiry, breakage to the programme, at issuance',
    used('EXPIRED', issuance),
    'EXPIRY',
    { '110:7': [50n], '920:0': [-50n], '2010:0': [40n], '4010:0': [-40n] },
  ],
  [
    '15 expiry, breakage to the programme, at redemption',
    used('EXPIRED', redemption),
    'EXPIRY',
    { '110:7': [50n], '920:0': [-50n], '2010:0': [40n], '4010:0': [-40n], ...charged },
  ],
  [
    '15 expiry back to the funder, at issuance',
    used('EXPIRED', keeps(issuance)),
    'EXPIRY',
    { '110:7': [50n], '920:0': [-50n], '2010:0': [40n], '1100:3': [-40n] },
  ],
  [
    '15 expiry back to the funder, at redemption',
    used('EXPIRED', keeps(redemption)),
    'EXPIRY',
    { '110:7': [50n], '920:0': [-50n], '2010:0': [40n], '1105:3': [-40n] },
  ],
  [
    '30 dormancy fee',
    used('FEE', redemption),
    'DORMANCY_FEE',
    { '110:7': [50n], '940:0': [-50n], '2010:0': [40n], '4000:0': [-40n], ...charged },
  ],
  [
    '31 wind-down keeps breakage, whatever the contract says',
    used('WRITTEN_OFF', keeps(redemption)),
    'WIND_DOWN',
    { '110:7': [50n], '920:0': [-50n], '2010:0': [40n], '4010:0': [-40n], ...charged },
  ],
  [
    '8 repayment with units of another price',
    { kind: 'REPAID', on, debtMinor: 50n, moves: [move(redemption, 'left', 'spent')] },
    'REPAYMENT',
    { '110:7': [50n, -50n], '2010:0': [40n], '1300:7': [-50n], '5020:0': [10n], ...charged },
  ],
  [
    '8 repays what the programme had borne',
    {
      ...{ kind: 'BORNE_REPAID', on, by: 'PROGRAMME', funding: issuance, borneMinor: 40n },
      moves: [move(issuance, 'left', 'spent')],
    },
    'REPAYMENT',
    { '110:7': [50n], '930:0': [-50n], '2010:0': [40n], '5010:0': [-40n] },
  ],
  [
    '8 repays what the merchant had borne',
    {
      ...{ kind: 'BORNE_REPAID', on, by: 'FUNDER', funding: issuance, borneMinor: 38n },
      moves: [move(issuance, 'left', 'spent')],
    },
    'REPAYMENT',
    { '110:7': [50n], '930:0': [-50n], '2010:0': [40n], '1100:3': [-38n], '5020:0': [-2n] },
  ],
  [
    '24 goodwill',
    {
      ...{ kind: 'GRANTED', on, moves: [] },
      lot: openLot({ id: 'g', units: 50n, valueMinor: 40n, accruedOn: on }, { kind: 'NEVER' }),
    },
    'GOODWILL',
    { '900:0': [50n], '110:7': [-50n], '5020:0': [40n], '2010:0': [-40n] },
  ],
  [
    '26 a debt is given up',
    { kind: 'DEBT_FORGIVEN', on, moves: [], part: bare },
    'NEGATIVE_WRITTEN_OFF',
    { '930:0': [50n], '110:7': [-50n], '5010:0': [40n], '1300:7': [-40n] },
  ],
  [
    '29 transfer',
    { kind: 'TRANSFERRED', on, toMemberNo: 8, moves: [move(redemption, 'left', 'movedOn')] },
    'TRANSFER',
    { '110:7': [50n], '110:8': [-50n] },
  ],
  [
    '6 units still there',
    clawedBack([share(issuance, { own: fifty })], move(issuance, 'left', 'clawedBack')),
    'REFUND',
    { '110:7': [50n], '900:3': [-50n], '2010:0': [40n], '1100:3': [-46n], '4000:3': [5n], '2200:3': [1n] },
  ],
  [
    '6p programme part',
    clawedBack([share(PROGRAMME_FUNDED, { returned: bare, own: bare })], move(PROGRAMME_FUNDED, 'left', 'clawedBack')),
    'REFUND',
    { '110:7': [50n], '900:0': [-50n], '2010:0': [40n], '5000:0': [-40n] },
  ],
  [
    '6R nothing had been charged',
    clawedBack([share(redemption, { returned: bare, own: fifty })], move(redemption, 'left', 'clawedBack')),
    'REFUND',
    { '110:7': [50n], '900:3': [-50n], '2010:0': [40n], '1105:3': [-40n] },
  ],
  [
    '7 spent: other units and a debt, of another price',
    clawedBack(
      [share(issuance, { others: part(30n, 20n), debt: plainPart(20n, 16n) })],
      move(PROGRAMME_FUNDED, 'left', 'spent', part(30n, 20n)),
    ),
    'CLAWBACK',
    {
      ...{ '110:7': [50n], '900:3': [-50n], '2010:0': [20n], '1300:7': [16n], '5020:0': [4n] },
      ...{ '1100:3': [-46n], '4000:3': [5n], '2200:3': [1n] },
    },
  ],
  [
    '7R consumed units go back in full, and other units cost their own funder',
    clawedBack([share(redemption, { others: fifty })], move({ ...redemption, funderNo: 9 }, 'left', 'spent')),
    'CLAWBACK',
    {
      ...{ '110:7': [50n], '900:3': [-50n], '2010:0': [40n], '1100:3': [-46n], '4000:3': [5n], '2200:3': [1n] },
      ...{ '1100:9': [46n], '1105:9': [-40n], '4000:9': [-5n], '2200:9': [-1n] },
    },
  ],
  [
    'expired unused: breakage is reversed',
    clawedBack([share(issuance, { unused: fifty })], move(issuance, 'expired', 'clawedBack')),
    'REFUND',
    { '920:0': [50n], '900:3': [-50n], '4010:0': [40n], '1100:3': [-46n], '4000:3': [5n], '2200:3': [1n] },
  ],
  [
    'expired unused and given back then: only commission is left to return',
    clawedBack([share(keeps(issuance), { unused: fifty })], move(keeps(issuance), 'expired', 'clawedBack')),
    'REFUND',
    { '920:0': [50n], '900:3': [-50n], '1100:3': [-6n], '4000:3': [5n], '2200:3': [1n] },
  ],
  [
    '7b the merchant bears',
    clawedBack([share(issuance, { returned: plainPart(50n, 0n), borne: { by: 'FUNDER', part: bare } })]),
    'CLAWBACK',
    { '930:0': [50n], '900:3': [-50n] },
  ],
  [
    '7c the programme bears',
    clawedBack([share(issuance, { returned: bare, borne: { by: 'PROGRAMME', part: bare } })]),
    'CLAWBACK',
    { '930:0': [50n], '900:3': [-50n], '5010:0': [40n], '1100:3': [-40n] },
  ],
])('%s', (_, event, kind, expected) => {
  const entry = lotEntry(event, { memberNo: MEMBER });
  expect(legsOf(entry)).toEqual(expected);
  expect(entry).toMatchObject({ kind: EntryKind[kind], memberNo: MEMBER, businessDate: on });
});

test('an entry names its message and the day of it when they are told', () => {
  const entry = lotEntry(used('FEE', issuance), { memberNo: MEMBER, sourceId: 'm', businessDate: '2026-01-01' });
  expect(entry).toMatchObject({ sourceId: 'm', businessDate: '2026-01-01' });
});

/** Account, and party where one is given -> what a journal has on it. */
const balance = (journal: readonly JournalEntry[], account: number, party?: number): bigint =>
  journal
    .flatMap(({ postings }) => postings)
    .filter((posting) => posting.account === account && (party === undefined || posting.party === party))
    .reduce((sum, { amount }) => sum + amount, 0n);

/** All that a life posts; whatever is credited counts as confirmed at once. */
function journalOf({ lots, events }: MemberLots): JournalEntry[] {
  const earned = lots
    .filter(({ id, root, issued }) => id === root && issued.units > 0n)
    .flatMap(({ issued, funding }) => {
      const event = { memberNo: MEMBER, businessDate: on, shares: [{ ...funding, ...issued }] };
      return [accrualEntry(event), confirmationEntry(event)];
    });
  return [...earned, ...events.map((event) => lotEntry(at9(event), { memberNo: MEMBER }))];
}

/** Books without redeemers get one that pays a little less than the units are worth, and a fee. */
const at9 = (event: LotEvent): LotEvent => {
  if (event.kind !== 'CAPTURED' && event.kind !== 'GIVEN_BACK') return event;
  const { valueMinor } = sumOfParts(event.moves.map((one) => one.part));
  return {
    ...event,
    at: { redeemerNo: 9, valueMinor: (valueMinor * 9n) / 10n, feeMinor: valueMinor / 50n, feeTaxMinor: 1n },
  };
};

const FUNDERS = [0, 1, 2, 3, 4];

test('the journal of any life says what its lots say', () => {
  fc.assert(
    fc.property(anyLife, anyTerms, (steps, under) => {
      const { lots: member } = lifeOf(steps, under, () => {});
      const journal = journalOf(member);
      const there = sumOfParts(member.lots.flatMap(({ left, reserved }) => [left, reserved]));
      const held = sumOfParts(member.lots.map(({ reserved }) => reserved));
      const debt = owed(member);
      // I12, I13.
      expect(-balance(journal, Account.MEMBER_AVAILABLE) - balance(journal, Account.MEMBER_HELD)).toBe(
        there.units - debt.units,
      );
      expect(-balance(journal, Account.MEMBER_HELD)).toBe(held.units);
      expect(-balance(journal, Account.LIABILITY_HELD)).toBe(held.valueMinor);
      expect(-balance(journal, Account.LIABILITY_AVAILABLE)).toBe(there.valueMinor - held.valueMinor);
      expect(balance(journal, Account.MEMBER_RECEIVABLE)).toBe(debt.valueMinor);
      // What has not been charged yet is what is still there.
      for (const funder of FUNDERS) {
        const open = member.lots.filter(({ funding }) => funding.funderNo === funder && isChargedWhenUsed(funding));
        const pending = sumOfParts(open.flatMap(({ left, reserved }) => [left, reserved])).valueMinor;
        expect(balance(journal, Account.FUNDING_PENDING, funder)).toBe(pending);
      }
    }),
    { numRuns: 400 },
  );
});

test('a purchase that is returned in full, in any parts, costs its funders nothing, however its units were used', () => {
  fc.assert(
    fc.property(anyLife, anyTerms, fc.array(fc.bigInt(0n, 100n), { maxLength: 4 }), (steps, under, parts) => {
      const book = lifeOf(steps, under, () => {});
      for (const each of [...parts, 10_000n]) {
        for (const origin of ['o0', 'o1', 'o2', 'o3']) {
          const most = creditedOf(book.lots, origin);
          book.clawBack(origin, each < most ? each : most, book.lots.asOf);
        }
      }
      // What is held is charged when it is captured, though its commission has gone back already.
      for (const { id, state } of book.lots.redemptions) if (state === 'AUTHORISED') book.capture(id, book.lots.asOf);
      const journal = journalOf(book.lots);
      for (const funder of FUNDERS.slice(1)) {
        expect(balance(journal, Account.ISSUED, funder)).toBe(0n);
        expect(balance(journal, Account.POSITION, funder) + balance(journal, Account.FUNDING_PENDING, funder)).toBe(0n);
      }
      expect(balance(journal, Account.PROGRAMME_REWARDS)).toBe(0n);
    }),
    { numRuns: 400 },
  );
});
