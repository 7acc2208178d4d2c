-- Partners that the gateway asks: how they are reached, what they can be asked, and how far their feeds were taken in.

create table connector (
  id uuid primary key,
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  partner_no integer not null,
  programme_no integer not null,
  kind text not null check (kind in ('HTTP_JSON', 'GRAPHQL', 'FOLDER')),
  -- The partner's server, or the name of a folder below the one opened to connectors.
  address text not null check (length(address) between 1 and 2000),
  -- {kind, tokenUrl, clientId, scope}; the secret lies apart.
  auth jsonb not null,
  -- Sealed; null where there is none.
  secret bytea,
  -- [{capability, path, query, format, itemsAt, nextCursorAt, ..., fields}]
  endpoints jsonb not null,
  every_seconds integer not null check (every_seconds between 5 and 86400),
  status text not null default 'ACTIVE' check (status in ('ACTIVE', 'PAUSED', 'REMOVED')),
  created_by text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  -- Where the next page of its feed begins, in the partner's own words; it moves in the transaction that takes a page in.
  cursor text check (length(cursor) between 1 and 1000),
  next_run_at timestamptz not null,
  -- Who fetches now; a process that died loses it when the time is over.
  run_id uuid,
  run_until timestamptz,
  failures integer not null default 0 check (failures >= 0),
  last_run_at timestamptz,
  last_success_at timestamptz,
  last_fault_code text,
  last_fault_detail text,
  -- When the newest message that was taken in took place: how far behind the feed is.
  newest_at timestamptz,
  check ((run_id is null) = (run_until is null)),
  check ((last_fault_code is null) = (last_fault_detail is null))
) with (fillfactor = 70);
create index connector_partner_no_idx on connector (partner_no, id);
create index connector_due_idx on connector (next_run_at) where status = 'ACTIVE';

-- A run that has brought something or failed; one that found nothing new leaves none.
create table connector_run (
  id uuid primary key,
  connector_id uuid not null references connector,
  partner_no integer not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  pages integer not null default 0 check (pages >= 0),
  accepted integer not null default 0 check (accepted >= 0),
  duplicates integer not null default 0 check (duplicates >= 0),
  rejected integer not null default 0 check (rejected >= 0),
  fault_code text,
  fault_detail text,
  check ((fault_code is null) = (fault_detail is null))
);
create index connector_run_connector_id_idx on connector_run (connector_id, id);

-- A message that was not taken in, and why; once however often it comes. Of what it said only its own name is kept.
create table connector_reject (
  id uuid primary key,
  connector_id uuid not null references connector,
  partner_no integer not null,
  run_id uuid not null,
  item_hash bytea not null,
  reference text check (length(reference) <= 200),
  file_name text,
  line integer,
  code text not null,
  reason text not null,
  rejected_at timestamptz not null,
  unique (connector_id, item_hash)
);
create index connector_reject_connector_id_idx on connector_reject (connector_id, id);

-- A file that was taken in to its end, or cannot be read; known by its bytes, whatever it is called.
create table connector_file (
  connector_id uuid not null references connector,
  sha256 bytea not null,
  partner_no integer not null,
  name text not null,
  rows integer not null check (rows >= 0),
  fault text,
  taken_at timestamptz not null,
  primary key (connector_id, sha256)
);

call hansa_protect('connector', 'hansa_sees_all() or partner_no = hansa_partner_no()');
call hansa_protect('connector_run', 'hansa_sees_all() or partner_no = hansa_partner_no()');
call hansa_protect('connector_reject', 'hansa_sees_all() or partner_no = hansa_partner_no()');
call hansa_protect('connector_file', 'hansa_sees_all() or partner_no = hansa_partner_no()');
