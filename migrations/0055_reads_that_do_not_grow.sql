-- What a screen reads of one member costs the same however many others there are.
--
-- Policies ask for one row by its key, as a value: `exists` may be planned as a set, which is made of the whole table
-- first, and a function that holds a query is started anew for each row.

alter policy reader_visible on accrual using (
  hansa_sees_all() or member_no = hansa_member_no()
  or (select true from transaction t where t.id = transaction_id limit 1));
alter policy reader_visible on accrual_reversal using (
  hansa_sees_all() or member_no = hansa_member_no()
  or (select true from accrual a where a.id = accrual_id limit 1));
alter policy reader_visible on lot using (
  hansa_sees_all() or member_no = hansa_member_no()
  or (select true from accrual a where a.id = lot.id limit 1) or hansa_shared_with(member_no, hansa_partner_no()));
alter policy reader_visible on due using (
  hansa_sees_all() or member_no = hansa_member_no()
  or (select true from accrual a where a.id = lot_id limit 1) or hansa_shared_with(member_no, hansa_partner_no()));

-- With lot_live_idx: all lots of a member. Purchases do not write it.
create index lot_used_up_idx on lot (member_no) where units = 0;
