/** Settling closed windows: what is read from the journal, and what is frozen of it. */
import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import type { NettedLine, PartnerStanding } from '../../domain/settlement/netting.js';
import type { StatementItem } from '../../domain/settlement/statement.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { JournalWindow } from '../ledger/index.js';

export interface DueWindow extends JournalWindow {
  readonly openedAt: Date;
  readonly closedAt: Date;
  /** The time and the programme's own day on which it is settled. */
  readonly now: Date;
  readonly today: string;
}

// Locked, so that of two settlements at once the second finds them settled. Only sealed ones: what is settled
// can be proved from then on.
const LOCK_DUE_WINDOWS = statement(
  'settlement.lock-due-windows',
  `select w.no, w.programme_no as "programmeNo", r.no as "rewardUnit", m.no as "moneyUnit", w.opened_at as "openedAt",
          w.closed_at as "closedAt", hansa_now() as now, (hansa_now() at time zone p.time_zone)::date as today
   from settlement_window w
   join programme p on p.no = w.programme_no
   join unit r on r.kind = 'REWARD' and r.programme_no = w.programme_no
   join unit m on m.kind = 'MONEY' and m.programme_no = w.programme_no and m.code = w.currency_code
   where w.programme_no = $1 and w.state = 'CLOSED' and w.settlement_id is null and w.digest is not null
   order by w.no for update of w`,
);

/** Closed, sealed and unsettled windows of a programme, oldest first, locked until the transaction ends. */
export const lockDueWindows = (tx: DbTransaction, programmeNo: number): Promise<DueWindow[]> =>
  tx.run<DueWindow>(LOCK_DUE_WINDOWS, [programmeNo]);

export interface WindowNet {
  readonly windowNo: number;
  readonly partnerNo: number;
  readonly netMinor: bigint;
  /** Sum of the absolute amounts. */
  readonly grossMinor: bigint;
}

const SUM_POSITIONS = statement(
  'settlement.sum-positions',
  `select p.window_no as "windowNo", p.party as "partnerNo", sum(p.amount)::bigint as "netMinor",
          sum(abs(p.amount))::bigint as "grossMinor"
   from posting p
   join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no and e.window_no = any ($1::integer[])
   where p.window_no = any ($1::integer[]) and p.account = ${Account.POSITION} and e.kind <> ${EntryKind.SETTLEMENT}
   group by p.window_no, p.party order by p.window_no, p.party`,
);

/** What each partner's position (1100) came to in each of these windows. */
export const sumPositions = (tx: DbTransaction, windowNos: readonly number[]): Promise<WindowNet[]> =>
  tx.run<WindowNet>(SUM_POSITIONS, [windowNos]);

export interface PartyItem extends StatementItem {
  readonly partyNo: number;
}

// One row per entry and funder. With a charge (1100) its reward is what is left of the charge without
// commission and tax; without one it is only reported, under the funding that is still pending (1105). A
// confirmation names the units in its member legs: they belong to the funder of the same group, and each
// group begins with its P100 leg.
const SUM_PARTNER_ITEMS = statement(
  'settlement.sum-partner-items',
  `with line as (
     select e.kind, p.entry_no, p.line, p.account, p.party, p.amount
     from posting p join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no and e.window_no = any ($1::integer[])
     where p.window_no = any ($1::integer[]) and e.kind <> ${EntryKind.SETTLEMENT}
   ), part as (
     select entry_no, max(party) filter (where account = ${Account.POSITION}) as party,
            -sum(amount) filter (where account = ${Account.MEMBER_AVAILABLE}) as units
     from (
       select *, count(*) filter (where account = ${Account.MEMBER_PENDING}) over (partition by entry_no order by line) as part
       from line where kind = ${EntryKind.CONFIRMATION}
     ) grouped
     group by entry_no, part
   ), confirmed as (
     select entry_no, party, sum(units) as units from part where party is not null group by entry_no, party
   ), flow as (
     select kind, entry_no, party,
            sum(amount) filter (where account = ${Account.POSITION}) as charged,
            coalesce(sum(amount) filter (where account = ${Account.FUNDING_PENDING}), 0) as funding,
            coalesce(sum(amount) filter (where account = ${Account.ISSUED}), 0) as issued,
            coalesce(-sum(amount) filter (where account = ${Account.COMMISSION}), 0) as commission,
            coalesce(-sum(amount) filter (where account = ${Account.OUTPUT_TAX}), 0) as tax
     from line
     where party > 0 and account in (${[Account.ISSUED, Account.POSITION, Account.FUNDING_PENDING, Account.COMMISSION, Account.OUTPUT_TAX].join(', ')})
     group by kind, entry_no, party
   )
   select f.party as "partyNo", f.kind as "entryKind",
          case when f.charged is null then ${Account.FUNDING_PENDING} else ${Account.POSITION} end as account,
          count(*) as "entryCount", sum(coalesce(c.units, f.issued))::bigint as units,
          sum(case when f.charged is null then f.funding else f.charged - f.commission - f.tax end)::bigint as "rewardMinor",
          sum(f.commission)::bigint as "commissionMinor", sum(f.tax)::bigint as "taxMinor",
          coalesce(sum(f.charged), 0)::bigint as "amountMinor"
   from flow f left join confirmed c on c.entry_no = f.entry_no and c.party = f.party
   group by 1, 2, 3 order by 1, 2, 3`,
);

/** Why each partner's net is what it is: sums per kind of entry. Their amounts add up to the net. */
export const sumPartnerItems = (tx: DbTransaction, windowNos: readonly number[]): Promise<PartyItem[]> =>
  tx.run<PartyItem>(SUM_PARTNER_ITEMS, [windowNos]);

/** Accounts whose entries move money that was settled before, and so are no part of a new settlement. */
const PAYMENT_ACCOUNTS = [
  Account.BANK,
  Account.PAYMENTS_IN_TRANSIT,
  Account.UNALLOCATED_RECEIPTS,
  Account.SETTLED_UNPAID,
].join(', ');

/** First account number of the money book. */
const MONEY = 1000;

// Every money posting outside partner positions, in entries that are no payments (LEDGER 6). It never looks at
// a position: that it comes to the opposite of all of them is the proof.
const SUM_PROGRAMME_ITEMS = statement(
  'settlement.sum-programme-items',
  `with payment as materialized (
     select distinct entry_no from posting where window_no = any ($1::integer[]) and account in (${PAYMENT_ACCOUNTS})
   )
   select e.kind as "entryKind", p.account, count(distinct p.entry_no) as "entryCount", sum(p.amount)::bigint as "amountMinor"
   from posting p
   join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no and e.window_no = any ($1::integer[])
   where p.window_no = any ($1::integer[]) and p.account >= ${MONEY} and p.account <> ${Account.POSITION}
     and p.entry_no not in (select entry_no from payment)
   group by 1, 2 order by 1, 2`,
);

/** The programme's own accounts, per kind of entry; their sum is its net (+ owes, - is owed). */
export async function sumProgrammeItems(tx: DbTransaction, windowNos: readonly number[]): Promise<PartyItem[]> {
  const rows = await tx.run<Pick<PartyItem, 'entryKind' | 'account' | 'entryCount' | 'amountMinor'>>(
    SUM_PROGRAMME_ITEMS,
    [windowNos],
  );
  return rows.map((row) => ({ ...row, partyNo: 0, units: 0n, rewardMinor: 0n, commissionMinor: 0n, taxMinor: 0n }));
}

const FIND_STANDINGS = statement(
  'settlement.find-standings',
  `with last_line as (
     select distinct on (l.party_no) l.party_no, l.state, l.opening_minor + l.net_minor as closing
     from settlement_line l join settlement s on s.id = l.settlement_id
     where s.programme_no = $1 and l.party_no > 0
     order by l.party_no, s.no desc
   )
   select p.no as "partnerNo", p.code as "partnerCode", coalesce(l.closing, 0) as "openingMinor",
          coalesce(c.minimum_payout_minor, 0) as "minimumPayoutMinor"
   from partner p
   left join last_line l on l.party_no = p.no and l.state = 'CARRIED'
   left join lateral (
     select minimum_payout_minor from contract c join programme g on g.id = c.programme_id
     where c.partner_id = p.id and g.no = $1 and c.effective_from <= $3::date
     order by c.effective_from desc, c.version desc limit 1
   ) c on true
   where p.no = any ($2::integer[]) or l.closing <> 0
   order by p.no`,
);

/** The partners numbered, and those with something carried: what they bring along and their minimum payout on a day. */
export const findStandings = (
  tx: DbTransaction,
  programmeNo: number,
  partnerNos: readonly number[],
  day: string,
): Promise<(Omit<PartnerStanding, 'netMinor'> & { readonly partnerCode: string })[]> =>
  tx.run(FIND_STANDINGS, [programmeNo, partnerNos, day]);

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
  readonly csv: string;
  readonly sha256: string;
}

const INSERT_LINES = statement(
  'settlement.insert-lines',
  `insert into settlement_line (settlement_id, id, party_no, opening_minor, net_minor, state, statement_csv, statement_sha256)
   select $1, l.* from unnest($2::uuid[], $3::integer[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[]) as l`,
);

export async function insertLines(tx: DbTransaction, settlementId: string, lines: readonly NewLine[]): Promise<void> {
  await tx.run(INSERT_LINES, [
    settlementId,
    lines.map((line) => line.id),
    lines.map((line) => line.partyNo),
    lines.map((line) => line.openingMinor),
    lines.map((line) => line.netMinor),
    lines.map((line) => line.state),
    lines.map((line) => line.csv),
    lines.map((line) => line.sha256),
  ]);
}

const INSERT_ITEMS = statement(
  'settlement.insert-items',
  `insert into settlement_item (settlement_id, party_no, entry_kind, account, entry_count, units, reward_minor, commission_minor, tax_minor, amount_minor)
   select $1, i.* from unnest($2::integer[], $3::smallint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]) as i`,
);

export async function insertItems(tx: DbTransaction, settlementId: string, items: readonly PartyItem[]): Promise<void> {
  await tx.run(INSERT_ITEMS, [
    settlementId,
    items.map((item) => item.partyNo),
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

const MARK_SETTLED = statement(
  'settlement.mark-windows-settled',
  'update settlement_window set settlement_id = $1 where no = any ($2::integer[])',
);

export async function markWindowsSettled(
  tx: DbTransaction,
  settlementId: string,
  windowNos: readonly number[],
): Promise<void> {
  await tx.run(MARK_SETTLED, [settlementId, windowNos]);
}

export interface SettlementLineRow {
  readonly partyNo: number;
  /** Absent for the programme's own line. */
  readonly partnerCode: string | null;
  readonly openingMinor: bigint;
  readonly netMinor: bigint;
  readonly state: 'PENDING' | 'INSTRUCTED' | 'CONFIRMED' | 'REJECTED' | 'CARRIED' | 'DISPUTED' | 'SETTLED';
  readonly statementSha256: string;
}

export interface SettlementRow extends NewSettlement {
  readonly no: number;
  readonly windowNos: readonly number[];
}

const FIND_SETTLEMENT = statement(
  'settlement.find-settlement',
  `select s.id, s.no, s.programme_no as "programmeNo", s.currency_code as "currencyCode", s.state, s.created_at as now,
          s.programme_net_minor as "programmeNetMinor", s.gross_minor as "grossMinor",
          s.net_payments_minor as "netPaymentsMinor",
          array(select w.no from settlement_window w where w.settlement_id = s.id order by w.no) as "windowNos"
   from settlement s where s.id = $1`,
);
const FIND_LINES = statement(
  'settlement.find-lines',
  `select l.party_no as "partyNo", p.code as "partnerCode", l.opening_minor as "openingMinor", l.net_minor as "netMinor",
          l.state, l.statement_sha256 as "statementSha256"
   from settlement_line l left join partner p on p.no = l.party_no
   where l.settlement_id = $1 order by l.party_no = 0, l.party_no`,
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
