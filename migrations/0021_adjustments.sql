-- Money and units changed by hand: one person asks, another decides, and nothing is posted before. Kept for ever,
-- whatever became of them.

create table adjustment (
  id uuid primary key,
  programme_no integer not null,
  kind text not null
    check (kind in ('GOODWILL', 'NEGATIVE_WRITE_OFF', 'BAD_DEBT', 'DEPOSIT_USE', 'DEPOSIT_RETURN', 'CORRECTION')),
  -- A member or a partner.
  member_no integer,
  partner_no integer,
  -- Reward steps; where a member is adjusted.
  units bigint check (units > 0),
  amount_minor bigint not null,
  -- Last day of goodwill units; by the programme's rule when null.
  expires_on date,
  reason text not null check (length(reason) between 1 and 1000),
  -- [{description, url, sha256}]
  evidence jsonb not null,
  state text not null default 'PENDING' check (state in ('PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
  requested_by text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  decision_note text check (length(decision_note) between 1 and 1000),
  -- The journal entry that an approval made.
  entry_no bigint,
  check ((member_no is null) <> (partner_no is null)),
  check ((member_no is null) = (units is null)),
  check (amount_minor > 0 or kind = 'CORRECTION' and amount_minor <> 0 or kind = 'GOODWILL' and amount_minor = 0),
  check ((state = 'PENDING') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
  check ((state = 'APPROVED') = (entry_no is not null)),
  -- The database itself holds that it takes two, and that withdrawing is one's own.
  check (state not in ('APPROVED', 'REJECTED') or decided_by <> requested_by),
  check (state <> 'WITHDRAWN' or decided_by = requested_by)
);
-- The list of what waits.
create index adjustment_pending_idx on adjustment (programme_no, id) where state = 'PENDING';
create index adjustment_programme_no_id_idx on adjustment (programme_no, id);

call hansa_protect('adjustment', 'hansa_sees_all()');

create function hansa_adjustment_is_decided_once() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'PENDING'
    or (new.id, new.programme_no, new.kind, new.member_no, new.partner_no, new.units, new.amount_minor, new.expires_on,
        new.reason, new.evidence, new.requested_by, new.requested_at)
      is distinct from (old.id, old.programme_no, old.kind, old.member_no, old.partner_no, old.units, old.amount_minor,
        old.expires_on, old.reason, old.evidence, old.requested_by, old.requested_at)
  then
    raise exception 'an adjustment is decided once and never changed: ask for another one' using errcode = 'HA003';
  end if;
  return new;
end $$;
create trigger adjustment_is_decided_once before update or delete on adjustment
  for each row execute function hansa_adjustment_is_decided_once();
