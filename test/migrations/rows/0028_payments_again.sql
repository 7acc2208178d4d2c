insert into payment (id, file_id, programme_no, partner_no, purpose, adjustment_id, bank_account_id, amount_minor, end_to_end_id, attempt, entry_no, instructed_at, changed_at)
values ('00000000-0000-7000-8000-000000000311', '00000000-0000-7000-8000-000000000183', 1, 1, 'DEPOSIT', '00000000-0000-7000-8000-000000000312',
        '00000000-0000-7000-8000-000000000182', 100, 'E2', 1, 1, now(), now());
