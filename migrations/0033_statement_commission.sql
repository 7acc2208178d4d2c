-- Commission that a contract has computed once for a whole statement (commission_per = 'STATEMENT'), not with each accrual.
create table statement_commission (
  programme_no integer not null,
  party_no integer not null,
  -- What it was charged in the windows after this one, 0 for all of them, up to and with the other.
  after_window integer not null,
  through_window integer not null check (through_window > after_window),
  -- First day of the oldest of these windows: what this belongs to.
  since date not null,
  -- The window it was recorded in.
  window_no integer not null,
  entry_no bigint not null,
  base_minor bigint not null,
  commission_minor bigint not null,
  tax_minor bigint not null,
  primary key (programme_no, party_no, after_window)
);
create index statement_commission_window_no_idx on statement_commission (window_no);
call hansa_protect('statement_commission', 'hansa_sees_all() or party_no = hansa_partner_no()');
