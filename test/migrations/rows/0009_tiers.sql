insert into member_tier (member_no, programme_no, tier_code, since, review_on) values (1, 1, 'silver', '2026-01-02', '2027-01-01');
insert into member_tier_change (member_no, id, changed_on, recorded_at, from_code, to_code, metric, because)
values (1, '00000000-0000-7000-8000-0000000000a1', '2026-01-02', now(), null, 'silver', 100000, 'FIRST');
