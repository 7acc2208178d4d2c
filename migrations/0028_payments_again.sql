-- What a payment pays off besides lines and donations: deposits that go back. And a line may be paid once more, when a
-- dispute that was upheld later leaves something due.
alter table payment
  add column adjustment_id uuid,
  drop constraint payment_purpose_check,
  add check (purpose in ('SETTLEMENT', 'CHARITY', 'DEPOSIT')),
  add check ((purpose = 'DEPOSIT') = (adjustment_id is not null));
create index payment_adjustment_id_idx on payment (adjustment_id) where adjustment_id is not null;
drop index payment_line_under_way_idx;
create unique index payment_line_under_way_idx on payment (line_id) where state in ('INSTRUCTED', 'ACCEPTED');
-- A deposit goes back once.
create unique index payment_adjustment_under_way_idx on payment (adjustment_id) where state in ('INSTRUCTED', 'ACCEPTED', 'BOOKED');

-- What a person said a receipt is for.
alter table receipt_allocation
  add column purpose text not null default 'SETTLEMENT' check (purpose in ('SETTLEMENT', 'DEPOSIT', 'PREPAID'));
