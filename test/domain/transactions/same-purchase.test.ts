import fc from 'fast-check';
import { nameLikeness } from '../../../src/domain/transactions/name-likeness.js';
import {
  findSamePurchase,
  type Ground,
  JOIN_AT,
  likeness,
  PROPOSE_AT,
  type Telling,
} from '../../../src/domain/transactions/same-purchase.js';

const bank = (changes: Partial<Telling> = {}): Telling => ({
  sides: ['BANK'],
  memberNo: 1,
  amountMinor: 10_000n,
  days: ['2026-03-10'],
  occurredAt: new Date('2026-03-10T12:00:00Z'),
  cardId: 'card-1',
  descriptor: 'CORNER BOOKS 0042 LONDON',
  names: [],
  ...changes,
});
const shop = (changes: Partial<Telling> = {}): Telling => {
  const { descriptor: _, ...own } = bank({
    sides: ['MERCHANT'],
    merchantNo: 7,
    outletCode: 'main',
    names: ['Corner Books Ltd'],
  });
  return { ...own, ...changes };
};

/** What the bank says otherwise, what the merchant does, points, and the ground that makes the difference. */
const cases: readonly [string, Partial<Telling>, Partial<Telling>, number | undefined, Ground?][] = [
  ['another member', { memberNo: 2 }, {}, undefined],
  ['the same side', { sides: ['MERCHANT'] }, {}, undefined],
  ['a side that has told it already', {}, { sides: ['MERCHANT', 'BANK'] }, undefined],
  ['less than half as much', { amountMinor: 4_000n }, {}, undefined],
  ['a bank that pays less', { amountMinor: 9_999n }, {}, undefined],
  ['more than a tip', { amountMinor: 12_001n }, {}, undefined],
  ['more than a week apart', { days: ['2026-03-18'] }, {}, undefined],
  ['another card', { cardId: 'card-2' }, {}, undefined],
  ['another merchant', { merchantNo: 8 }, {}, undefined],
  ['a merchant that neither knows', {}, { merchantNo: undefined as never }, undefined],
  ['another approval', { approvalCode: 'A' }, { approvalCode: 'B' }, undefined],
  ['everything but the outlet', {}, {}, 90, 'NAME_IN_DESCRIPTOR'],
  ['the same outlet', { merchantNo: 7, outletCode: 'main' }, {}, 100, 'SAME_OUTLET'],
  ['another outlet of the merchant', { merchantNo: 7, outletCode: 'airport' }, {}, 95, 'SAME_PARTNER'],
  ['a merchant id that both name', { merchantId: 'M' }, { merchantId: 'M' }, 100, 'SAME_MERCHANT_ID'],
  ['no text at all', { descriptor: undefined as never }, {}, 75, 'MERCHANT_NOT_TOLD'],
  ['the text of another', { descriptor: 'BAKERY' }, {}, 55, 'OTHER_NAME'],
  ['no card', {}, { cardId: undefined as never }, 80, 'CARD_NOT_TOLD'],
  ['the next day', { days: ['2026-03-11'] }, {}, 85, 'NEXT_DAY'],
  ['three days later', { days: ['2026-03-13'] }, {}, 80, 'WITHIN_THREE_DAYS'],
  ['a week later', { days: ['2026-03-17'] }, {}, 75, 'WITHIN_A_WEEK'],
  ['cleared later, authorised on the day', { days: ['2026-03-17', '2026-03-10'] }, {}, 90, 'SAME_DAY'],
  ['a tip', { amountMinor: 12_000n }, {}, 65, 'AMOUNT_WITH_TIP'],
  [
    'a tip and the same approval',
    { amountMinor: 12_000n, approvalCode: 'A' },
    { approvalCode: 'A' },
    95,
    'SAME_APPROVAL_CODE',
  ],
  [
    'converted by another rate',
    { amountMinor: 9_700n, original: { amount: '120.00', currencyCode: 'USD' } },
    {},
    65,
    'AMOUNT_CONVERTED',
  ],
  [
    'the same amount in another currency',
    { amountMinor: 9_700n, original: { amount: '120.00', currencyCode: 'USD' } },
    { original: { amount: '120.00', currencyCode: 'USD' } },
    90,
    'SAME_ORIGINAL_AMOUNT',
  ],
];

test.each(cases.map(([name, ...given]) => ({ name, given })))('$name', ({ given: [byBank, byShop, score, ground] }) => {
  const [one, other] = [bank(byBank), shop(byShop)];
  expect(likeness(one, other)?.score).toBe(score);
  expect(likeness(other, one)).toEqual(likeness(one, other));
  if (ground !== undefined) expect(likeness(one, other)?.grounds).toContain(ground);
});

const candidate = (id: string, telling: Telling) => ({ id, telling });

test('the likeliest is taken, among equals the nearest in time, then the first recorded', () => {
  const at = (minute: number) => ({ occurredAt: new Date(Date.UTC(2026, 2, 10, 12, minute)) });
  const found = findSamePurchase(bank(at(0)), [
    candidate('c', shop(at(5))),
    candidate('b', shop(at(2))),
    candidate('a', shop(at(2))),
    candidate('d', shop({ ...at(0), cardId: undefined as never })),
  ]);
  expect(found).toMatchObject({ same: { candidate: { id: 'a' }, score: 90 }, near: [] });
});

test('what is not alike enough is for somebody to look at, and what is less is nothing', () => {
  const tip = bank({ amountMinor: 11_000n });
  expect(findSamePurchase(tip, [candidate('a', shop())])).toMatchObject({
    near: [{ candidate: { id: 'a' }, score: 65 }],
  });
  expect(findSamePurchase(tip, [candidate('a', shop({ names: ['Bakery'] }))])).toEqual({ near: [] });
});

test('the order of candidates decides nothing', () => {
  const some = fc.record({
    amountMinor: fc.constantFrom(9_000n, 10_000n, 11_000n),
    days: fc.constantFrom(['2026-03-10'], ['2026-03-11'], ['2026-03-16']),
    occurredAt: fc.integer({ min: 0, max: 3 }).map((hour) => new Date(Date.UTC(2026, 2, 10, hour))),
  });
  const several = fc.array(some, { maxLength: 6 }).chain((given) => {
    const all = given.map((changes, index) => candidate(`id-${index}`, shop(changes)));
    return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
  });
  fc.assert(
    fc.property(several, some, ([straight, mixed], own) => {
      const found = findSamePurchase(bank(own), straight);
      expect(findSamePurchase(bank(own), mixed)).toEqual(found);
      if (found.same) expect(found.same.score).toBeGreaterThanOrEqual(JOIN_AT);
      for (const { score } of found.near) {
        expect(score).toBeGreaterThanOrEqual(PROPOSE_AT);
        expect(score).toBeLessThan(JOIN_AT);
      }
    }),
  );
});

const names: readonly [string, string, number][] = [
  ['Corner Books Ltd', 'CORNER BOOKS 0042 LONDON', 100],
  ['Corner Books', 'CORNERBOOKS.COM', 100],
  ['Corner Books', 'SQ *CORNER BOOK', 100],
  ['Corner Books', 'CORNER BAKERY', 54],
  ['Café Zoë', 'CAFE ZOE PARIS', 100],
  ['Corner Books', 'SUPERMARKET 12', 0],
  ['The Shop', 'THE SHOP BERLIN', 100],
  ['42', '42', 0],
];
test.each(names)('of %s stands in %s: %d per cent', (name, text, share) => {
  expect(nameLikeness(name, text)).toBe(share);
});
