import {
  type LineStanding,
  mayAbort,
  mayGo,
  type SettlementLineState,
  settlementStateOf,
} from '../../../src/domain/settlement/line-state.js';

const STATES: readonly SettlementLineState[] = [
  'PENDING',
  'INSTRUCTED',
  'CONFIRMED',
  'REJECTED',
  'CARRIED',
  'DISPUTED',
  'SETTLED',
];
const line = (state: SettlementLineState, dueMinor = 100n): LineStanding => ({ state, closingMinor: 100n, dueMinor });

test.each([
  ['PENDING', 'PENDING INSTRUCTED CONFIRMED DISPUTED SETTLED'],
  ['INSTRUCTED', 'INSTRUCTED CONFIRMED REJECTED'],
  ['CONFIRMED', 'REJECTED DISPUTED'],
  ['REJECTED', 'PENDING INSTRUCTED CONFIRMED DISPUTED SETTLED'],
  ['CARRIED', ''],
  ['DISPUTED', 'PENDING CONFIRMED DISPUTED SETTLED'],
  ['SETTLED', 'REJECTED'],
] as const)('%s goes to: %s', (from, ways) => {
  expect(STATES.filter((to) => mayGo(from, to)).join(' ')).toBe(ways);
});

test.each([
  // lines -> settlement, may be aborted
  [[line('PENDING'), line('CARRIED', 0n)], 'ISSUED', true],
  [[line('PENDING', 60n)], 'PAYING', false],
  [[line('PENDING'), line('INSTRUCTED')], 'PAYING', false],
  [[line('REJECTED')], 'PAYING', false],
  [[line('DISPUTED')], 'ISSUED', false],
  [[line('CONFIRMED', 0n), line('PENDING')], 'PAYING', false],
  [[line('CONFIRMED', 0n), line('SETTLED', 0n), line('CARRIED', 0n)], 'SETTLED', false],
  [[line('SETTLED', 0n)], 'SETTLED', true],
  [[], 'SETTLED', true],
] as const)('%# lines make a settlement %s', (lines, state, abortable) => {
  expect([settlementStateOf(lines), mayAbort(lines)]).toEqual([state, abortable]);
});
