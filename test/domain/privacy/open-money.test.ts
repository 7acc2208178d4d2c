import { type OpenMoney, whatKeeps } from '../../../src/domain/privacy/open-money.js';

const settled: OpenMoney = {
  pendingUnits: 0n,
  pendingUntil: null,
  heldUnits: 0n,
  availableUnits: 0n,
  receivableMinor: 0n,
  openDebts: 0,
  openAdjustments: 0,
  openPayouts: 0,
};

test.each<[string, Partial<OpenMoney>, boolean, string[]]>([
  ['nothing', {}, false, []],
  ['pending units', { pendingUnits: 1n, pendingUntil: '2026-03-15' }, true, ['PENDING_UNITS']],
  ['held units', { heldUnits: 1n }, true, ['HELD_UNITS']],
  ['units to spend', { availableUnits: 1n }, false, ['AVAILABLE_UNITS']],
  ['units to spend that are given up', { availableUnits: 1n }, true, []],
  ['less than nothing', { availableUnits: -1n }, true, ['OPEN_DEBT']],
  ['a receivable', { receivableMinor: 1n }, false, ['OPEN_DEBT']],
  ['a debt', { openDebts: 1 }, false, ['OPEN_DEBT']],
  ['an adjustment that waits', { openAdjustments: 1 }, true, ['OPEN_ADJUSTMENT']],
  ['a cash-out that is not paid', { openPayouts: 1 }, true, ['OPEN_PAYOUT']],
  [
    'everything at once',
    { pendingUnits: 1n, heldUnits: 1n, availableUnits: 1n, openDebts: 1, openAdjustments: 1 },
    false,
    ['PENDING_UNITS', 'HELD_UNITS', 'AVAILABLE_UNITS', 'OPEN_DEBT', 'OPEN_ADJUSTMENT'],
  ],
])('%s', (_what, but, forfeit, codes) => {
  expect(whatKeeps({ ...settled, ...but }, forfeit).map(({ code }) => code)).toEqual(codes);
});

test('says until when', () => {
  const [reason] = whatKeeps({ ...settled, pendingUnits: 1n, pendingUntil: '2026-03-15' }, false);
  expect(reason?.message).toContain('on hold until 2026-03-15;');
});
