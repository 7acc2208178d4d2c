-- The first block by which everything that a settlement settles was sealed: its chain head, for ever.
create table settlement_seal (
  settlement_id uuid primary key,
  sequence integer not null
);
create trigger settlement_seal_append_only before update or delete on settlement_seal for each statement execute function hansa_never_changes();
call hansa_protect('settlement_seal', 'hansa_sees_all() or exists (select from settlement_line l where l.settlement_id = settlement_seal.settlement_id and l.party_no = hansa_partner_no())');
revoke update, delete on settlement_seal from hansa_writer;
