insert into consent_receipt (id, member_no, purpose, version, state, recorded_at, recorded_by, channel)
values ('00000000-0000-7000-8000-0000000000c5', 1, 'MARKETING', 1, 'WITHDRAWN', now(), 'a', 'APP');
