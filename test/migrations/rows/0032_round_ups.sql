insert into round_up (member_no, programme_no, charity_no, step_minor, set_at, seen_id)
values (1, 1, 1, 100, now(), '00000000-0000-7000-8000-000000000000');
