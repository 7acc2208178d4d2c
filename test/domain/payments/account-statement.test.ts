import { checkNextStatement, type StatementTotals } from '../../../src/domain/payments/account-statement.js';

const BEFORE: StatementTotals = { openingMinor: 0n, closingMinor: 500n, closedOn: '2026-03-01', sequenceNumber: 7 };
const NEXT: StatementTotals = { openingMinor: 500n, closingMinor: 300n, closedOn: '2026-03-02', sequenceNumber: 8 };

test.each([
  ['does not add up', NEXT, -199n, BEFORE, 'STATEMENT_DOES_NOT_ADD_UP'],
  ['opens with another balance', { ...NEXT, openingMinor: 501n, closingMinor: 301n }, -200n, BEFORE, 'STATEMENT_GAP'],
  ['skips a number of the year', { ...NEXT, sequenceNumber: 9 }, -200n, BEFORE, 'STATEMENT_GAP'],
] as const)('a statement that %s is refused', (_, statement, booked, previous, code) => {
  const checked = checkNextStatement(statement, booked, previous);
  expect(!checked.ok && checked.failure.code).toBe(code);
});

test.each([
  ['follows', NEXT, BEFORE],
  ['is the first', NEXT, undefined],
  ['has no number', { openingMinor: 500n, closingMinor: 300n, closedOn: '2026-03-02' }, BEFORE],
  ['begins a new year', { ...NEXT, closedOn: '2027-01-02', sequenceNumber: 1 }, BEFORE],
] as const)('a statement that %s is taken', (_, statement, previous) => {
  expect(checkNextStatement(statement, -200n, previous).ok).toBe(true);
});
