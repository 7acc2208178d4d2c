insert into catalogue_item (id, programme_no, code, name, description, kind, supplier_no, price_units, claimable_from, stock, published_at, published_by)
values ('00000000-0000-7000-8000-000000000221', 1, 'mug', 'A mug', '', 'GIFT', 1, 100, '2026-01-01', 5, now(), 'somebody');
insert into catalogue_claim (id, member_no, programme_no, item_id, supplier_no, claimed_at)
values ('00000000-0000-7000-8000-000000000161', 1, 1, '00000000-0000-7000-8000-000000000221', 1, now());
