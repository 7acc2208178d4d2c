/** The journal entries behind a line, a page at a time: what its items sum up. */
import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind, type EntryKindCode } from '../../domain/ledger/entry.js';
import type { LineSide } from '../../domain/settlement/netting.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { OF_PARTNERS, SIDE } from './position.sql.js';

export interface EntryOfLine {
  readonly no: bigint;
  readonly memberNo: number;
  readonly side: Exclude<LineSide, 'NET'>;
  readonly kind: EntryKindCode;
  readonly businessDate: string;
  readonly recordedAt: Date;
  readonly units: bigint;
  readonly rewardMinor: bigint;
  readonly commissionMinor: bigint;
  readonly taxMinor: bigint;
  readonly amountMinor: bigint;
  readonly references: readonly string[];
}

export interface EntryPage {
  readonly settlementId: string;
  readonly partyNo: number;
  readonly side: LineSide;
  /** Number, member and side of the entry that the page begins behind, or ends before. */
  readonly after?: readonly string[] | undefined;
  readonly before?: readonly string[] | undefined;
  readonly backward: boolean;
  readonly limit: number;
}

const FIND_WINDOWS = statement(
  'settlement.find-windows-of-party',
  'select window_no as no from window_position where settlement_id = $1 and party_no = $2 order by 1',
);

// A confirmation takes all of a member that is due, so the purchases behind it are those that were recorded before it,
// due by its day, and not taken by the confirmation before. A redemption is resolved at the time of its entry.
const pageIn = (order: 'asc' | 'desc'): string => `
  with flow as (
    select e.no, e.member_no, e.kind, e.business_date, e.recorded_at, e.source_id, sided.side,
           sum(amount) filter (where account = ${Account.POSITION}) as charged,
           coalesce(sum(amount) filter (where account = ${Account.FUNDING_PENDING}), 0) as funding,
           coalesce(sum(amount) filter (where account in (${Account.ISSUED}, ${Account.REDEEMED})), 0) as units,
           coalesce(-sum(amount) filter (where account = ${Account.COMMISSION}), 0) as commission,
           coalesce(-sum(amount) filter (where account = ${Account.OUTPUT_TAX}), 0) as tax
    from (
      select l.*, ${SIDE} as side from (
        select j.kind, p.entry_no, p.member_no, p.account, p.amount
        from posting p join journal_entry j on j.no = p.entry_no and j.member_no = p.member_no and j.window_no = any ($1::integer[])
        where p.window_no = any ($1::integer[]) and p.party = $2 and p.account in (${OF_PARTNERS})
          and j.kind <> ${EntryKind.SETTLEMENT}
      ) l
    ) sided
    join journal_entry e on e.no = sided.entry_no and e.member_no = sided.member_no
    where $3 in ('NET', sided.side)
    group by e.no, e.member_no, sided.side
  ), page as (
    select * from flow
    where ($4::bigint is null or (no, member_no, side) > ($4::bigint, $5::integer, $6::text))
      and ($7::bigint is null or (no, member_no, side) < ($7::bigint, $8::integer, $9::text))
    order by no ${order}, member_no ${order}, side ${order} limit $10
  )
  select p.no, p.member_no as "memberNo", p.side, p.kind, p.business_date as "businessDate", p.recorded_at as "recordedAt",
         coalesce(c.units, p.units)::bigint as units,
         (case when p.charged is null then p.funding else p.charged - p.commission - p.tax end)::bigint as "rewardMinor",
         p.commission::bigint as "commissionMinor", p.tax::bigint as "taxMinor",
         coalesce(p.charged, 0)::bigint as "amountMinor", r.names as references
  from page p
  left join lateral (
    select sum(part.units) as units from (
      select max(party) filter (where account = ${Account.POSITION}) as party,
             -sum(amount) filter (where account = ${Account.MEMBER_AVAILABLE}) as units
      from (
        select q.*, count(*) filter (where account = ${Account.MEMBER_PENDING}) over (order by line) as part
        from posting q where q.entry_no = p.no and q.member_no = p.member_no
      ) grouped group by part
    ) part where p.kind = ${EntryKind.CONFIRMATION} and part.party = $2
  ) c on true
  cross join lateral (
    select array(
      select distinct s.reference from transaction_source s
      where s.partner_no = $2 and s.id = p.source_id
      union
      select s.reference from accrual a
      join journal_entry j on j.no = a.entry_no and j.member_no = a.member_no
      join transaction_source s on s.transaction_id = a.transaction_id and s.partner_no = $2
      where p.kind = ${EntryKind.CONFIRMATION} and a.member_no = p.member_no and a.funder_no = $2
        and a.available_on <= p.business_date and j.recorded_at <= p.recorded_at
        and not exists (
          select from journal_entry b where b.member_no = p.member_no and b.kind = ${EntryKind.CONFIRMATION} and b.no < p.no
            and b.recorded_at >= j.recorded_at and b.business_date >= a.available_on
        )
      union
      select d.reference from redemption d
      where d.member_no = p.member_no and d.partner_no = $2 and d.resolved_at = p.recorded_at and d.reference is not null
      order by 1
    ) as names
  ) r
  order by p.no ${order}, p.member_no ${order}, p.side ${order}`;

const FORWARD = statement('settlement.page-entries', pageIn('asc'));
const BACKWARD = statement('settlement.page-entries-backward', pageIn('desc'));

/** One page of the entries behind a line, in the order that is asked for. */
export async function pageEntries(tx: DbTransaction, page: EntryPage): Promise<EntryOfLine[]> {
  const { settlementId, partyNo, side, after = [], before = [], backward, limit } = page;
  const windows = await tx.run<{ no: number }>(FIND_WINDOWS, [settlementId, partyNo]);
  const place = ([no, memberNo, ofSide]: readonly string[]) => [no ?? null, memberNo ?? null, ofSide ?? null];
  return tx.run<EntryOfLine>(backward ? BACKWARD : FORWARD, [
    windows.map(({ no }) => no),
    partyNo,
    side,
    ...place(after),
    ...place(before),
    limit,
  ]);
}
