-- Back-tests: a candidate version replayed over what is stored. A back-test writes this table and nothing else.

create table backtest_run (
  id uuid primary key,
  programme_no integer not null,
  -- The candidate as it was given: it is checked again when it is replayed.
  source text not null,
  source_digest text not null,
  from_day date not null,
  until_day date not null,
  state text not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
  -- Purchases replayed and to be replayed; the second is known once they were counted.
  done integer not null default 0 check (done >= 0),
  total integer check (total >= 0),
  requested_by text not null,
  requested_at timestamptz not null,
  -- Every process that takes the run up makes a new attempt: one that was taken for dead finds that it is not its own any more.
  attempt integer not null default 0,
  heartbeat_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  failure text,
  result jsonb,
  check (from_day <= until_day),
  check ((state in ('QUEUED', 'RUNNING')) = (finished_at is null)),
  check ((state = 'DONE') = (result is not null)),
  check ((state = 'FAILED') = (failure is not null))
) with (fillfactor = 70);

-- One at a time for each programme; it is also how a process finds the runs that wait.
create unique index backtest_run_one_unfinished on backtest_run (programme_no) where state in ('QUEUED', 'RUNNING');

call hansa_protect('backtest_run', 'hansa_sees_all()');
