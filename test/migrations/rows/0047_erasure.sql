insert into erasure (id, member_no, member_id, programme_no, erased_at, requested_by, forfeited_units, rows)
values ('00000000-0000-7000-8000-0000000000e7', 999, '00000000-0000-7000-8000-0000000000e8', 1, now(), 'a', 0, '{}');
