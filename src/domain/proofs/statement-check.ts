/** Whether a frozen statement says what the entries behind it come to: event by event, then net and closing. */
import { Account } from '../ledger/accounts.js';
import type { EntryKindCode } from '../ledger/entry.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { STATEMENT_EVENTS } from '../settlement/statement.js';
import type { EntryPosting } from './entry-leaf.js';

/** The columns of a statement that entries have to come to. */
const CHECKED = ['amount', 'commission', 'tax'] as const;
type Column = (typeof CHECKED)[number];
type Sums = Readonly<Record<Column, bigint>>;

const NOTHING: Sums = { amount: 0n, commission: 0n, tax: 0n };
const plus = (one: Sums, other: Sums): Sums => ({
  amount: one.amount + other.amount,
  commission: one.commission + other.commission,
  tax: one.tax + other.tax,
});

const columnOf: Readonly<Partial<Record<number, { readonly column: Column; readonly sign: bigint }>>> = {
  [Account.POSITION]: { column: 'amount', sign: 1n },
  [Account.COMMISSION]: { column: 'commission', sign: -1n },
  [Account.OUTPUT_TAX]: { column: 'tax', sign: -1n },
};

/** What the entries of a proof come to, by the words of statements. */
export class StatementSums {
  private readonly byEvent = new Map<string, Sums>();

  add(kind: number, postings: readonly EntryPosting[]): void {
    const event = STATEMENT_EVENTS[kind as EntryKindCode] ?? `KIND ${kind}`;
    let sums = this.byEvent.get(event) ?? NOTHING;
    for (const { account, amount } of postings) {
      const place = columnOf[account];
      if (place !== undefined) sums = { ...sums, [place.column]: sums[place.column] + place.sign * amount };
    }
    this.byEvent.set(event, sums);
  }

  /** Sentences on what the statement says otherwise; none when it says the same. */
  faultsOf(csv: string, scale: number): string[] {
    const rows = rowsOf(csv, scale);
    if (rows === undefined) return ['The statement is no statement of this gateway: it cannot be read.'];
    const said = Map.groupBy(rows, ({ item }) => item);
    const totalOf = (item: string): Sums => (said.get(item) ?? []).map(({ sums }) => sums).reduce(plus, NOTHING);
    const events = new Set([...said.keys(), ...this.byEvent.keys()].filter((item) => !NOT_EVENTS.has(item)));
    const faults = [...events].flatMap((event) =>
      CHECKED.flatMap((column) =>
        difference(event, column, totalOf(event)[column], (this.byEvent.get(event) ?? NOTHING)[column], scale),
      ),
    );
    const net = [...this.byEvent.values()].reduce(plus, NOTHING).amount;
    faults.push(...difference('NET', 'amount', totalOf('NET').amount, net, scale));
    const [closing, comesTo] = [totalOf('CLOSING').amount, totalOf('OPENING').amount + totalOf('NET').amount];
    if (closing !== comesTo) {
      faults.push(
        `The statement says ${formatDecimal(closing, scale)} as closing, its opening and net come to ${formatDecimal(comesTo, scale)}.`,
      );
    }
    faults.push(...this.taxFaults(said.get('TAX') ?? [], scale));
    return faults;
  }

  /** Commission and tax once more, by code and rate: together they are those of the events. */
  private taxFaults(rows: readonly StatementRow[], scale: number): string[] {
    if (rows.length === 0) return [];
    const [said, found] = [rows.map(({ sums }) => sums), [...this.byEvent.values()]].map((all) =>
      all.reduce(plus, NOTHING),
    ) as [Sums, Sums];
    return (['commission', 'tax'] as const).flatMap((column) =>
      difference('TAX', column, said[column], found[column], scale),
    );
  }

  /** What all entries come to. */
  get netMinor(): bigint {
    return [...this.byEvent.values()].reduce(plus, NOTHING).amount;
  }
}

/** Rows that sum up others. */
const NOT_EVENTS: ReadonlySet<string> = new Set(['OPENING', 'NET', 'CLOSING', 'TAX', 'CARRIED']);

function difference(item: string, column: Column, said: bigint, found: bigint, scale: number): string[] {
  if (said === found) return [];
  return [
    `The statement says ${formatDecimal(said, scale)} as ${column} of ${item}, the entries come to ${formatDecimal(found, scale)}.`,
  ];
}

interface StatementRow {
  readonly item: string;
  readonly sums: Sums;
}

function rowsOf(csv: string, scale: number): readonly StatementRow[] | undefined {
  const [columns, ...lines] = csv.split('\r\n').map((line) => line.split(','));
  if (columns === undefined || lines.pop()?.join('') !== '') return undefined;
  const at = (name: string): number => columns.indexOf(name);
  if (['item', ...CHECKED].some((name) => at(name) < 0)) return undefined;
  const rows: StatementRow[] = [];
  for (const line of lines) {
    if (line.length !== columns.length) return undefined;
    let sums = NOTHING;
    for (const name of CHECKED) {
      const minor = parseDecimal(line[at(name)] || '0', scale);
      if (typeof minor !== 'bigint') return undefined;
      sums = { ...sums, [name]: minor };
    }
    rows.push({ item: line[at('item')] as string, sums });
  }
  return rows;
}
