/** What the demonstration shows: who owes whom and why it adds up, one explanation, and the members' balances. */
import { Account } from '../domain/ledger/accounts.js';
import { formatDecimal, parseDecimal } from '../domain/money/decimal.js';
import { PROGRAMME } from './cast.js';
import type { GraphQLClient } from './graphql-client.js';

interface Amount {
  readonly amount: string;
}
interface Item {
  readonly event: string;
  readonly account: number;
  readonly entryCount: number;
  readonly units: string;
  readonly reward: Amount;
  readonly commission: Amount;
  readonly tax: Amount;
  readonly amount: Amount;
}
interface Line {
  readonly partner: { readonly name: string } | null;
  readonly net: Amount;
  readonly state: string;
  readonly items: readonly Item[];
}
interface Settlement {
  readonly number: number;
  readonly state: string;
  readonly gross: Amount;
  readonly netPayments: Amount;
  readonly lines: readonly Line[];
}

const SETTLEMENT = `query ($id: ID!) {
  settlement(id: $id) {
    number state gross { amount } netPayments { amount }
    lines {
      partner { name } net { amount } state
      items { event account entryCount units reward { amount } commission { amount } tax { amount } amount { amount } }
    }
  } }`;

const LATEST = `query ($programmeCode: String!) {
  settlements(programmeCode: $programmeCode, first: 1) { nodes { id } } }`;

const MEMBERS = `query {
  members(first: 10) { nodes { code programmeCode balance { pending available } } } }`;

const EXPLAIN = `query ($partnerCode: String!, $reference: String!) {
  transactionByReference(partnerCode: $partnerCode, kind: PURCHASE, reference: $reference) {
    explanation { text verified } } }`;

/** Id of the newest settlement of the demonstration; undefined when there is none yet. */
export async function latestSettlement(admin: GraphQLClient): Promise<string | undefined> {
  const { settlements } = await admin.run<{ settlements: { nodes: { id: string }[] } | null }>(LATEST, {
    programmeCode: PROGRAMME,
  });
  return settlements?.nodes[0]?.id;
}

export async function settlementReport(admin: GraphQLClient, id: string): Promise<string> {
  const { settlement } = await admin.run<{ settlement: Settlement }>(SETTLEMENT, { id });
  const rows = settlement.lines.map((line) => {
    // Other items are only reported: what has accrued and waits.
    const charged = line.items.filter(({ account }) => account === Account.POSITION);
    const of = (pick: (item: Item) => Amount): string => (line.partner === null ? '' : total(charged.map(pick)));
    return [
      line.partner?.name ?? 'The programme',
      of(({ event, reward }) => (event === 'REDEEMED' ? NOTHING : reward)),
      of(({ event, reward }) => (event === 'REDEEMED' ? reward : NOTHING)),
      of(({ commission }) => commission),
      of(({ tax }) => tax),
      line.net.amount,
      direction(line.net.amount),
    ];
  });
  const sum = total(settlement.lines.map(({ net }) => net));
  const own = settlement.lines.find(({ partner }) => partner === null)?.items ?? [];
  return [
    `Settlement ${settlement.number} (${settlement.state.toLowerCase()}), EUR`,
    table(
      ['', 'rewards', 'redeemed', 'commission', 'tax', 'net', ''],
      [...rows, ['Sum of all nets', '', '', '', '', sum, sum === '0.00' ? 'it adds up' : 'IT DOES NOT ADD UP']],
    ),
    `Charges and credits of ${settlement.gross.amount} EUR are netted to payments of ${settlement.netPayments.amount} EUR.`,
    "The programme's line comes from its own accounts, not from the others' sum:",
    ...OWN_ACCOUNTS.flatMap(([account, name]) => {
      const amounts = own.filter((item) => item.account === account).map(({ amount }) => amount);
      return amounts.length === 0 ? [] : [`  ${name.padEnd(34)} ${total(amounts).padStart(9)}`];
    }),
  ].join('\n');
}

export async function membersReport(admin: GraphQLClient): Promise<string> {
  const { members } = await admin.run<{
    members: { nodes: { code: string; balance: { pending: string; available: string } }[] };
  }>(MEMBERS);
  return table(
    ['member', 'available', 'pending'],
    members.nodes.map(({ code, balance }) => [code, `${balance.available} PTS`, `${balance.pending} PTS`]),
  );
}

/** Why one purchase earned what it earned. */
export async function explanationReport(
  admin: GraphQLClient,
  partnerCode: string,
  reference: string,
): Promise<string | undefined> {
  const { transactionByReference } = await admin.run<{
    transactionByReference: { explanation: { text: string; verified: boolean } } | null;
  }>(EXPLAIN, { partnerCode, reference });
  return transactionByReference?.explanation.text;
}

/** The programme's accounts in the order of the chart, for people. */
const OWN_ACCOUNTS: readonly (readonly [number, string])[] = [
  [Account.LIABILITY_AVAILABLE, 'rewards it now owes its members'],
  [Account.OUTPUT_TAX, 'tax it will hand on'],
  [Account.COMMISSION, 'commission it earned'],
  [Account.PROGRAMME_REWARDS, 'rewards it pays for itself'],
];

const NOTHING: Amount = { amount: '0.00' };
const SCALE = 2;
const total = (amounts: readonly Amount[]): string =>
  formatDecimal(
    amounts.reduce((sum, { amount }) => sum + (parseDecimal(amount, SCALE) as bigint), 0n),
    SCALE,
  );

function direction(net: string): string {
  if (/^-?0(\.0+)?$/.test(net)) return '';
  return net.startsWith('-') ? 'is owed' : 'owes';
}

/** Columns padded to their widest cell; the first and the last to the left, figures to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const isText = (column: number): boolean => column === 0 || head[column] === '';
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd();
  const rule = `  ${widths.map((width) => '─'.repeat(width)).join('──')}`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
