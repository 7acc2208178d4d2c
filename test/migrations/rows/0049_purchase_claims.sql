insert into purchase_claim (id, programme_no, member_no, partner_no, amount_minor, bought_at, business_date, receipt, state, opened_by, opened_at, decide_by)
values ('00000000-0000-7000-8000-0000000000e2', 1, 1, 2, 1000, now(), '2026-01-02', 'R-1', 'OPEN', 'a', now(), '2026-02-01');
