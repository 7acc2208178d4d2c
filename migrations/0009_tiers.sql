-- Tiers that are held and reviewed: the standing of each member, every change of it, and the sums per day that
-- ladders by rewards or by purchases go by.

-- What was given on a purchase's own day, and how many of its purchases are kept; refunds lower both on that day.
-- Redeeming is in neither: it lowers no tier.
alter table member_spend_day
  add column accrued_units bigint not null default 0 check (accrued_units >= 0),
  add column purchases integer not null default 0 check (purchases >= 0);

update member_spend_day d
set accrued_units = coalesce(s.units, 0), purchases = s.purchases
from (
  select t.member_no, t.business_date as day, count(*) filter (where t.refunded_minor < t.amount_minor) as purchases,
         sum(given.units) as units
  from transaction t
  left join lateral (
    select sum(a.units - coalesce((select sum(r.units) from accrual_reversal r where r.accrual_id = a.id), 0)) as units
    from accrual a where a.transaction_id = t.id
  ) given on true
  where t.kind = 'PURCHASE'
  group by t.member_no, t.business_date
) s
where s.member_no = d.member_no and s.day = d.day;

-- The tier a member is in. `review_on` is the first day on which a held one may fall; null when it cannot, and
-- where tiers are what the window earns at any moment.
create table member_tier (
  member_no integer primary key,
  programme_no integer not null,
  tier_code text not null,
  since date not null,
  review_on date check (review_on > since)
) with (fillfactor = 70);
-- The daily review goes through one programme by member.
create index member_tier_programme_no_idx on member_tier (programme_no, member_no);

-- Every change of tier, for ever. FIRST: the first standing that was kept. UP and DOWN: by the metric. REFUND: fell
-- because a purchase was given back. TERMS: a version of the programme has other levels.
create table member_tier_change (
  member_no integer not null,
  id uuid not null,
  changed_on date not null,
  recorded_at timestamptz not null,
  from_code text,
  to_code text not null,
  -- What it went by, in the measure of the programme's ladder.
  metric bigint not null check (metric >= 0),
  because text not null check (because in ('FIRST', 'UP', 'DOWN', 'REFUND', 'TERMS')),
  primary key (member_no, id),
  check ((because = 'FIRST') = (from_code is null))
);

call hansa_protect('member_tier', 'hansa_member_visible(member_no)');
call hansa_protect('member_tier_change', 'hansa_member_visible(member_no)');
revoke update, delete on member_tier_change from hansa_writer;
