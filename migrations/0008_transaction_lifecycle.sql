-- The life of a purchase: authorised, cleared, reversed, refunded, exchanged, in whatever order it is told;
-- actions, which are rewarded without being bought; budgets that everybody shares.

alter table transaction drop constraint transaction_kind_check;
alter table transaction add constraint transaction_kind_check
  check (kind in ('PURCHASE', 'ACTION', 'ORPHAN_REFUND', 'ORPHAN_REVERSAL'));
-- An action costs nothing, and nothing is left of an authorisation that was reversed.
alter table transaction drop constraint transaction_amount_minor_check;
alter table transaction add constraint transaction_amount_minor_check check (amount_minor >= 0);

alter table transaction
  add column status text not null default 'CLEARED' check (status in ('AUTHORISED', 'CLEARED', 'REVERSED')),
  -- Days in the programme's zone, where they are not the business date. business_date is the one of them that counts.
  add column authorised_on date,
  add column posted_on date,
  -- Set when this is not a purchase: "registration", "review", "referral".
  add column action text,
  -- The basket of the whole amount: [{k, a, q, t, r}], kind, minor units, quantity, tags, reference.
  add column lines jsonb,
  -- What caps and budgets withheld: [{r, c, b, u}], rule, cap, because, units.
  add column shortfalls jsonb,
  -- Units by the partner's own sum, and ours when we compared.
  add column claimed_units bigint,
  add column our_units bigint,
  -- The purchase that was exchanged for this one.
  add column exchange_of uuid,
  -- The purchase that an orphan found after all, and how: REFERENCE or BY_HAND.
  add column joined_id uuid,
  add column join_reason text;
create index transaction_joined_id_idx on transaction (joined_id) where joined_id is not null;
create index transaction_exchange_of_idx on transaction (exchange_of) where exchange_of is not null;
create index transaction_orphan_idx on transaction (programme_no, id)
  where kind in ('ORPHAN_REFUND', 'ORPHAN_REVERSAL') and joined_id is null;
create index transaction_claim_differs_idx on transaction (programme_no, id) where claimed_units <> our_units;

-- An amount that rises after it was rewarded is rewarded by a further part.
alter table accrual add column part smallint not null default 0;
drop index accrual_once;
create unique index accrual_once on accrual (transaction_id, rule_code, funder_no, part, member_no);

-- Messages that name what has not come yet: refunds, reversals and exchanges name a purchase, clearings their
-- authorisation. The member's own row says whether there are any, so that intake asks only then.
create table awaited_message (
  partner_no integer not null,
  reference text not null,
  source_id uuid not null,
  member_no integer not null,
  transaction_id uuid not null,
  primary key (partner_no, reference, source_id, member_no)
);
create index awaited_message_member_no_idx on awaited_message (member_no);
alter table member_balance add column awaiting boolean not null default false;

-- Purchases that reached a mark ("spend 10,000 a month"): a refund of another one may take the reward back.
create table mark_reached (
  member_no integer not null,
  rule_code text not null,
  period date not null,
  transaction_id uuid not null,
  primary key (member_no, rule_code, period, transaction_id)
);

-- Use of a budget by everyone in one period (period is its first day), in its own measure. The row is the lock.
create table budget_counter (
  programme_no integer not null,
  code text not null,
  period date not null,
  used bigint not null check (used >= 0),
  primary key (programme_no, code, period)
) with (fillfactor = 50);

call hansa_protect('awaited_message', 'hansa_sees_all() or member_no = hansa_member_no() or partner_no = hansa_partner_no()');
call hansa_protect('mark_reached', 'hansa_member_visible(member_no)');
call hansa_protect('budget_counter', 'hansa_sees_all() or hansa_partner_no() is not null or hansa_member_no() is not null');
