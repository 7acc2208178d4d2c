/** What a settlement is made of: due windows, the positions in them, and why they are what they are. */
import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import { DEFAULT_SETTLEMENT_TERMS, type SettlementTerms } from '../../domain/partners/settlement-terms.js';
import type { Cycle } from '../../domain/settlement/cycle.js';
import type { LineSide } from '../../domain/settlement/netting.js';
import type { StatementItem } from '../../domain/settlement/statement.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { JournalWindow } from '../ledger/index.js';

export interface DueWindow extends JournalWindow {
  readonly openedAt: Date;
  readonly closedAt: Date;
  /** The programme's own day on which it was opened. */
  readonly openedOn: string;
  readonly closedOn: string;
  /** The time and the programme's own day on which it is settled. */
  readonly now: Date;
  readonly today: string;
}

// Locked, so that of two settlements at once the second finds what the first has taken. Only sealed ones: what is
// settled can be proved from then on.
const LOCK_DUE_WINDOWS = statement(
  'settlement.lock-due-windows',
  `select w.no, w.programme_no as "programmeNo", r.no as "rewardUnit", m.no as "moneyUnit", w.opened_at as "openedAt",
          w.closed_at as "closedAt", (w.opened_at at time zone p.time_zone)::date as "openedOn", (w.closed_at at time zone p.time_zone)::date as "closedOn",
          hansa_now() as now, (hansa_now() at time zone p.time_zone)::date as today
   from settlement_window w
   join programme p on p.no = w.programme_no
   join unit r on r.kind = 'REWARD' and r.programme_no = w.programme_no
   join unit m on m.kind = 'MONEY' and m.programme_no = w.programme_no and m.code = w.currency_code
   where w.programme_no = $1 and w.state = 'CLOSED' and w.settlement_id is null and w.digest is not null
   order by w.no for update of w`,
);

/** Closed, sealed and not yet completely settled windows of a programme, oldest first, locked until the transaction ends. */
export const lockDueWindows = (tx: DbTransaction, programmeNo: number): Promise<DueWindow[]> =>
  tx.run<DueWindow>(LOCK_DUE_WINDOWS, [programmeNo]);

/** What one partner came to in one window. */
export interface WindowNet {
  readonly windowNo: number;
  readonly partnerNo: number;
  readonly netMinor: bigint;
  /** Sum of the absolute amounts. */
  readonly grossMinor: bigint;
  /** Settled before, with other partners. */
  readonly taken: boolean;
}

/** A position as it waits for a settlement. */
export interface Position extends WindowNet {
  /** The day it belongs to where it holds commission of windows before; null when that is the day of its window. */
  readonly since: string | null;
}

const FIND_POSITIONS = statement(
  'settlement.find-window-positions',
  `select p.window_no as "windowNo", p.party_no as "partnerNo", p.net_minor as "netMinor", p.gross_minor as "grossMinor",
          p.settlement_id is not null as taken, c.since
   from window_position p left join statement_commission c on c.window_no = p.window_no and c.party_no = p.party_no
   where p.window_no = any ($1::integer[]) order by p.window_no, p.party_no`,
);

/** The positions of these windows, those settled before among them. Lock the windows first. */
export const findPositions = (tx: DbTransaction, windowNos: readonly number[]): Promise<Position[]> =>
  tx.run<Position>(FIND_POSITIONS, [windowNos]);

export interface PartyItem extends StatementItem {
  readonly partyNo: number;
}

/** Entries by which a partner supplies something to the programme: what they credit to its position it is owed. */
const SUPPLIES = [EntryKind.CAPTURE, EntryKind.ITEM, EntryKind.CASH_OUT, EntryKind.SERVICE_CHARGE].join(', ');

/** The side of a partner settled gross that a posting belongs to; a return takes back what a redemption gave. */
export const SIDE = `case
  when account = ${Account.REDEEMED} then 'OWED'
  when account = ${Account.POSITION} and kind in (${SUPPLIES}) and amount < 0 then 'OWED'
  when account = ${Account.POSITION} and kind = ${EntryKind.RETURN} and amount > 0 then 'OWED'
  else 'OWES' end`;

/** Accounts whose postings make up a partner's items. */
export const OF_PARTNERS = [
  Account.ISSUED,
  Account.REDEEMED,
  Account.POSITION,
  Account.FUNDING_PENDING,
  Account.COMMISSION,
  Account.OUTPUT_TAX,
].join(', ');

// One row per entry, partner and side. With a charge (1100) its reward is what is left of the charge without
// commission and tax; without one it is only reported, under the funding that is still pending (1105) or where its
// units went (910). A confirmation names the units in its member legs: they belong to the funder of the same group,
// and each group begins with its P100 leg.
const SUM_PARTNER_ITEMS = statement(
  'settlement.sum-partner-items',
  `with taken as (
     select * from unnest($2::integer[], $3::integer[]) as t (window_no, party)
   ), line as (
     select e.kind, p.window_no, p.entry_no, p.line, p.account, p.party, p.amount
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
     select kind, entry_no, party, side,
            sum(amount) filter (where account = ${Account.POSITION}) as charged,
            coalesce(sum(amount) filter (where account = ${Account.FUNDING_PENDING}), 0) as funding,
            coalesce(sum(amount) filter (where account in (${Account.ISSUED}, ${Account.REDEEMED})), 0) as units,
            coalesce(-sum(amount) filter (where account = ${Account.COMMISSION}), 0) as commission,
            coalesce(-sum(amount) filter (where account = ${Account.OUTPUT_TAX}), 0) as tax
     from (
       select l.*, ${SIDE} as side from line l join taken using (window_no, party)
       where l.party > 0 and l.account in (${OF_PARTNERS})
     ) sided
     group by kind, entry_no, party, side
   )
   select f.party as "partyNo", f.kind as "entryKind", f.side,
          case when f.charged is not null then ${Account.POSITION} when f.side = 'OWED' then ${Account.REDEEMED}
               else ${Account.FUNDING_PENDING} end as account,
          count(*) as "entryCount", sum(coalesce(c.units, f.units))::bigint as units,
          sum(case when f.charged is null then f.funding else f.charged - f.commission - f.tax end)::bigint as "rewardMinor",
          sum(f.commission)::bigint as "commissionMinor", sum(f.tax)::bigint as "taxMinor",
          coalesce(sum(f.charged), 0)::bigint as "amountMinor"
   from flow f left join confirmed c on c.entry_no = f.entry_no and c.party = f.party
   group by 1, 2, 3, 4 order by 1, 2, 4, 3`,
);

/** Why the nets of these positions are what they are: sums per kind of entry and side. Their amounts add up to the nets. */
export const sumPartnerItems = (tx: DbTransaction, positions: readonly WindowNet[]): Promise<PartyItem[]> =>
  tx.run<PartyItem>(SUM_PARTNER_ITEMS, [
    [...new Set(positions.map(({ windowNo }) => windowNo))],
    positions.map(({ windowNo }) => windowNo),
    positions.map(({ partnerNo }) => partnerNo),
  ]);

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

const OF_PROGRAMME = {
  partyNo: 0,
  side: 'OWES',
  units: 0n,
  rewardMinor: 0n,
  commissionMinor: 0n,
  taxMinor: 0n,
} as const;

/**
 * The programme's own accounts in these windows, per kind of entry; with the positions of partners that are settled at
 * another time, they sum to its net (+ owes, - is owed).
 */
export async function sumProgrammeItems(
  tx: DbTransaction,
  windowNos: readonly number[],
  others: readonly WindowNet[],
): Promise<PartyItem[]> {
  const rows = await tx.run<Pick<PartyItem, 'entryKind' | 'account' | 'entryCount' | 'amountMinor'>>(
    SUM_PROGRAMME_ITEMS,
    [windowNos],
  );
  const elsewhere = others.reduce((sum, { netMinor }) => sum + netMinor, 0n);
  return [
    ...rows.map((row) => ({ ...OF_PROGRAMME, ...row })),
    ...(elsewhere === 0n
      ? []
      : [
          {
            ...OF_PROGRAMME,
            entryKind: EntryKind.SETTLEMENT,
            account: Account.POSITION,
            entryCount: BigInt(others.filter(({ netMinor }) => netMinor !== 0n).length),
            amountMinor: elsewhere,
          },
        ]),
  ];
}

/** A partner of a programme, and what its contract of a day says about settling. */
export interface PartnerTerms {
  readonly partnerNo: number;
  readonly partnerCode: string;
  readonly cycle: Cycle;
  readonly netting: SettlementTerms['netting'];
  readonly minimumPayoutMinor: bigint;
  readonly paymentDays: number;
  readonly disputeDays: number;
  /** In which it pays and is paid; null for the programme's. */
  readonly settlementCurrencyCode: string | null;
  readonly openingSides: readonly LineSide[];
  readonly openingAmounts: readonly bigint[];
}

// What is carried stands on the newest settlement of a partner that was not given up.
const FIND_TERMS = statement(
  'settlement.find-partner-terms',
  `with newest as (
     select distinct on (l.party_no) l.party_no, l.settlement_id
     from settlement_line l join settlement s on s.id = l.settlement_id
     where s.programme_no = $1 and l.party_no > 0 and s.state <> 'ABORTED'
     order by l.party_no, s.no desc
   ), carried as (
     select l.party_no, array_agg(l.side order by l.side) as sides,
            array_agg(l.opening_minor + l.net_minor order by l.side) as amounts
     from settlement_line l join newest n on n.settlement_id = l.settlement_id and n.party_no = l.party_no
     where l.state = 'CARRIED' group by l.party_no
   )
   select p.no as "partnerNo", p.code as "partnerCode", coalesce(c.cycle, 'ON_DEMAND') as cycle,
          coalesce(c.netting, 'NET') as netting, coalesce(c.minimum_payout_minor, 0) as "minimumPayoutMinor",
          coalesce(c.payment_days, $4) as "paymentDays", coalesce(c.dispute_days, $5) as "disputeDays",
          c.settlement_currency_code as "settlementCurrencyCode",
          coalesce(k.sides, '{}') as "openingSides", coalesce(k.amounts, '{}') as "openingAmounts"
   from partner p
   left join carried k on k.party_no = p.no
   left join lateral (
     select cycle, netting, minimum_payout_minor, payment_days, dispute_days, settlement_currency_code from contract c join programme g on g.id = c.programme_id
     where c.partner_id = p.id and g.no = $1 and c.effective_from <= $3::date
     order by c.effective_from desc, c.version desc limit 1
   ) c on true
   where p.no = any ($2::integer[]) or k.party_no is not null
   order by p.no`,
);

/** The partners numbered, and those with something carried: what they bring along and the terms of a day. */
export const findPartnerTerms = (
  tx: DbTransaction,
  programmeNo: number,
  partnerNos: readonly number[],
  day: string,
): Promise<PartnerTerms[]> => {
  const { paymentDays, disputeDays } = DEFAULT_SETTLEMENT_TERMS;
  return tx.run(FIND_TERMS, [programmeNo, partnerNos, day, paymentDays, disputeDays]);
};

const TAKE_POSITIONS = statement(
  'settlement.take-positions',
  `update window_position w set settlement_id = $1
   from unnest($2::integer[], $3::integer[]) as t (window_no, party_no)
   where w.window_no = t.window_no and w.party_no = t.party_no`,
);
const COMPLETE_WINDOWS = statement(
  'settlement.complete-windows',
  `update settlement_window w set settlement_id = $1 where no = any ($2::integer[])
     and not exists (select from window_position p where p.window_no = w.no and p.settlement_id is null)`,
);

/** Marks positions as settled, and the windows that have none left as settled by this settlement. */
export async function takePositions(
  tx: DbTransaction,
  settlementId: string,
  positions: readonly WindowNet[],
  windowNos: readonly number[],
): Promise<void> {
  await tx.run(TAKE_POSITIONS, [
    settlementId,
    positions.map(({ windowNo }) => windowNo),
    positions.map(({ partnerNo }) => partnerNo),
  ]);
  await tx.run(COMPLETE_WINDOWS, [settlementId, windowNos]);
}

const REOPEN_WINDOWS = statement(
  'settlement.reopen-windows',
  `update settlement_window set settlement_id = null
   where settlement_id = $1 or no in (select window_no from window_position where settlement_id = $1)`,
);
const GIVE_BACK_POSITIONS = statement(
  'settlement.give-back-positions',
  `update window_position set settlement_id = null where settlement_id = $1
   returning window_no as "windowNo", party_no as "partnerNo", net_minor as "netMinor", gross_minor as "grossMinor", false as taken`,
);

/** Returns the positions of a settlement to those that wait for one. */
export async function giveBackPositions(tx: DbTransaction, settlementId: string): Promise<WindowNet[]> {
  await tx.run(REOPEN_WINDOWS, [settlementId]);
  return tx.run<WindowNet>(GIVE_BACK_POSITIONS, [settlementId]);
}
