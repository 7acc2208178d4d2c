insert into redemption (id, member_no, programme_no, kind, partner_no, reference, body_hash, state, price_minor, purchase_minor,
  discount_minor, units, value_minor, authorised_at, expires_at)
values ('00000000-0000-7000-8000-000000000161', 1, 1, 'PURCHASE', 1, 'till-1', '\x00', 'AUTHORISED', '1/1', 1000, 0, 100, 100, now(), now());
insert into redemption_take (redemption_id, member_no, line, lot_id, units, value_minor, commission_minor, tax_minor)
values ('00000000-0000-7000-8000-000000000161', 1, 0, '00000000-0000-7000-8000-000000000162', 100, 100, 10, 2);
insert into unit_transfer (id, from_member_no, to_member_no, programme_no, units, transferred_at)
values ('00000000-0000-7000-8000-000000000163', 1, 2, 1, 10, now());
