/** What came of a back-test, as tables for people. */
import type { Cost } from '../domain/backtest/cost.js';
import { currencyScale } from '../domain/money/currency.js';
import { formatDecimal } from '../domain/money/decimal.js';
import type { BacktestResult, CostLine } from '../modules/backtests/index.js';

const count = (value: number): string => value.toLocaleString('en-GB');

const members = (value: number): string => `${count(value)} member${value === 1 ? '' : 's'}`;

/** "1,234.50"; with a sign when it is a change. */
function amount(value: bigint, scale: number, sign = false): string {
  const [whole = '', decimals] = formatDecimal(value < 0n ? -value : value, scale).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const prefix = value < 0n ? '-' : sign && value > 0n ? '+' : '';
  return `${prefix}${grouped}${decimals === undefined ? '' : `.${decimals}`}`;
}

/** "+12.5 %" of `before`, to a tenth; nothing when there was nothing before. */
function share(change: bigint, before: bigint): string {
  if (before === 0n) return change === 0n ? '' : 'new';
  const tenths = (change * 1_000n * 2n + (change < 0n ? -before : before)) / (2n * before);
  return `${amount(tenths, 1, true)} %`;
}

/** Columns as wide as their widest cell: the first to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd();
  const [head = [], ...body] = rows;
  return [line(head), `  ${'─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2))}`, ...body.map(line)];
}

/** The whole result in the order in which one asks: what does it cost, who pays, who gains. */
export function describeBacktest(
  result: BacktestResult,
  days: { readonly from: string; readonly until: string },
): string {
  const { currencyCode, unitCode, unitScale, total, by } = result;
  const scale = currencyScale(currencyCode);
  const money = (value: bigint, sign = false): string => amount(value, scale, sign);
  const units = (value: bigint, sign = false): string => amount(value, unitScale, sign);
  const cells = (key: string, { candidate, baseline, recorded }: Omit<CostLine, 'key'>): string[] => [
    key,
    money(recorded.valueMinor),
    money(baseline.valueMinor),
    money(candidate.valueMinor),
    money(candidate.valueMinor - baseline.valueMinor, true),
    share(candidate.valueMinor - baseline.valueMinor, baseline.valueMinor),
  ];
  const costs = (title: string, lines: readonly CostLine[]): string[] => [
    '',
    ...table([
      [title, 'recorded', 'replayed', 'candidate', 'change', ''],
      ...lines.map((line) => cells(line.key, line)),
      ...(lines.length > 1 ? [cells('together', total)] : []),
    ]),
  ];
  const charges = ({ commissionMinor, taxMinor }: Cost): bigint => commissionMinor + taxMinor;
  const movers = (title: string, moved: BacktestResult['gainsMost']): string[] =>
    moved.length === 0
      ? []
      : [
          '',
          ...table([
            [title, 'replayed', 'candidate', 'change'],
            ...moved.map(({ memberId, baseline, candidate }) => [
              memberId,
              units(baseline),
              units(candidate),
              units(candidate - baseline, true),
            ]),
          ]),
        ];
  return [
    `${count(result.purchases)} purchases of ${members(result.members)} from ${days.from} to ${days.until}, ${money(result.spendMinor)} ${currencyCode} kept after refunds.`,
    `Replayed from ${result.replayedFrom} on, so that tiers and caps stood where they stood.`,
    '',
    `Rewards at issue in ${currencyCode}: as recorded, replayed under the versions that were in force, and under the candidate.`,
    ...costs('by payer', by.FUNDER),
    ...costs('by category', by.CATEGORY),
    ...costs('by rule', by.RULE),
    ...costs('by month', by.MONTH),
    '',
    `Commission and tax: ${money(charges(total.baseline))} replayed, ${money(charges(total.candidate))} under the candidate.`,
    `Withheld by caps and budgets: ${units(result.withheld.baseline)} ${unitCode} replayed, ${units(result.withheld.candidate)} ${unitCode} under the candidate.`,
    '',
    `Gaining: ${members(result.winners.members)}, ${units(result.winners.units)} ${unitCode}. Losing: ${members(result.losers.members)}, ${units(result.losers.units)} ${unitCode}. The same: ${members(result.unchanged)}.`,
    ...(result.deciles.length === 0
      ? []
      : [
          '',
          ...table([
            [`change in ${unitCode}`, 'members', 'from', 'to', 'together'],
            ...result.deciles.map(({ no, members: size, from, to, units: sum }) => [
              `tenth ${no}`,
              count(size),
              units(from, true),
              units(to, true),
              units(sum, true),
            ]),
          ]),
        ]),
    ...movers('gain most', result.gainsMost),
    ...movers('lose most', result.losesMost),
    ...(result.budgetsApproximate
      ? ['', 'Budgets were used up member by member, not in the order of time: who got the last of them is not exact.']
      : []),
    '',
  ].join('\n');
}
