update member set birthday = '02-29', time_zone = 'Europe/Lisbon' where no = 1;
update card set product = 'credit', account = 'account-1', statement_day = 15;
insert into member_choice (member_no, choice_code, period, version, categories, locked, chosen_at, chosen_on)
values (1, 'monthly', '2026-01-01', 1, '{fuel,books}', false, now(), '2026-01-02');
insert into member_activation (member_no, rule_code, period, activated_at, activated_on)
values (1, 'quarter-bonus', '2026-01-01', now(), '2026-01-02');
insert into member_segment (member_no, segment, from_day) values (1, 'vip', '2026-01-01');
