-- The outbox: what has happened, for those who want to be told. A row commits with what it tells of.

-- Thin: numbers and ids, nothing personal. No foreign keys and as few indexes as can be, because every purchase writes here.
create table event (
  -- Taken under the locks of what the event is about, so that it rises per ordering key. Positions commit out of order.
  position bigint generated always as identity primary key,
  id uuid not null,
  -- Given by the relay to what is committed, without gaps: the cursor. Null until then.
  number bigint,
  type text not null,
  programme_no integer not null,
  ordering_key text not null,
  member_no integer,
  partner_nos integer[] not null,
  audience text not null,
  -- What it is about, and the message that caused it.
  subject_id uuid,
  cause_id uuid,
  recorded_at timestamptz not null default hansa_now()
);
create unique index event_number_key on event (number) where number is not null;
create index event_unnumbered_idx on event (position) where number is null;

-- One row: the last number that was given, and since when every event is kept. Its lock is the relay's.
create table event_head (
  singleton boolean primary key default true check (singleton),
  last_number bigint not null default 0,
  complete_since timestamptz not null
);
insert into event_head (complete_since)
select case when exists (select from member) then hansa_now() else '-infinity' end;

-- NAMED are the member and the partners of the row; ISSUERS also the banks whose cards the member has linked now;
-- PARTNERS is every partner.
call hansa_protect('event', $$
  hansa_sees_all() or member_no = hansa_member_no() or hansa_partner_no() = any (partner_nos)
  or (audience = 'ISSUERS' and hansa_member_visible(member_no))
  or (audience = 'PARTNERS' and hansa_partner_no() is not null)
$$);
call hansa_protect('event_head', 'true');
revoke insert, delete on event_head from hansa_writer;
