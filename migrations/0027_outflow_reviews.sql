-- Cash-outs and transfers above an amount wait until somebody has looked at them. Meanwhile their units are held by a
-- redemption of its own kind, which is given up when it is decided: then they leave, or they are back.
alter table redemption drop constraint redemption_kind_check;
alter table redemption add constraint redemption_kind_check
  check (kind in ('PURCHASE', 'ITEM', 'CASH_OUT', 'DONATION', 'REVIEW'));

create table outflow_review (
  -- The redemption that holds the units.
  id uuid not null,
  member_no integer not null,
  programme_no integer not null,
  kind text not null check (kind in ('CASH_OUT', 'TRANSFER')),
  reason text not null check (reason in ('LARGE_AMOUNT')),
  -- Who gets them: the bank of the card, or another member.
  bank_no integer,
  to_member_no integer,
  requested_by text not null,
  requested_at timestamptz not null,
  decision text check (decision in ('APPROVED', 'REJECTED')),
  decided_by text,
  decided_at timestamptz,
  note text check (length(note) between 1 and 1000),
  -- The cash-out or the transfer that an approval made.
  outcome_id uuid,
  primary key (id, member_no),
  check ((kind = 'CASH_OUT') = (bank_no is not null) and (kind = 'TRANSFER') = (to_member_no is not null)),
  check ((decision is null) = (decided_by is null) and (decided_by is null) = (decided_at is null)),
  check ((decision is not distinct from 'APPROVED') = (outcome_id is not null)),
  -- The database itself holds that it takes two.
  check (decided_by <> requested_by)
);
create index outflow_review_waiting_idx on outflow_review (programme_no, id) where decision is null;
create index outflow_review_member_no_idx on outflow_review (member_no, id);

call hansa_protect('outflow_review', 'hansa_member_visible(member_no)');
