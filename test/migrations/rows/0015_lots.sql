insert into lot_pot (member_no, lot_id, pot, units, value_minor, commission_minor, tax_minor)
values (1, '00000000-0000-7000-8000-00000000000c', 'SPENT', 10, 10, 1, 0);
insert into lot_movement (entry_no, member_no, line, lot_id, from_pot, to_pot, units, value_minor, commission_minor, tax_minor)
values (1000, 1, 0, '00000000-0000-7000-8000-00000000000c', 'LEFT', 'SPENT', 10, 10, 1, 0);
insert into member_debt (id, member_no, programme_no, since, issued_units, issued_value_minor, units, value_minor, entry_no)
values ('00000000-0000-7000-8000-0000000000d1', 1, 1, '2026-01-10', 5, 5, 5, 5, 1000);
insert into borne_clawback (id, member_no, programme_no, borne_by, since, origin_id, funder_no, issued_units, issued_value_minor, units, value_minor, entry_no)
values ('00000000-0000-7000-8000-0000000000d2', 1, 1, 'FUNDER', '2026-01-10', '00000000-0000-7000-8000-00000000000a', 1, 5, 5, 5, 5, 1000);
