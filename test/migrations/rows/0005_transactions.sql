insert into business_key (partner_no, kind, reference, body_hash, source_id, member_no)
values (2, 1, 'R-1', '\x00', '00000000-0000-7000-8000-00000000000b', 1);
insert into transaction (id, member_no, programme_no, kind, submitter_no, category_code, amount_minor, occurred_at, business_date, recorded_at, facts, explanation_digest)
values ('00000000-0000-7000-8000-00000000000a', 1, 1, 'PURCHASE', 2, 'GROCERIES', 1000, now(), '2026-01-02', now(), '{}', '\x00');
insert into transaction_source (id, member_no, transaction_id, partner_no, kind, reference, body_hash, amount_minor, payload, received_at)
values ('00000000-0000-7000-8000-00000000000b', 1, '00000000-0000-7000-8000-00000000000a', 2, 1, 'R-1', '\x00', 1000, '{}', now());
insert into accrual (id, member_no, transaction_id, programme_no, rule_code, funder_no, units, value_minor, commission_minor, tax_minor, tax_treatment, available_on, entry_no)
values ('00000000-0000-7000-8000-00000000000c', 1, '00000000-0000-7000-8000-00000000000a', 1, 'base', 1, 100, 100, 1, 0, 'SERVICE', '2026-01-09', 1000);
insert into accrual_reversal (source_id, accrual_id, member_no, units, value_minor, commission_minor, tax_minor, entry_no)
values ('00000000-0000-7000-8000-00000000000b', '00000000-0000-7000-8000-00000000000c', 1, 1, 1, 0, 0, 1000);
insert into lot (id, member_no, programme_no, funder_no, units, value_minor, commission_minor, tax_minor, available_on)
values ('00000000-0000-7000-8000-00000000000c', 1, 1, 1, 100, 100, 1, 0, '2026-01-09');
insert into due (programme_no, due_on, member_no, lot_id) values (1, '2026-01-09', 1, '00000000-0000-7000-8000-00000000000c');
insert into member_spend_day (member_no, day, kept_minor) values (1, '2026-01-02', 1000);
insert into member_counter (member_no, cap_code, period, used) values (1, 'monthly', '2026-01-01', 100);
