-- Partners are settled each in its own cycle: a window is settled partner by partner, and stands as settled once all
-- of its positions are.

-- What each partner came to in each closed window, written with the window's digest. Who took part without a charge
-- has a position of zero: its statement reports what is pending.
create table window_position (
  window_no integer not null,
  party_no integer not null,
  net_minor bigint not null,
  gross_minor bigint not null,
  settlement_id uuid,
  primary key (window_no, party_no)
);
create index window_position_settlement_id_idx on window_position (settlement_id);
call hansa_protect('window_position', 'hansa_sees_all() or party_no = hansa_partner_no()');

insert into window_position (window_no, party_no, net_minor, gross_minor, settlement_id)
select p.window_no, p.party, coalesce(sum(p.amount) filter (where p.account = 1100), 0),
       coalesce(sum(abs(p.amount)) filter (where p.account = 1100), 0), w.settlement_id
from posting p
join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no and e.kind <> 16
join settlement_window w on w.no = p.window_no and w.digest is not null
where p.party > 0 and p.account in (900, 910, 1100, 1105)
group by p.window_no, p.party, w.settlement_id;

-- A line is what is paid at once: the difference of a partner settled net, or one side of a partner settled gross.
-- due_minor is what is left to pay of it; + it pays, - it is paid.
alter table settlement_line
  add column side text not null default 'NET' check (side in ('NET', 'OWES', 'OWED')),
  add column due_minor bigint not null default 0,
  drop constraint settlement_line_settlement_id_party_no_key,
  add unique (settlement_id, party_no, side);
update settlement_line set due_minor = opening_minor + net_minor where state = 'PENDING' and party_no > 0;

alter table settlement_item
  add column side text not null default 'OWES' check (side in ('OWES', 'OWED')),
  drop constraint settlement_item_pkey,
  add primary key (settlement_id, party_no, entry_kind, account, side);

alter table settlement
  add column aborted_at timestamptz,
  add column abort_reason text,
  add check ((state = 'ABORTED') = (aborted_at is not null));

-- One statement per party, whatever lines it has.
create table settlement_statement (
  settlement_id uuid not null,
  party_no integer not null,
  csv text not null,
  csv_sha256 text not null,
  primary key (settlement_id, party_no)
);
call hansa_protect('settlement_statement', 'hansa_sees_all() or party_no = hansa_partner_no()');
insert into settlement_statement (settlement_id, party_no, csv, csv_sha256)
select settlement_id, party_no, statement_csv, statement_sha256 from settlement_line;
alter table settlement_line drop column statement_csv, drop column statement_sha256;
