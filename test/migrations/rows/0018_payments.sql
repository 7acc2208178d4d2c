insert into bank_account (id, programme_no, currency_code, holder_name, iban, state, proposed_by, proposed_at, decided_by, decided_at)
values ('00000000-0000-7000-8000-000000000181', 1, 'GBP', 'Clearing', 'GB29NWBK60161331926819', 'ACTIVE', 'somebody', now(), 'somebody else', now());
insert into bank_account (id, partner_no, holder_name, iban, bic, state, proposed_by, proposed_at, decided_by, decided_at)
values ('00000000-0000-7000-8000-000000000182', 1, 'Partner', 'DE89370400440532013000', 'COBADEFFXXX', 'ACTIVE', 'somebody', now(), 'somebody else', now());
insert into payment_file (id, programme_no, account_no, message_id, currency_code, execution_date, payment_count, amount_minor, created_by, created_at, content, sha256)
values ('00000000-0000-7000-8000-000000000183', 1, 1, 'M1', 'GBP', '2026-03-02', 1, 100, 'somebody', now(), '<Document/>', 'x');
insert into payment (id, file_id, programme_no, partner_no, purpose, line_id, bank_account_id, amount_minor, end_to_end_id, attempt, entry_no, instructed_at, changed_at)
values ('00000000-0000-7000-8000-000000000184', '00000000-0000-7000-8000-000000000183', 1, 1, 'SETTLEMENT', '00000000-0000-7000-8000-00000000000e',
        '00000000-0000-7000-8000-000000000182', 100, 'E1', 1, 1, now(), now());
insert into bank_message (id, programme_no, account_no, version, message_id, content_sha256, uploaded_by, uploaded_at)
values ('00000000-0000-7000-8000-000000000185', 1, 1, 'camt.053.001.08', 'B1', 'x', 'somebody', now());
insert into bank_statement (id, message_id, programme_no, account_no, statement_id, opening_minor, closing_minor, closed_on)
values ('00000000-0000-7000-8000-000000000186', '00000000-0000-7000-8000-000000000185', 1, 1, 'S1', 0, 50, '2026-03-02');
insert into bank_movement (id, statement_id, line, programme_no, amount_minor, booked_on, match, partner_no, unallocated_minor)
values ('00000000-0000-7000-8000-000000000187', '00000000-0000-7000-8000-000000000186', 1, 1, 50, '2026-03-02', 'RECEIVED', 1, 0);
insert into receipt_allocation (id, movement_id, partner_no, amount_minor, matched_by, allocated_by, allocated_at)
values ('00000000-0000-7000-8000-000000000188', '00000000-0000-7000-8000-000000000187', 1, 50, 'ACCOUNT', 'somebody', now());
