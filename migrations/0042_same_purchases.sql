-- The same purchase told by its merchant and by the bank whose card paid: one transaction with the messages of both.

-- 1 its merchant, 2 the bank, 4 a claim that was granted (domain/transactions/teller.ts). Who told a message, and all
-- who told of a purchase.
alter table transaction_source
  add column side smallint not null default 0,
  -- Why it was taken for the purchase that another side had told of: {score, grounds}.
  add column likeness jsonb;
alter table transaction
  add column sides smallint not null default 0,
  -- The other partner who told of it; it may see it as its submitter may.
  add column co_submitter_no integer;

update transaction_source s
set side = case when 'MERCHANT' = any (p.roles) and not 'BANK' = any (p.roles) then 1 else 2 end
from partner p where p.no = s.partner_no;
update transaction t
set sides = case when 'MERCHANT' = any (p.roles) and not 'BANK' = any (p.roles) then 1 else 2 end
from partner p where p.no = t.submitter_no;

-- All who told of purchases of a member: intake looks for counterparts only where there can be some, and reads it with
-- the lock.
alter table member_balance add column told_sides smallint not null default 0;
update member_balance b set told_sides = t.sides
from (select member_no, bit_or(sides) as sides from transaction where kind = 'PURCHASE' group by member_no) t
where t.member_no = b.member_no;

alter policy reader_visible on transaction using (hansa_sees_all() or member_no = hansa_member_no()
  or submitter_no = hansa_partner_no() or merchant_no = hansa_partner_no() or co_submitter_no = hansa_partner_no());

-- A purchase that turned out to be another one: joined_id is that one, and everything told of it counts there.
alter table transaction drop constraint transaction_kind_check;
alter table transaction add constraint transaction_kind_check
  check (kind in ('PURCHASE', 'ACTION', 'ORPHAN_REFUND', 'ORPHAN_REVERSAL', 'DUPLICATE'));
