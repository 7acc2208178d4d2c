insert into backtest_run (id, programme_no, source, source_digest, from_day, until_day, requested_by, requested_at)
values ('00000000-0000-7000-8000-000000000012', 1, 'programme: demo', 'd', '2026-01-01', '2026-03-31', 'somebody', now());
