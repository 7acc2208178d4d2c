-- When it was told that the day of deciding on a claim has passed: once.
alter table purchase_claim add column overdue_at timestamptz;
create index purchase_claim_waiting_idx on purchase_claim (programme_no, decide_by) where state = 'OPEN' and overdue_at is null;
