insert into unit (kind, code, scale, programme_no) values ('REWARD', 'POINT', 2, 1), ('MONEY', 'GBP', 2, 0);
insert into settlement_window (id, programme_no, currency_code, opened_at) values ('00000000-0000-7000-8000-000000000009', 1, 'GBP', now());
insert into journal_entry (no, member_no, programme_no, window_no, kind, business_date, recorded_at) values (1000, 1, 1, 1, 1, '2026-01-02', now());
insert into posting (entry_no, member_no, line, account, party, unit, window_no, amount)
values (1000, 1, 1, 900, 1, 1, 1, 100), (1000, 1, 2, 100, 1, 1, 1, -100);
insert into account_balance (unit, account, party, balance) values (1, 900, 1, 100);
