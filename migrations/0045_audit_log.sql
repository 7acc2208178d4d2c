-- What administrators did and tried to do: one row per act, in the transaction of the act itself. Never changed.

create table audit_entry (
  -- Of the act; made when it began.
  id uuid primary key,
  recorded_at timestamptz not null,
  -- The subject of the token, or hansa-cli.
  actor text not null,
  actor_kind text not null,
  -- The mutation, or the command.
  operation text not null,
  request_id text not null,
  outcome text not null check (outcome in ('DONE', 'UNCHANGED', 'REFUSED', 'FORBIDDEN', 'FAILED')),
  -- Why it was refused.
  code text,
  -- Ids that were named.
  subjects text[] not null,
  -- What was said, without texts: ids, codes, amounts, days, choices; which other fields were there.
  input jsonb not null
);
create index audit_entry_subjects_idx on audit_entry using gin (subjects);

create function hansa_audit_stands() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only ever added to' using errcode = 'HA003';
end $$;
create trigger audit_stands before update or delete on audit_entry for each row execute function hansa_audit_stands();
create trigger audit_stays before truncate on audit_entry for each statement execute function hansa_audit_stands();

call hansa_protect('audit_entry', 'hansa_sees_all()');
revoke update, delete on audit_entry from hansa_writer;
