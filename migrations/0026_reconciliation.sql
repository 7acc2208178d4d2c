-- Two-sided reconciliation: a partner's own list compared with ours. A run keeps what was compared and every
-- difference, never the list itself.

create table reconciliation (
  id uuid primary key,
  programme_no integer not null,
  partner_no integer not null,
  -- Messages of these business days, or the entries behind the line of a settlement.
  from_day date,
  until_day date,
  settlement_id uuid,
  -- Of the list as it was given.
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- Rows of the list and of ours, what agrees, and the sums of both sides.
  given_count integer not null check (given_count >= 0),
  here_count integer not null check (here_count >= 0),
  matched_count integer not null check (matched_count >= 0),
  given_minor bigint not null,
  here_minor bigint not null,
  requested_by text not null,
  requested_at timestamptz not null,
  check ((from_day is null) = (until_day is null) and (from_day is null) = (settlement_id is not null)),
  check (from_day <= until_day)
);
create index reconciliation_partner_no_id_idx on reconciliation (partner_no, id);

create table reconciliation_difference (
  reconciliation_id uuid not null,
  no integer not null,
  partner_no integer not null,
  kind text not null check (kind in ('MISSING_HERE', 'MISSING_THERE', 'DIFFERENT_AMOUNT', 'REPEATED')),
  -- What names the row on both sides: the reference of a message, or the number of an entry.
  reference text not null,
  source_kind smallint,
  -- Row of the list, from 1; none for what the list lacks.
  row_no integer,
  given_minor bigint,
  here_minor bigint,
  transaction_id uuid,
  entry_no bigint,
  primary key (reconciliation_id, no),
  check ((kind = 'MISSING_THERE') = (given_minor is null) and (given_minor is null) = (row_no is null)),
  check ((kind = 'MISSING_HERE') = (here_minor is null))
);

call hansa_protect('reconciliation', 'hansa_sees_all() or partner_no = hansa_partner_no()');
call hansa_protect('reconciliation_difference', 'hansa_sees_all() or partner_no = hansa_partner_no()');
revoke update, delete on reconciliation, reconciliation_difference from hansa_writer;
