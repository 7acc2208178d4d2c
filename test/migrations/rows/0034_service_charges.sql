insert into service_charge (id, programme_no, partner_no, invoice_number, invoiced_on, net_minor, tax_code, tax_minor, recorded_by, recorded_at, entry_no)
values ('00000000-0000-7000-8000-0000000000e1', 1, 999, 'R-2026-1', '2026-01-31', 1000, 'VAT-20', 200, 'test', '2026-02-01', 1000);
