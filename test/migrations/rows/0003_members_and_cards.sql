insert into member (id, programme_no, code, enrolled_at) values ('00000000-0000-7000-8000-000000000007', 1, 'M1', now());
insert into member_balance (member_no, pending_units) values (1, 100);
insert into card (id, member_no, programme_no, token, last_four, issuer_no, linked_at)
values ('00000000-0000-7000-8000-000000000008', 1, 1, 'token-0001', '4242', 2, now());
