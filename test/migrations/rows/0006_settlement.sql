insert into settlement (id, programme_no, currency_code, state, created_at, programme_net_minor, gross_minor, net_payments_minor)
values ('00000000-0000-7000-8000-00000000000d', 1, 'GBP', 'ISSUED', now(), 0, 0, 0);
insert into settlement_line (id, settlement_id, party_no, net_minor, state, statement_csv, statement_sha256)
values ('00000000-0000-7000-8000-00000000000e', '00000000-0000-7000-8000-00000000000d', 1, 100, 'PENDING', '', '');
insert into settlement_item (settlement_id, party_no, entry_kind, account, entry_count, units, reward_minor, commission_minor, tax_minor, amount_minor)
values ('00000000-0000-7000-8000-00000000000d', 1, 1, 1100, 1, 100, 100, 1, 0, 101);
