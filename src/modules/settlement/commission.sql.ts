/** What partners were charged whose contract has commission computed per statement, and how far that has been done. */
import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import type { Cycle } from '../../domain/settlement/cycle.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

/** A closed window of which a partner has not been charged its commission. */
export interface UnchargedWindow {
  readonly partnerNo: number;
  readonly cycle: Cycle;
  readonly commissionRate: string;
  readonly taxRate: string;
  readonly returnsCommission: boolean;
  /** The last window it was charged for; 0 before the first time. */
  readonly afterWindow: number;
  readonly windowNo: number;
  readonly openedOn: string;
  readonly today: string;
}

// By the contract of today. What no settlement has taken yet, and the window its last commission was recorded in: that
// went with the settlement, but what else came into it was not summed up then.
const FIND_UNCHARGED = statement(
  'settlement.find-uncharged-windows',
  `select p.no as "partnerNo", c.cycle, c.commission_rate as "commissionRate", c.tax_rate as "taxRate",
          c.refund_returns_commission as "returnsCommission", coalesce(k.through_window, 0) as "afterWindow",
          w.no as "windowNo", (w.opened_at at time zone g.time_zone)::date as "openedOn",
          (hansa_now() at time zone g.time_zone)::date as today
   from programme g
   join (
     select distinct on (partner_id) * from contract
     where programme_id = (select id from programme where no = $1)
       and effective_from <= (select (hansa_now() at time zone time_zone)::date from programme where no = $1)
     order by partner_id, effective_from desc, version desc
   ) c on c.commission_per = 'STATEMENT'
   join partner p on p.id = c.partner_id
   left join (
     select distinct on (party_no) party_no, through_window, window_no from statement_commission
     where programme_no = $1 order by party_no, after_window desc
   ) k on k.party_no = p.no
   join settlement_window w on w.programme_no = g.no and w.state = 'CLOSED' and w.digest is not null and w.no > coalesce(k.through_window, 0)
   join window_position t on t.window_no = w.no and t.party_no = p.no and (t.settlement_id is null or w.no = k.window_no)
   where g.no = $1 order by p.no, w.no`,
);

export const findUnchargedWindows = (tx: DbTransaction, programmeNo: number): Promise<UnchargedWindow[]> =>
  tx.run<UnchargedWindow>(FIND_UNCHARGED, [programmeNo]);

export interface ChargedInWindow {
  readonly partnerNo: number;
  readonly windowNo: number;
  readonly chargedMinor: bigint;
  /** By refunds, >= 0. */
  readonly returnedMinor: bigint;
}

const TAKING_BACK = [EntryKind.REFUND, EntryKind.CLAWBACK].join(', ');

// Every charge of units moves funding from 1105 to 1100, side by side; where commission follows it has been charged
// with the accrual. A refund credits 1100, and no commission stands beside it either; its postings alone do not say
// what commission goes back on, the lots do: not on what the programme bears (7c), but also on what had expired and
// went back to the funder then. Other units that it uses up are charged like any others.
const SUM_CHARGED = statement(
  'settlement.sum-charged',
  `with line as (
     select e.kind, p.window_no, p.party, p.account, p.amount,
            lag(p.account) over w = ${Account.POSITION} and lag(p.party) over w = p.party as charged,
            lead(p.account) over w = ${Account.COMMISSION} and lead(p.party) over w = p.party as with_commission
     from posting p
     join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no and e.window_no = any ($1::integer[])
     where p.window_no = any ($1::integer[]) and p.account in (${[Account.POSITION, Account.FUNDING_PENDING, Account.COMMISSION].join(', ')})
     window w as (partition by p.entry_no order by p.line)
   ), refund as materialized (
     select no, member_no, window_no from journal_entry where window_no = any ($1::integer[]) and kind in (${TAKING_BACK})
   ), moved as (
     select r.window_no, l.funder_no as party, m.value_minor as amount,
            m.to_pot = 'SPENT' and c.model = 'SETTLE_AT_REDEMPTION' as used,
            m.from_pot = 'EXPIRED' and m.to_pot = 'CLAWED_BACK' and c.breakage_owner = 'FUNDER' and c.model = 'SETTLE_AT_ISSUANCE' as went_back
     from refund r
     join lot_movement m on m.entry_no = r.no and m.member_no = r.member_no
     join lot l on l.id = m.lot_id and l.member_no = m.member_no
     join contract c on c.no = l.contract_no and c.commission_per = 'STATEMENT'
   ), part as (
     select window_no, party, -amount as charged, 0 as returned from line
     where account = ${Account.FUNDING_PENDING} and kind not in (${TAKING_BACK}) and charged and with_commission is not true
     union all
     select window_no, party, 0, -amount from line
     where account = ${Account.POSITION} and kind in (${TAKING_BACK}) and with_commission is not true
     union all
     select window_no, party, case when used then amount else 0 end, amount from moved where used or went_back
     union all
     select r.window_no, b.funder_no, 0, -b.issued_value_minor
     from refund r
     join borne_clawback b on b.entry_no = r.no and b.member_no = r.member_no and b.borne_by = 'PROGRAMME'
     join contract c on c.no = b.contract_no and c.commission_per = 'STATEMENT'
   )
   select party as "partnerNo", window_no as "windowNo", sum(charged)::bigint as "chargedMinor", sum(returned)::bigint as "returnedMinor"
   from part where party = any ($2::integer[]) group by party, window_no`,
);

/** What these partners were charged for units in closed windows, where no commission was charged with it. */
export const sumCharged = (
  tx: DbTransaction,
  windowNos: readonly number[],
  partnerNos: readonly number[],
): Promise<ChargedInWindow[]> => tx.run<ChargedInWindow>(SUM_CHARGED, [windowNos, partnerNos]);

export interface CommissionRow {
  readonly partnerNo: number;
  readonly afterWindow: number;
  readonly throughWindow: number;
  readonly since: string;
  readonly entryNo: bigint;
  readonly baseMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
}

const INSERT_COMMISSIONS = statement(
  'settlement.insert-commissions',
  `insert into statement_commission (programme_no, window_no, party_no, after_window, through_window, since, entry_no,
                                     base_minor, commission_minor, tax_minor)
   select $1, $2, g.* from unnest($3::integer[], $4::integer[], $5::integer[], $6::date[], $7::bigint[], $8::bigint[], $9::bigint[],
     $10::bigint[]) as g
   on conflict do nothing returning party_no as "partnerNo"`,
);

/** Stores what nobody else has charged in the meantime; returns whose it is. */
export async function insertCommissions(
  tx: DbTransaction,
  programmeNo: number,
  windowNo: number,
  rows: readonly CommissionRow[],
): Promise<Set<number>> {
  const stored = await tx.run<{ partnerNo: number }>(INSERT_COMMISSIONS, [
    programmeNo,
    windowNo,
    rows.map((row) => row.partnerNo),
    rows.map((row) => row.afterWindow),
    rows.map((row) => row.throughWindow),
    rows.map((row) => row.since),
    rows.map((row) => row.entryNo),
    rows.map((row) => row.baseMinor),
    rows.map((row) => row.commissionMinor),
    rows.map((row) => row.taxMinor),
  ]);
  return new Set(stored.map(({ partnerNo }) => partnerNo));
}

const OPEN_WITH_COMMISSION = statement(
  'settlement.open-window-has-commission',
  `select exists (
     select from settlement_window w join statement_commission c on c.window_no = w.no
     where w.programme_no = $1 and w.state = 'OPEN'
   ) as found`,
);

/** Whether commission stands in the open window, whose statement waits for it to be closed. */
export async function openWindowHasCommission(tx: DbTransaction, programmeNo: number): Promise<boolean> {
  const [row] = await tx.run<{ found: boolean }>(OPEN_WITH_COMMISSION, [programmeNo]);
  return row?.found ?? false;
}
