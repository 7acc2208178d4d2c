insert into statement_commission (programme_no, party_no, after_window, through_window, since, window_no, entry_no, base_minor, commission_minor, tax_minor)
values (1, 999, 0, 1, '2026-01-01', 1, 1000, 100, 10, 2);
