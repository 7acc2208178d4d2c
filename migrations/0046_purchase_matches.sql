-- Two purchases that may be one, told by two sides: not alike enough to be taken for one without somebody's word.
create table purchase_match (
  id uuid primary key,
  programme_no integer not null,
  member_no integer not null,
  earlier_id uuid not null,
  later_id uuid not null,
  -- {score, grounds}
  likeness jsonb not null,
  -- SUPERSEDED: one of the two has found its other side elsewhere.
  state text not null default 'PROPOSED' check (state in ('PROPOSED', 'CONFIRMED', 'REJECTED', 'SUPERSEDED')),
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  check ((decided_by is not null) = (state in ('CONFIRMED', 'REJECTED'))),
  -- A pair is proposed once: what was rejected stays rejected.
  unique (earlier_id, later_id)
);
create index purchase_match_programme_no_id_idx on purchase_match (programme_no, id);
create index purchase_match_later_id_idx on purchase_match (later_id);
call hansa_protect('purchase_match', 'hansa_sees_all()');
