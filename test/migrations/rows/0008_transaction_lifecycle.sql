insert into transaction (id, member_no, programme_no, kind, submitter_no, category_code, amount_minor, occurred_at, business_date, recorded_at, facts, explanation_digest, action)
values ('00000000-0000-7000-8000-00000000000d', 1, 1, 'ACTION', 2, 'UNCATEGORISED', 0, now(), '2026-01-02', now(), '{}', '\x00', 'review');
insert into awaited_message (partner_no, reference, source_id, member_no, transaction_id)
values (2, 'R-9', '00000000-0000-7000-8000-00000000000b', 1, '00000000-0000-7000-8000-00000000000a');
insert into mark_reached (member_no, rule_code, period, transaction_id)
values (1, 'ten-thousand', '2026-01-01', '00000000-0000-7000-8000-00000000000a');
insert into budget_counter (programme_no, code, period, used) values (1, 'spring', '2026-01-01', 100);
