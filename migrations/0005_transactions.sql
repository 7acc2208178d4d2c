-- What comes in and what it earned. `transaction` is the real purchase, `transaction_source` an
-- append-only message about it, `business_key` the narrow table that remembers every message for ever.

create table business_key (
  partner_no integer not null,
  kind smallint not null,
  reference text not null,
  body_hash bytea not null,
  source_id uuid not null,
  member_no integer not null,
  primary key (partner_no, kind, reference)
);

create table transaction (
  id uuid not null,
  member_no integer not null,
  programme_no integer not null,
  kind text not null check (kind in ('PURCHASE', 'ORPHAN_REFUND')),
  card_id uuid,
  submitter_no integer not null,
  merchant_no integer,
  outlet_id uuid,
  merchant_id text,
  descriptor text,
  mcc char(4),
  channel text,
  category_code text not null,
  amount_minor bigint not null check (amount_minor > 0),
  refunded_minor bigint not null default 0 check (refunded_minor >= 0 and refunded_minor <= amount_minor),
  original_amount text,
  original_currency_code char(3),
  occurred_at timestamptz not null,
  business_date date not null,
  recorded_at timestamptz not null,
  -- programme version, tier, contracts, counters before, classification, engine revision: what the decision saw
  facts jsonb not null,
  explanation_digest bytea not null,
  primary key (id, member_no)
) with (fillfactor = 85);
create index transaction_member_idx on transaction (member_no, business_date, id);

create table transaction_source (
  id uuid not null,
  member_no integer not null,
  transaction_id uuid not null,
  partner_no integer not null,
  kind smallint not null,
  reference text not null,
  body_hash bytea not null,
  amount_minor bigint not null,
  match_reason text,
  payload jsonb not null,
  received_at timestamptz not null,
  primary key (id, member_no)
);
create index transaction_source_transaction_id_idx on transaction_source (transaction_id);

-- What one rule gave, paid by one funder (0 = the programme). Never changed; a refund adds accrual_reversal rows.
create table accrual (
  id uuid not null,
  member_no integer not null,
  transaction_id uuid not null,
  programme_no integer not null,
  rule_code text not null,
  funder_no integer not null,
  contract_no integer,
  units bigint not null check (units > 0),
  value_minor bigint not null check (value_minor >= 0),
  commission_minor bigint not null check (commission_minor >= 0),
  tax_minor bigint not null check (tax_minor >= 0),
  tax_treatment text not null,
  available_on date not null,
  entry_no bigint not null,
  primary key (id, member_no)
);
create unique index accrual_once on accrual (transaction_id, rule_code, funder_no, member_no);

create table accrual_reversal (
  source_id uuid not null,
  accrual_id uuid not null,
  member_no integer not null,
  units bigint not null check (units > 0),
  value_minor bigint not null check (value_minor >= 0),
  commission_minor bigint not null check (commission_minor >= 0),
  tax_minor bigint not null check (tax_minor >= 0),
  entry_no bigint not null,
  primary key (source_id, accrual_id, member_no)
);
create index accrual_reversal_accrual_id_idx on accrual_reversal (accrual_id);

-- What is left of an accrual and may still be spent, taken back or expire. Same id as its accrual.
create table lot (
  id uuid not null,
  member_no integer not null,
  programme_no integer not null,
  funder_no integer not null,
  -- by which it is charged; none when the programme pays
  contract_no integer,
  units bigint not null check (units >= 0),
  value_minor bigint not null check (value_minor >= 0),
  commission_minor bigint not null check (commission_minor >= 0),
  tax_minor bigint not null check (tax_minor >= 0),
  available_on date not null,
  expires_on date,
  primary key (id, member_no)
) with (fillfactor = 70);

-- A lot is PENDING while its row stands here and AVAILABLE when confirming has taken it away: confirming
-- millions never updates an accrual or a lot.
create table due (
  programme_no integer not null,
  due_on date not null,
  member_no integer not null,
  lot_id uuid not null,
  primary key (programme_no, due_on, member_no, lot_id)
);

-- Spend kept per member and day: tiers add these up, not purchases.
create table member_spend_day (
  member_no integer not null,
  day date not null,
  kept_minor bigint not null check (kept_minor >= 0),
  primary key (member_no, day)
) with (fillfactor = 70);

-- Use of a cap by a member in one period (period is its first day), in the cap's own measure.
create table member_counter (
  member_no integer not null,
  cap_code text not null,
  period date not null,
  used bigint not null check (used >= 0),
  primary key (member_no, cap_code, period)
) with (fillfactor = 70);

call hansa_protect('business_key', 'hansa_sees_all() or partner_no = hansa_partner_no()');
call hansa_protect('transaction', 'hansa_sees_all() or member_no = hansa_member_no() or submitter_no = hansa_partner_no() or merchant_no = hansa_partner_no()');
create function hansa_transaction_visible(target uuid) returns boolean language sql stable
  return hansa_sees_all() or exists (select from transaction t where t.id = target);
call hansa_protect('transaction_source', 'hansa_sees_all() or member_no = hansa_member_no() or partner_no = hansa_partner_no()');
call hansa_protect('accrual', 'hansa_sees_all() or member_no = hansa_member_no() or hansa_transaction_visible(transaction_id)');
call hansa_protect('accrual_reversal', 'hansa_sees_all() or member_no = hansa_member_no() or exists (select from accrual a where a.id = accrual_id)');
call hansa_protect('lot', 'hansa_sees_all() or member_no = hansa_member_no() or exists (select from accrual a where a.id = lot.id)');
call hansa_protect('due', 'hansa_sees_all() or member_no = hansa_member_no() or exists (select from accrual a where a.id = lot_id)');
call hansa_protect('member_spend_day', 'hansa_member_visible(member_no)');
call hansa_protect('member_counter', 'hansa_member_visible(member_no)');
