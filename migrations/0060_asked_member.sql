-- What a screen reads of one member asks once a table whether the member is shared with the partner, not at every row.
--
-- Whoever reads says whose rows it is about to read. That is a hint and shows nothing by itself: policies go by it only when
-- the member is shared with the partner that asks, and ask that as a value of its own, which is found once in a statement.
create function hansa_asked_member() returns integer language sql stable parallel safe
  return nullif(current_setting('hansa.asked_member', true), '')::integer;

-- The same as before, and bound to its tables when it is made: no search path has to be set for each call.
create or replace function hansa_shared_with(member integer, partner integer) returns boolean
  language sql stable security definer
  return coalesce(
    (select c.state = 'GIVEN' from consent_receipt c
     where c.member_no = member and c.purpose = 'SHARING_WITH_PARTNER' and c.partner_no = partner order by c.version desc limit 1),
    exists (select from card c where c.member_no = member and c.issuer_no = partner and c.unlinked_at is null));

-- The member that is asked for, when it is shared with the partner that asks; null otherwise.
create function hansa_asked_and_shared() returns integer language sql stable
  return case when hansa_asked_member() is not null and hansa_shared_with(hansa_asked_member(), hansa_partner_no())
    then hansa_asked_member() end;

alter policy reader_visible on lot using (
  hansa_sees_all() or member_no = hansa_member_no() or member_no = (select hansa_asked_and_shared())
  or (select true from accrual a where a.id = lot.id limit 1) or hansa_shared_with(member_no, hansa_partner_no()));
alter policy reader_visible on due using (
  hansa_sees_all() or member_no = hansa_member_no() or member_no = (select hansa_asked_and_shared())
  or (select true from accrual a where a.id = lot_id limit 1) or hansa_shared_with(member_no, hansa_partner_no()));
alter policy reader_visible on lot_pot using (
  hansa_sees_all() or member_no = hansa_member_no() or member_no = (select hansa_asked_and_shared())
  or hansa_shared_with(member_no, hansa_partner_no()));
alter policy reader_visible on member_spend_day using (
  hansa_sees_all() or member_no = hansa_member_no() or member_no = (select hansa_asked_and_shared())
  or hansa_shared_with(member_no, hansa_partner_no()));
