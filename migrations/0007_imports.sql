-- Files are staged, sorted and then fed to the same pipeline as the API. The cursor commits with the money,
-- so a kill at any point loses nothing and repeats nothing.

create table import_run (
  id uuid primary key,
  programme_no integer not null,
  file_name text not null,
  file_sha256 text not null,
  mapping_sha256 text not null,
  close_policy text not null check (close_policy in ('NONE', 'MONTHLY')),
  state text not null check (state in ('STAGING', 'RUNNING', 'DONE')),
  total_rows integer not null default 0,
  next_ordinal integer not null default 0,
  -- Rows are taken in by pages, a page by lanes that commit on their own: which of them have, and where the page ends.
  page_end integer not null default 0,
  lanes_done integer not null default 0,
  accepted integer not null default 0,
  duplicate integer not null default 0,
  rejected integer not null default 0,
  accepted_minor bigint not null default 0,
  started_at timestamptz not null,
  finished_at timestamptz,
  unique (programme_no, file_sha256, mapping_sha256, close_policy)
);

-- One staged line. `command` is the translated row, `reject_reason` why it never became one (or was refused).
create table import_row (
  run_id uuid not null,
  ordinal integer not null,
  line_no integer not null,
  business_date date,
  command jsonb,
  reject_code text,
  reject_reason text,
  primary key (run_id, ordinal)
);

call hansa_protect('import_run', 'hansa_sees_all()');
call hansa_protect('import_row', 'hansa_sees_all()');
