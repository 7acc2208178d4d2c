/** Settlements as they are stored and read back. What they are made of is in position.sql.ts. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { StatementFace } from '../../domain/settlement/invoice.js';
import type { SettlementLineState, SettlementState } from '../../domain/settlement/line-state.js';
import type { LineSide, NettedLine } from '../../domain/settlement/netting.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { PartyItem } from './position.sql.js';

export interface NewSettlement {
  readonly id: string;
  readonly programmeNo: number;
  readonly currencyCode: string;
  readonly state: 'ISSUED' | 'SETTLED';
  readonly now: Date;
  readonly programmeNetMinor: bigint;
  readonly grossMinor: bigint;
  readonly netPaymentsMinor: bigint;
}

const INSERT_SETTLEMENT = statement(
  'settlement.insert-settlement',
  `insert into settlement (id, programme_no, currency_code, state, created_at, issued_at, programme_net_minor, gross_minor, net_payments_minor)
   values ($1, $2, $3, $4, $5, $5, $6, $7, $8) returning no`,
);

/** Returns the settlement's number. */
export async function insertSettlement(tx: DbTransaction, row: NewSettlement): Promise<number> {
  const { id, programmeNo, currencyCode, state, now, programmeNetMinor, grossMinor, netPaymentsMinor } = row;
  const values = [id, programmeNo, currencyCode, state, now, programmeNetMinor, grossMinor, netPaymentsMinor];
  const [inserted] = await tx.run<{ no: number }>(INSERT_SETTLEMENT, values);
  return (inserted as { no: number }).no;
}

export interface NewLine extends NettedLine {
  readonly id: string;
  /** When it is to be paid, and the last day to dispute it; null on the programme's own line. */
  readonly dueOn: BusinessDate | null;
  readonly disputeUntil: BusinessDate | null;
  /** In which it is paid when that is not the programme's: nothing is due before it is converted. */
  readonly dueCurrencyCode: string | null;
}

const INSERT_LINES = statement(
  'settlement.insert-lines',
  `insert into settlement_line (settlement_id, id, party_no, side, opening_minor, net_minor, state, due_minor, due_on, dispute_until,
     due_currency_code)
   select $1, l.* from unnest($2::uuid[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::bigint[], $9::date[], $10::date[],
     $11::text[]) as l`,
);

export async function insertLines(tx: DbTransaction, settlementId: string, lines: readonly NewLine[]): Promise<void> {
  await tx.run(INSERT_LINES, [
    settlementId,
    lines.map((line) => line.id),
    lines.map((line) => line.partyNo),
    lines.map((line) => line.side),
    lines.map((line) => line.openingMinor),
    lines.map((line) => line.netMinor),
    lines.map((line) => line.state),
    lines.map((line) => (isToPay(line) && line.dueCurrencyCode === null ? line.closingMinor : 0n)),
    lines.map((line) => line.dueOn),
    lines.map((line) => line.disputeUntil),
    lines.map((line) => (isToPay(line) ? line.dueCurrencyCode : null)),
  ]);
}

const isToPay = ({ state, partyNo }: NettedLine): boolean => state === 'PENDING' && partyNo > 0;

/** A party's statement as it is frozen. */
export interface NewStatement {
  readonly partyNo: number;
  readonly csv: string;
  readonly csvSha256: string;
  /** Null on the programme's own statement. */
  readonly invoiceNo: number | null;
  readonly face: StatementFace;
}

const INSERT_STATEMENTS = statement(
  'settlement.insert-statements',
  `insert into settlement_statement (settlement_id, party_no, csv, csv_sha256, invoice_no, head)
   select $1, s.* from unnest($2::integer[], $3::text[], $4::text[], $5::integer[], $6::jsonb[]) as s`,
);

export async function insertStatements(
  tx: DbTransaction,
  settlementId: string,
  statements: readonly NewStatement[],
): Promise<void> {
  await tx.run(INSERT_STATEMENTS, [
    settlementId,
    statements.map(({ partyNo }) => partyNo),
    statements.map(({ csv }) => csv),
    statements.map(({ csvSha256 }) => csvSha256),
    statements.map(({ invoiceNo }) => invoiceNo),
    statements.map(({ face }) => JSON.stringify(face)),
  ]);
}

const INSERT_ITEMS = statement(
  'settlement.insert-items',
  `insert into settlement_item (settlement_id, party_no, side, entry_kind, account, entry_count, units, reward_minor, commission_minor, tax_minor, amount_minor)
   select $1, i.* from unnest($2::integer[], $3::text[], $4::smallint[], $5::smallint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[]) as i`,
);

export async function insertItems(tx: DbTransaction, settlementId: string, items: readonly PartyItem[]): Promise<void> {
  await tx.run(INSERT_ITEMS, [
    settlementId,
    items.map((item) => item.partyNo),
    items.map((item) => item.side),
    items.map((item) => item.entryKind),
    items.map((item) => item.account),
    items.map((item) => item.entryCount),
    items.map((item) => item.units),
    items.map((item) => item.rewardMinor),
    items.map((item) => item.commissionMinor),
    items.map((item) => item.taxMinor),
    items.map((item) => item.amountMinor),
  ]);
}

export interface SettlementLineRow {
  readonly id: string;
  readonly partyNo: number;
  /** Absent for the programme's own line. */
  readonly partnerCode: string | null;
  readonly side: LineSide;
  readonly openingMinor: bigint;
  readonly netMinor: bigint;
  /** What is left to pay of it. */
  readonly dueMinor: bigint;
  readonly state: SettlementLineState;
  readonly statementSha256: string;
}

export interface SettlementRow extends Omit<NewSettlement, 'state'> {
  readonly no: number;
  readonly state: SettlementState;
  readonly windowNos: readonly number[];
}

const FIND_SETTLEMENT = statement(
  'settlement.find-settlement',
  `select s.id, s.no, s.programme_no as "programmeNo", s.currency_code as "currencyCode", s.state, s.created_at as now,
          s.programme_net_minor as "programmeNetMinor", s.gross_minor as "grossMinor",
          s.net_payments_minor as "netPaymentsMinor",
          array(select no from settlement_window where settlement_id = s.id
                union select window_no from window_position where settlement_id = s.id order by 1) as "windowNos"
   from settlement s where s.id = $1`,
);
const FIND_LINES = statement(
  'settlement.find-lines',
  `select l.id, l.party_no as "partyNo", p.code as "partnerCode", l.side, l.opening_minor as "openingMinor",
          l.net_minor as "netMinor", l.due_minor as "dueMinor", l.state, t.csv_sha256 as "statementSha256"
   from settlement_line l left join partner p on p.no = l.party_no
   join settlement_statement t on t.settlement_id = l.settlement_id and t.party_no = l.party_no
   where l.settlement_id = $1 order by l.party_no = 0, l.party_no, l.side desc`,
);

/** A settlement with its lines, partners in order of their number, the programme last. */
export async function getSettlement(
  tx: DbTransaction,
  id: string,
): Promise<SettlementRow & { readonly lines: readonly SettlementLineRow[] }> {
  const [row] = await tx.run<SettlementRow>(FIND_SETTLEMENT, [id]);
  if (row === undefined) throw new Error(`There is no settlement ${id}`);
  return { ...row, lines: await tx.run<SettlementLineRow>(FIND_LINES, [id]) };
}
