-- When a line is to be paid, and until when it may be disputed: frozen at issue by the contract of that day.
alter table settlement_line add column due_on date, add column dispute_until date;
update settlement_line l
set due_on = (s.created_at at time zone g.time_zone)::date + coalesce(c.payment_days, 14),
    dispute_until = (s.created_at at time zone g.time_zone)::date + coalesce(c.dispute_days, 30)
from settlement s
join programme g on g.no = s.programme_no, settlement_line o
left join partner p on p.no = o.party_no
left join lateral (
  select payment_days, dispute_days from contract c
  join settlement t on t.id = o.settlement_id join programme h on h.no = t.programme_no
  where c.partner_id = p.id and c.programme_id = h.id and c.effective_from <= (t.created_at at time zone h.time_zone)::date
  order by c.effective_from desc limit 1
) c on true
where s.id = l.settlement_id and o.id = l.id and l.party_no > 0;

-- What a partner contests of a line: that it owes so much less, or is owed so much more. Kept for ever.
create table dispute (
  id uuid primary key,
  line_id uuid not null references settlement_line (id),
  programme_no integer not null,
  party_no integer not null,
  amount_minor bigint not null check (amount_minor > 0),
  reason text not null check (length(reason) between 1 and 1000),
  -- [{description, url, sha256}]
  evidence jsonb not null,
  state text not null default 'OPEN' check (state in ('OPEN', 'UPHELD', 'REJECTED')),
  opened_by text not null,
  opened_at timestamptz not null,
  opening_entry_no bigint not null,
  resolved_by text,
  resolved_at timestamptz,
  resolution text check (length(resolution) between 1 and 1000),
  resolving_entry_no bigint,
  check ((state = 'OPEN') = (resolved_by is null) and (resolved_by is null) = (resolved_at is null)
    and (resolved_by is null) = (resolution is null) and (resolved_by is null) = (resolving_entry_no is null)),
  check (resolved_by <> opened_by)
);
create index dispute_line_id_idx on dispute (line_id);
create index dispute_programme_no_id_idx on dispute (programme_no, id);
create index dispute_open_idx on dispute (programme_no, id) where state = 'OPEN';
call hansa_protect('dispute', 'hansa_sees_all() or party_no = hansa_partner_no()');

create function hansa_dispute_is_resolved_once() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'OPEN'
    or (new.id, new.line_id, new.programme_no, new.party_no, new.amount_minor, new.reason, new.evidence, new.opened_by,
        new.opened_at, new.opening_entry_no)
      is distinct from (old.id, old.line_id, old.programme_no, old.party_no, old.amount_minor, old.reason, old.evidence,
        old.opened_by, old.opened_at, old.opening_entry_no)
  then
    raise exception 'a dispute is resolved once and never changed: open another one' using errcode = 'HA003';
  end if;
  return new;
end $$;
create trigger dispute_is_resolved_once before update or delete on dispute
  for each row execute function hansa_dispute_is_resolved_once();
