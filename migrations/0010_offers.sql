-- What rules may know about a member, and what a member may decide: choices, activations, segments. Rows are
-- dated and kept, so that a purchase which arrives late is decided as if it had arrived on its day.

alter table member
  -- MM-DD; the year is nobody's business.
  add column birthday text check (birthday ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'),
  -- IANA zone of the member's own clock; the programme's when null.
  add column time_zone text check (length(time_zone) between 1 and 64),
  -- Named at enrolment, never later.
  add column referred_by_no integer check (referred_by_no <> no),
  -- When its first kept purchase was told as an action of the referrer: once for ever.
  add column referral_told_at timestamptz check (referral_told_at is null or referred_by_no is not null);
create index member_referred_by_no_idx on member (referred_by_no) where referred_by_no is not null;
create index member_referral_due_idx on member (programme_no, no)
  where referred_by_no is not null and referral_told_at is null;

-- As the issuer describes the card: rules, and caps per account and statement cycle, go by it.
alter table card
  add column product text check (product ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  add column account text check (length(account) between 1 and 64),
  add column statement_day smallint check (statement_day between 1 and 28);

-- The categories a member chose for a period. Choosing again is a new version; the highest counts from its day on.
create table member_choice (
  member_no integer not null,
  choice_code text not null,
  -- First day of the period.
  period date not null,
  version integer not null check (version > 0),
  categories text[] not null check (cardinality(categories) > 0),
  -- The member wants it to stay as it is.
  locked boolean not null,
  chosen_at timestamptz not null,
  -- The day of chosen_at in the programme's zone.
  chosen_on date not null,
  primary key (member_no, choice_code, period, version)
);

-- Rules the member has activated; period is its first day, 0001-01-01 for rules that are activated once for ever.
create table member_activation (
  member_no integer not null,
  rule_code text not null,
  period date not null,
  activated_at timestamptz not null,
  activated_on date not null,
  primary key (member_no, rule_code, period)
);

-- Inclusive days; stretches of one member and segment never overlap.
create table member_segment (
  member_no integer not null,
  segment text not null check (segment ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  from_day date not null,
  until_day date check (until_day >= from_day),
  primary key (member_no, segment, from_day)
);

call hansa_protect('member_choice', 'hansa_member_visible(member_no)');
call hansa_protect('member_activation', 'hansa_member_visible(member_no)');
call hansa_protect('member_segment', 'hansa_member_visible(member_no)');
-- History is what was chosen and activated, not what it was changed to.
revoke update, delete on member_choice, member_activation from hansa_writer;
