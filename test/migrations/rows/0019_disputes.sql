insert into dispute (id, line_id, programme_no, party_no, amount_minor, reason, evidence, opened_by, opened_at, opening_entry_no)
values ('00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-00000000000e', 1, 1, 50, 'Not ours', '[]', 'a', now(), 1000);
