/** Stories of one member, as the programmes and the acceptance cases tell them. */
import { addDays } from '../../../src/domain/kernel/calendar.js';
import { rate } from '../../../src/domain/money/rate.js';
import { expiring } from '../../../src/domain/redemption/expiring.js';
import { LotBook } from '../../../src/domain/redemption/lot-book.js';
import { NO_PART, plainPart } from '../../../src/domain/redemption/part.js';
import { mayRedeem } from '../../../src/domain/redemption/wind-down.js';
import { basket, bookWith, flowsOf, leftOf, missing, terms } from './fixture.js';

const NOTHING = { expired: 0n, fees: 0n, writtenOff: 0n };

describe('consumption order', () => {
  const lots = {
    early: [10n, '2026-01-01', '2026-03-01'],
    late: [10n, '2026-02-01', '2026-02-01'],
    twin: [10n, '2026-02-01', '2026-02-01'],
  } as const;

  test.each([
    ['by the day they became available', {}, { early: 10n, twin: 5n }, 15n],
    ['then in the order they were credited', {}, { early: 10n, late: 2n, twin: 10n }, 8n],
  ])('%s', (_, changes, expected, units) => {
    const book = bookWith(changes, lots);
    book.redeem({ id: 'r', date: '2026-03-05', unitsWanted: units, ...basket });
    expect(leftOf(book)).toEqual(expected);
  });

  test('then by the day they were accrued, whenever that was told', () => {
    const book = bookWith({}, { young: [5n, '2026-02-02', '2026-03-01'], old: [5n, '2026-02-01', '2026-03-01'] });
    book.redeem({ id: 'r', date: '2026-03-01', unitsWanted: 4n, ...basket });
    expect(leftOf(book)).toEqual({ young: 5n, old: 1n });
  });

  test('by the one that expires first, and what never expires last', () => {
    const book = new LotBook(terms({ order: 'EXPIRES_FIRST' }));
    const day = '2026-01-01';
    book.credit({ id: 'never', units: 5n, valueMinor: 5n, accruedOn: day });
    book.credit({ id: 'june', units: 5n, valueMinor: 5n, accruedOn: day, expiresOn: '2026-06-01' });
    book.credit({ id: 'may', units: 5n, valueMinor: 5n, accruedOn: day, expiresOn: '2026-05-01' });
    book.redeem({ id: 'r', date: day, unitsWanted: 7n, ...basket });
    expect(leftOf(book)).toEqual({ never: 5n, june: 3n });
  });
});

test('spasibo: a basket of 1,500 with 5,000 units takes 1,485', () => {
  const book = bookWith({ maxShare: rate(99n, 100n), minimumOwnMinor: 100n }, { opening: [500_000n, '2026-01-01'] });
  const paid = book.redeem({
    id: 'r',
    date: '2026-01-02',
    purchaseMinor: 150_000n,
    discountMinor: 0n,
    unitsWanted: 500_000n,
  });
  expect(paid).toMatchObject({ units: 148_500n, paysMinor: 148_500n, because: 'MAX_SHARE' });
  expect(book.available('2026-01-02')).toBe(351_500n);
});

test('redeem at most 10 % of the purchase: balance 50, purchase 100 -> 10, 40 left', () => {
  const book = bookWith({ maxShare: rate(1n, 10n) }, { opening: [5_000n, '2026-01-01'] });
  const request = { id: 'r', date: '2026-01-01', purchaseMinor: 10_000n, discountMinor: 0n, unitsWanted: 5_000n };
  expect(book.redeem(request).units).toBe(1_000n);
  expect(book.available('2026-01-01')).toBe(4_000n);
});

test.each([
  ['day 13', '2026-01-23', 0n],
  ['day 14', '2026-01-24', 300_000n],
  ['day 193', '2026-07-22', 300_000n],
  ['day 194', '2026-07-23', 0n],
])('letoile: what can be used on %s', (_, date, units) => {
  const book = bookWith(
    { expiry: { kind: 'DAYS', count: 180, from: 'AVAILABLE' } },
    { p: [300_000n, '2026-01-10', '2026-01-24'] },
  );
  expect(book.available(date)).toBe(units);
  expect(book.redeem({ id: 'r', date, unitsWanted: 300_000n, ...basket }).units).toBe(units);
});

describe('A3: a basket paid with units is returned', () => {
  const paid = () => {
    const book = bookWith({}, { first: [15n, '2026-01-01'], second: [85n, '2026-01-02'] });
    book.redeem({ id: 'r', date: '2026-01-03', purchaseMinor: 100n, discountMinor: 0n, unitsWanted: 20n });
    return book;
  };

  test('20 back once, to their lots; not charged again', () => {
    const book = paid();
    expect(leftOf(book)).toEqual({ second: 80n });
    expect(book.giveBack('r', { returnedMinor: 100n }, '2026-01-09').units).toBe(20n);
    expect(book.giveBack('r', { returnedMinor: 100n }, '2026-01-09').units).toBe(0n);
    expect(leftOf(book)).toEqual({ first: 15n, second: 85n });
    expect(flowsOf(book.lots).redeemed).toEqual(NO_PART);
  });

  test('in parts that add up, spread by largest remainder', () => {
    const book = paid();
    expect(book.giveBack('r', { returnedMinor: 33n }, '2026-01-09').units).toBe(7n);
    expect(leftOf(book)).toEqual({ first: 5n, second: 82n });
    expect(book.giveBack('r', { returnedMinor: 33n }, '2026-01-09').units).toBe(6n);
    expect(book.giveBack('r', { returnedMinor: 34n }, '2026-01-09').units).toBe(7n);
    expect(leftOf(book)).toEqual({ first: 15n, second: 85n });
  });

  test('never more than was taken', () => {
    const book = paid();
    expect(book.giveBack('r', { units: 12n }, '2026-01-09').units).toBe(12n);
    expect(book.giveBack('r', { units: 12n }, '2026-01-09').units).toBe(8n);
    expect(book.available('2026-01-09')).toBe(100n);
  });
});

test.each([
  ['lives on in its lot when that lives longer', '2026-02-01', '2026-06-01', { p: 10n }],
  ['lives on in its lot to the very day of grace', '2026-05-02', '2026-06-01', { p: 10n }],
  ['becomes a lot of its own for the days of grace', '2026-05-03', '2026-06-02', { p: 8n, '+1': 2n }],
  ['also after its lot is gone', '2026-08-01', '2026-08-31', { '+1': 2n }],
])('what comes back %s', (_, returnedOn, goneOn, left) => {
  const book = new LotBook(terms());
  book.credit({ id: 'p', units: 10n, valueMinor: 10n, accruedOn: '2026-01-01', expiresOn: '2026-06-01' });
  book.redeem({ id: 'r', date: '2026-01-02', unitsWanted: 2n, ...basket });
  book.giveBack('r', { units: 2n }, returnedOn);
  expect(leftOf(book)).toEqual(left);
  expect(book.available(addDays(goneOn, -1))).toBe('+1' in left ? 2n : 10n);
  expect(book.advanceTo(goneOn)).toEqual({ ...NOTHING, expired: 10n });
});

test('A7: 60 of a lot of 100 spent, the lot expires: the balance falls by 40', () => {
  const book = bookWith({ expiry: { kind: 'DAYS', count: 30, from: 'AVAILABLE' } }, { p: [100n, '2026-01-01'] });
  book.redeem({ id: 'r', date: '2026-01-05', unitsWanted: 60n, ...basket });
  expect(book.available('2026-01-30')).toBe(40n);
  expect(book.advanceTo('2026-01-31')).toEqual({ ...NOTHING, expired: 40n });
  expect(book.available('2026-01-31')).toBe(0n);
});

test('what will expire is told beforehand', () => {
  const expiry = { kind: 'DAYS', count: 30, from: 'AVAILABLE' } as const;
  const book = bookWith({ expiry }, { p: [100n, '2026-01-01'], q: [5n, '2026-01-09'], r: [7n, '2026-01-01'] });
  expect(expiring(book.lots, terms({ expiry }), '2026-01-31')).toEqual([
    { on: '2026-01-31', part: plainPart(107n, 107n) },
  ]);
});

test('a rolling expiry moves with every activity, and a refund is none', () => {
  const book = bookWith({ expiry: { kind: 'ROLLING', days: 10 } }, { p: [100n, '2026-01-01'], q: [5n, '2026-01-05'] });
  book.act('2026-01-08');
  book.clawBack('q', 5n, '2026-01-12');
  expect(book.available('2026-01-17')).toBe(100n);
  expect(book.advanceTo('2026-01-18')).toEqual({ ...NOTHING, expired: 100n });
});

describe('submarino: 2.99 a month from day 91 after the last activity', () => {
  const dormancy = { afterDays: 90, feeUnits: 299n };
  test.each([
    ['day 90', '2026-04-01', 500n, 0n],
    ['day 91', '2026-04-02', 201n, 299n],
    ['the day before the next month', '2026-05-01', 201n, 299n],
    ['a month later: never below zero', '2026-05-02', 0n, 500n],
    ['a year later', '2027-05-02', 0n, 500n],
  ])('%s', (_, date, left, fees) => {
    const book = bookWith({ dormancy }, { p: [500n, '2026-01-01'] });
    expect(book.available(date)).toBe(left);
    expect(book.advanceTo(date)).toEqual({ ...NOTHING, fees });
    expect(missing(book.lots)).toEqual({ units: 0n, valueMinor: 0n });
  });

  test('activity begins the count anew', () => {
    const book = bookWith({ dormancy }, { p: [500n, '2026-01-01'] });
    book.act('2026-04-01');
    expect(book.advanceTo('2026-06-30').fees).toBe(0n);
    expect(book.advanceTo('2026-07-01').fees).toBe(299n);
  });

  test('what happened during another step is told by the next day', () => {
    const book = bookWith({ dormancy }, { p: [500n, '2026-01-01'] });
    book.act('2026-04-10');
    expect(book.advanceTo('2026-04-10')).toEqual({ ...NOTHING, fees: 299n });
    expect(book.advanceTo('2026-04-10')).toEqual(NOTHING);
  });
});

describe('wind-down', () => {
  const windDown = { earningEnds: '2026-03-01', redemptionUntil: '2026-06-30' };
  test.each([
    ['2026-06-30', true],
    ['2026-07-01', false],
  ])('on %s units may be redeemed: %s', (date, redeem) => {
    expect(mayRedeem(terms({ windDown }), date)).toBe(redeem);
    expect(mayRedeem(terms(), date)).toBe(true);
  });

  test('redemption until the day, then what is left is written off, what is pending when it becomes available', () => {
    const book = bookWith({ windDown }, { p: [100n, '2026-01-01'], q: [7n, '2026-02-20', '2026-07-05'] });
    expect(book.redeem({ id: 'r', date: '2026-06-30', unitsWanted: 40n, ...basket }).units).toBe(40n);
    expect(book.advanceTo('2026-07-01')).toEqual({ ...NOTHING, writtenOff: 60n });
    expect(book.pending('2026-07-04')).toBe(7n);
    expect(book.advanceTo('2026-07-05')).toEqual({ ...NOTHING, writtenOff: 7n });
    expect(book.redeem({ id: 'late', date: '2026-07-06', unitsWanted: 1n, ...basket })).toMatchObject({
      units: 0n,
      refused: 'REDEMPTION_ENDED',
    });
  });
});

describe('claw-back', () => {
  test('pending units go before anybody sees them', () => {
    const book = bookWith({}, { p: [50n, '2026-01-01', '2026-01-20'] });
    expect(book.clawBack('p', 20n, '2026-01-05').own.units).toBe(20n);
    expect([book.pending('2026-01-05'), book.available('2026-01-20')]).toEqual([30n, 30n]);
  });

  test("the purchase's own lots, then others, then a debt that the next units repay", () => {
    const book = bookWith({}, { p: [50n, '2026-01-01'], q: [8n, '2026-01-02'] });
    book.redeem({ id: 'r', date: '2026-01-03', unitsWanted: 30n, ...basket });
    const clawed = book.clawBack('p', 50n, '2026-01-04');
    expect(clawed).toMatchObject({ own: { units: 20n }, others: { units: 8n }, debt: { units: 22n } });
    expect(book.available('2026-01-04')).toBe(-22n);
    book.credit({ id: 's', units: 30n, valueMinor: 30n, accruedOn: '2026-01-05', availableOn: '2026-01-10' });
    expect(book.available('2026-01-09')).toBe(-22n);
    expect(book.available('2026-01-10')).toBe(8n);
    expect(missing(book.lots)).toEqual({ units: 0n, valueMinor: 0n });
  });

  test('what expired unused is not asked for again: its expiry is reversed', () => {
    const book = bookWith({ expiry: { kind: 'DAYS', count: 10, from: 'AVAILABLE' } }, { p: [50n, '2026-01-01'] });
    book.redeem({ id: 'r', date: '2026-01-02', unitsWanted: 5n, ...basket });
    expect(book.advanceTo('2026-02-01').expired).toBe(45n);
    const clawed = book.clawBack('p', 50n, '2026-02-01');
    expect(clawed).toMatchObject({ own: { units: 0n }, unused: { units: 45n }, debt: { units: 5n } });
    expect(flowsOf(book.lots).expired).toEqual(NO_PART);
  });

  test('a returned basket repays what its purchase still owes', () => {
    const book = bookWith({}, { p: [50n, '2026-01-01'] });
    book.redeem({ id: 'r', date: '2026-01-02', unitsWanted: 50n, ...basket });
    book.clawBack('p', 50n, '2026-01-03');
    book.giveBack('r', { units: 50n }, '2026-01-04');
    expect(book.available('2026-01-04')).toBe(0n);
    expect(book.lots.debts.map(({ left }) => left.units)).toEqual([0n]);
  });

  test('units of another price leave a difference', () => {
    const book = new LotBook(terms());
    book.credit({ id: 'dear', units: 10n, valueMinor: 20n, accruedOn: '2026-01-01' });
    book.redeem({ id: 'r', date: '2026-01-01', unitsWanted: 10n, ...basket });
    book.credit({ id: 'cheap', units: 10n, valueMinor: 5n, accruedOn: '2026-01-02' });
    expect(book.clawBack('dear', 10n, '2026-01-03').others).toEqual(plainPart(10n, 5n));
    expect(book.lots.differenceMinor).toBe(-15n);
    expect(missing(book.lots)).toEqual({ units: 0n, valueMinor: 0n });
  });

  test('never more than was credited', () => {
    const book = bookWith({}, { p: [50n, '2026-01-01'], q: [50n, '2026-01-01'] });
    book.clawBack('p', 30n, '2026-01-02');
    expect(() => book.clawBack('p', 21n, '2026-01-02')).toThrow('no more is clawed back');
  });
});

describe('authorise, capture, release', () => {
  test('what is held cannot be used twice and does not expire; what is not captured goes back', () => {
    const book = bookWith({ expiry: { kind: 'DAYS', count: 30, from: 'AVAILABLE' } }, { p: [100n, '2026-01-01'] });
    book.authorise({ id: 'r', date: '2026-01-05', unitsWanted: 60n, ...basket });
    expect(book.redeem({ id: 's', date: '2026-01-06', unitsWanted: 60n, ...basket }).units).toBe(40n);
    book.capture('r', '2026-01-07', 50n);
    expect(book.available('2026-01-07')).toBe(10n);
    expect(() => book.capture('r', '2026-01-07')).toThrow('only what is held');
  });

  test('units released after their last day repay a debt, else expire at once', () => {
    const expiry = { kind: 'DAYS', count: 30, from: 'AVAILABLE' } as const;
    const book = bookWith({ expiry }, { p: [100n, '2026-01-01'], q: [10n, '2026-01-01'] });
    book.authorise({ id: 'r', date: '2026-01-05', unitsWanted: 100n, ...basket });
    book.redeem({ id: 's', date: '2026-01-05', unitsWanted: 10n, ...basket });
    book.clawBack('q', 10n, '2026-01-06');
    book.release('r', '2026-02-10');
    expect(book.advanceTo('2026-02-10')).toEqual({ ...NOTHING, expired: 90n });
    expect(book.available('2026-02-10')).toBe(0n);
    expect(missing(book.lots)).toEqual({ units: 0n, valueMinor: 0n });
  });

  test('a refused redemption is no activity', () => {
    const book = bookWith({ expiry: { kind: 'ROLLING', days: 10 } }, { p: [100n, '2026-01-01'] });
    book.redeem({ id: 'r', date: '2026-01-09', unitsWanted: 0n, ...basket });
    expect(book.advanceTo('2026-01-11').expired).toBe(100n);
  });
});
