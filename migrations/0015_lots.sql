-- Lots as members use them up. A lot's own amounts are what is left of it; what has become of the rest stands in
-- lot_pot, and lot_movement tells step by step how it went there. What was issued is the sum of them all.

alter table lot
  -- The purchase that earned it, or the lot itself when nobody earned it.
  add column origin_id uuid,
  -- The lot whose units live on in this one; none when this is that lot.
  add column root_id uuid,
  add column accrued_on date,
  -- The entry that brought it; none when its accrual names that.
  add column entry_no bigint;
update lot set origin_id = a.transaction_id, accrued_on = t.business_date
  from accrual a join transaction t on t.id = a.transaction_id and t.member_no = a.member_no
  where a.id = lot.id and a.member_no = lot.member_no;
alter table lot alter column origin_id set not null, alter column accrued_on set not null;
-- Live lots only: what is used up is looked for by its id, or as the root of what lives on of it. expires_on of lots made before this day
-- stays empty: the terms that were in force had nothing expire yet.
create index lot_live_idx on lot (member_no) where units > 0;
create index lot_expiring_idx on lot (programme_no, expires_on) where units > 0 and expires_on is not null;
create index lot_root_id_idx on lot (root_id) where root_id is not null;

-- What is not left of a lot, by what became of it; the sums of lot_movement. A pot that is empty again stays.
create table lot_pot (
  member_no integer not null,
  lot_id uuid not null,
  pot text not null check (pot in ('RESERVED', 'SPENT', 'EXPIRED', 'WRITTEN_OFF', 'CLAWED_BACK', 'MOVED_ON')),
  units bigint not null check (units >= 0),
  value_minor bigint not null check (value_minor >= 0),
  commission_minor bigint not null check (commission_minor >= 0),
  tax_minor bigint not null check (tax_minor >= 0),
  primary key (member_no, lot_id, pot)
) with (fillfactor = 70);

-- Each step of a lot's units from one pot to another, under the entry that recorded it. Never changed.
create table lot_movement (
  entry_no bigint not null,
  member_no integer not null,
  line smallint not null,
  lot_id uuid not null,
  from_pot text not null check (from_pot in ('LEFT', 'RESERVED', 'SPENT', 'EXPIRED', 'WRITTEN_OFF')),
  to_pot text not null check (to_pot in ('LEFT', 'RESERVED', 'SPENT', 'EXPIRED', 'WRITTEN_OFF', 'CLAWED_BACK', 'MOVED_ON')),
  units bigint not null check (units > 0),
  value_minor bigint not null check (value_minor >= 0),
  commission_minor bigint not null check (commission_minor >= 0),
  tax_minor bigint not null check (tax_minor >= 0),
  primary key (entry_no, member_no, line),
  check (from_pot <> to_pot)
);
create index lot_movement_lot_id_idx on lot_movement (lot_id);
-- Refunds of confirmed rewards that were recorded before: they took from the lot itself.
insert into lot_movement (entry_no, member_no, line, lot_id, from_pot, to_pot, units, value_minor, commission_minor, tax_minor)
  select r.entry_no, r.member_no, row_number() over (partition by r.entry_no, r.member_no order by r.source_id, r.accrual_id) - 1,
         r.accrual_id, 'LEFT', 'CLAWED_BACK', r.units, r.value_minor, r.commission_minor, r.tax_minor
  from accrual_reversal r join journal_entry e on e.no = r.entry_no and e.member_no = r.member_no
  where e.kind = 6;
insert into lot_pot (member_no, lot_id, pot, units, value_minor, commission_minor, tax_minor)
  select member_no, lot_id, to_pot, sum(units), sum(value_minor), sum(commission_minor), sum(tax_minor)
  from lot_movement group by member_no, lot_id, to_pot;
create trigger lot_movement_append_only before update or delete on lot_movement
  for each statement execute function hansa_never_changes();

-- Units clawed back that the member no longer had, one row per refund: what becomes available next repays them.
create table member_debt (
  id uuid not null,
  member_no integer not null,
  programme_no integer not null,
  since date not null,
  issued_units bigint not null check (issued_units > 0),
  issued_value_minor bigint not null check (issued_value_minor >= 0),
  units bigint not null check (units between 0 and issued_units),
  value_minor bigint not null check (value_minor >= 0),
  -- The clawback.
  entry_no bigint not null,
  primary key (id, member_no)
) with (fillfactor = 70);
create index member_debt_member_no_idx on member_debt (member_no);

-- Units clawed back that the funder or the programme bears instead (LEDGER 2: 7b, 7c): a basket that gives those
-- units back repays them. Yearly limits count what was issued.
create table borne_clawback (
  id uuid not null,
  member_no integer not null,
  programme_no integer not null,
  borne_by text not null check (borne_by in ('FUNDER', 'PROGRAMME')),
  since date not null,
  origin_id uuid not null,
  funder_no integer not null,
  contract_no integer,
  issued_units bigint not null check (issued_units > 0),
  issued_value_minor bigint not null check (issued_value_minor >= 0),
  units bigint not null check (units between 0 and issued_units),
  value_minor bigint not null check (value_minor >= 0),
  entry_no bigint not null,
  primary key (id, member_no)
) with (fillfactor = 70);
create index borne_clawback_member_no_idx on borne_clawback (member_no);

alter table member_balance
  -- Last earning or redeeming; written where the programme's terms look at it (rolling expiry, dormancy).
  add column last_activity_on date,
  -- Up to and with this day dormancy fees have been taken; written where there are any.
  add column fees_taken_to date;

call hansa_protect('lot_pot', 'hansa_member_visible(member_no)');
call hansa_protect('lot_movement', 'hansa_member_visible(member_no)');
call hansa_protect('member_debt', 'hansa_member_visible(member_no)');
call hansa_protect('borne_clawback', 'hansa_sees_all()');
revoke update, delete on lot_movement from hansa_writer;
-- A bank shows its customer all lots, as it does the balance; who funded them and what they cost is published apart.
alter policy reader_visible on lot
  using (hansa_member_visible(member_no) or exists (select from accrual a where a.id = lot.id));
alter policy reader_visible on due
  using (hansa_member_visible(member_no) or exists (select from accrual a where a.id = lot_id));
