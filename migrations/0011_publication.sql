-- Publishing by two people: what one has proposed becomes a version only when another approves it.
-- Proposals are kept for ever, whatever became of them.

create table programme_proposal (
  id uuid primary key,
  programme_id uuid not null references programme (id),
  source text not null,
  digest text not null,
  effective_from date not null,
  state text not null default 'PENDING' check (state in ('PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  check ((state = 'PENDING') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
  -- The database itself holds that it takes two, and that withdrawing is one's own.
  check (state not in ('APPROVED', 'REJECTED') or decided_by <> proposed_by),
  check (state <> 'WITHDRAWN' or decided_by = proposed_by)
);
create index programme_proposal_programme_id_idx on programme_proposal (programme_id);
-- One at a time, so that whoever approves knows what it follows.
create unique index programme_proposal_pending_idx on programme_proposal (programme_id) where state = 'PENDING';

-- Null when one person was enough.
alter table programme_version add column approved_by text check (approved_by <> published_by);

-- What is not published yet is for those who run the programme.
call hansa_protect('programme_proposal', 'hansa_sees_all()');

-- The archive: what was published stays as it was, and a proposal is decided once.
create function hansa_archive_stands() returns trigger language plpgsql as $$
begin
  raise exception '% is an archive: publish a new version instead', tg_table_name using errcode = 'HA003';
end $$;
create trigger programme_version_stands before update or delete on programme_version
  for each statement execute function hansa_archive_stands();

create function hansa_proposal_is_decided_once() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'PENDING'
    or (new.id, new.programme_id, new.source, new.digest, new.effective_from, new.proposed_by, new.proposed_at)
      is distinct from (old.id, old.programme_id, old.source, old.digest, old.effective_from, old.proposed_by, old.proposed_at)
  then
    raise exception 'a proposal is decided once and never changed: propose again instead' using errcode = 'HA003';
  end if;
  return new;
end $$;
create trigger programme_proposal_is_decided_once before update or delete on programme_proposal
  for each row execute function hansa_proposal_is_decided_once();
