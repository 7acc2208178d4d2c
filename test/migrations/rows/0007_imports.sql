insert into import_run (id, programme_no, file_name, file_sha256, mapping_sha256, close_policy, state, started_at)
values ('00000000-0000-7000-8000-00000000000f', 1, 'feed.csv', 'f', 'm', 'NONE', 'RUNNING', now());
insert into import_row (run_id, ordinal, line_no) values ('00000000-0000-7000-8000-00000000000f', 0, 2);
