/** The model itself passes the worked example of the ledger's design to the cent; only then may it judge others. */
import { rate } from '../../src/domain/money/rate.js';
import { Books } from './books.js';
import { buy, confirm, type Purchase, type Rule, refund } from './earning.js';
import { closeWindow, payAll, type Settlement, settle } from './settling.js';
import { expectSound } from './sound.js';
import { authorise, capture, cashOut, donate, expireAll, goodwill } from './spending.js';
import { CONTRACT, type Contract, PRG, TERMS } from './terms.js';

const paidBy = (funder: string) => [{ funder, share: rate(1n) }];
const M1_RATE: Rule = { code: 'm1', rate: rate(5n, 100n), funders: paidBy('M1') };
const CARD: Rule = { code: 'card', rate: rate(1n, 100n), funders: paidBy('B') };
const JOINT: Rule = {
  code: 'joint',
  rate: rate(1n, 10n),
  funders: [
    { funder: 'M2', share: rate(7n, 10n) },
    { funder: 'B', share: rate(2n, 10n) },
    { funder: PRG, share: rate(1n, 10n) },
  ],
};

interface Told {
  readonly books: Books;
  readonly first: Settlement;
  readonly joint: Purchase;
}

/** E1 to E9 and the settlement of window 1. */
function tell(terms: Partial<Contract> = {}, minimumPayout = 0n): Told {
  const contract = { ...CONTRACT, ...terms };
  const books = new Books(
    TERMS,
    new Map([
      ['M1', contract],
      ['M2', { ...contract, acceptanceFee: rate(2n, 100n) }],
      ['B', { ...contract, minimumPayout }],
    ]),
  );
  const available = (units: bigint) => expect(books.available('a')).toBe(units);
  const bought = (id: string, member: string, kept: bigint, rules: readonly Rule[]): Purchase =>
    buy(books, { id, member, kept, rules, availableOn: books.today + 3 });
  const after = (days: number) => {
    books.today += days;
    confirm(books);
  };

  const e1 = bought('e1', 'a', 1_000_00n, [M1_RATE, CARD]);
  expect(books.journal.balance('P100:a')).toBe(-6_000n);
  after(3);
  available(6_000n);
  const joint = bought('e3', 'a', 333_33n, [JOINT]);
  after(3);
  expect(joint.accruals.map(({ stands }) => stands.units)).toEqual([2_333n, 667n, 333n]);
  available(9_333n);
  refund(books, e1, 200_00n);
  available(8_133n);
  const e5 = authorise(books, 'a', 'M2', 6_000n);
  expect(books.journal.balance('P120:a')).toBe(-6_000n);
  capture(books, e5);
  available(2_133n);
  cashOut(books, 'a', 'B', 1_500n);
  available(633n);
  donate(books, 'a', 'C', 100n);
  available(533n);
  goodwill(books, 'a', 33n, books.today + 1);
  available(566n);
  after(1);
  expireAll(books);
  available(533n);
  bought('e9', 'other', 100_00n, [M1_RATE]);
  return { books, joint, first: settle(books, [closeWindow(books)]) };
}

const nets = ({ lines, programme }: Settlement) => ({
  ...Object.fromEntries(lines.map(({ partner, net }) => [partner, net])),
  [PRG]: programme,
});
const of = (books: Books, ...accounts: string[]) => accounts.map((account) => books.journal.balance(account));

test('window 1', () => {
  const { books, first } = tell();
  expect(nets(first)).toEqual({ M1: 44_80n, M2: -32_43n, B: 1_43n, PRG: -13_80n });
  expect([first.gross, first.payments]).toEqual([190_68n, 78_66n]);
  const sums = new Map<string, bigint>();
  for (const [account, sum] of books.journal.balances()) {
    const [code = ''] = account.split(':');
    sums.set(code, (sums.get(code) ?? 0n) + sum);
  }
  expect(Object.fromEntries([...sums].filter(([code]) => !code.startsWith('P1') && !code.startsWith('12')))).toEqual({
    ...{ '2010': -5_33n, '2110': -1_00n, '2200': -1_80n, '4000': -9_00n, '4010': -33n, '5000': 3_33n, '5020': 33n },
    ...{ '1105': 5_00n, '2000': -5_00n },
    ...{ P900: 8_666n, P910: -7_600n, P920: -33n },
  });
  expect(of(books, 'P900:M1', 'P900:B', 'P900:M2', 'P900:PRG')).toEqual([4_500n, 1_467n, 2_333n, 366n]);
  expect(of(books, 'P100:other', 'P110:a')).toEqual([-500n, -533n]);
  payAll(books, first);
  expect(of(books, '1000', '1010', '1200:M1', '1200:M2', '1200:B')).toEqual([13_80n, 0n, 0n, 0n, 0n]);
  expectSound(books);
});

test('minimum payout 5.00: the 1.43 of B are carried', () => {
  const { books, first } = tell({}, 5_00n);
  expect(first.lines.find(({ partner }) => partner === 'B')).toMatchObject({ net: 1_43n, state: 'CARRIED' });
  payAll(books, first);
  expect(of(books, '1000', '1200:B')).toEqual([12_37n, 1_43n]);
});

test('window 2: returned after it was spent, and repaid by the next purchase', () => {
  const { books, joint } = tell();
  refund(books, joint, 333_33n);
  expect(books.available('a')).toBe(-2_800n);
  expect(of(books, '2010', '1300:a', '1100:M2', '1100:B')).toEqual([0n, 28_00n, -26_13n, -7_47n]);
  expectSound(books);
  buy(books, { id: 'again', member: 'a', kept: 600_00n, rules: [M1_RATE], availableOn: books.today + 3 });
  books.today += 3;
  confirm(books);
  // The 5.00 of the other member's purchase of window 1 are confirmed that day too.
  expect(books.available('a')).toBe(200n);
  expect(of(books, '1300:a', '2010')).toEqual([0n, -2_00n - 5_00n]);
  expect(books.journal.balance('1100:M1')).toBe(33_60n + 5_60n);
  expectSound(books);
});

test('every contract settles at redemption', () => {
  const { books, first, joint } = tell({ settles: 'AT_REDEMPTION' });
  expect(nets(first)).toEqual({ M1: 44_80n, M2: -32_43n, B: -81n, PRG: -11_56n });
  expect(of(books, '1105:B', '1105:M1', '1105:M2')).toEqual([2_00n, 5_00n, 0n]);
  expectSound(books);
  refund(books, joint, 333_33n);
  buy(books, { id: 'again', member: 'a', kept: 600_00n, rules: [M1_RATE], availableOn: books.today + 2 });
  books.today += 2;
  confirm(books);
  expectSound(books);
  const second = settle(books, [closeWindow(books)]);
  expect(nets(second)).toEqual({ M1: 31_36n, M2: -26_13n, B: -5_23n, PRG: 0n });
});
