insert into window_position (window_no, party_no, net_minor, gross_minor, settlement_id)
values (1, 999, 100, 100, '00000000-0000-7000-8000-00000000000d');
