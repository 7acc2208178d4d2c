-- Closing reads what a window came to instead of all its entries: while it is open a job digests it part by part.

alter table settlement_window
  -- Every entry of the window has a higher number. 0 where an older release opened it, which is true of every window.
  add column after_no bigint not null default 0,
  -- How many parts its digest is made of, before the rest; 0 where it was computed in one go.
  add column part_count integer not null default 0;
update settlement_window w set after_no = coalesce((
  select max(e.no) from journal_entry e
  where e.programme_no = w.programme_no and e.window_no < w.no and e.kind <> 16), 0)
where state = 'OPEN';

-- The entries of a window with numbers above those of the part before, up to upto_no, and what they came to: nothing can
-- be recorded among them any more. Partners in three lists of one order: who, net, gross.
create table window_part (
  window_no integer not null,
  part_no integer not null check (part_no > 0),
  upto_no bigint not null,
  entry_count bigint not null,
  posting_count bigint not null,
  debit_sum numeric not null,
  digest bytea not null check (length(digest) = 32),
  party_nos integer[] not null,
  net_minors bigint[] not null,
  gross_minors bigint[] not null,
  primary key (window_no, part_no),
  check (cardinality(net_minors) = cardinality(party_nos) and cardinality(gross_minors) = cardinality(party_nos))
);
create trigger window_part_append_only before update or delete on window_part for each statement execute function hansa_never_changes();
call hansa_protect('window_part', 'hansa_sees_all()');
revoke update, delete on window_part from hansa_writer;

-- No room is left for updates of lots, because indexes look at the units that change in them and so make no update
-- cheaper that stays on its page; nor of transactions, of which few ever change. It cost each purchase 0.2 kB.
alter table lot set (fillfactor = 100);
alter table transaction set (fillfactor = 100);
