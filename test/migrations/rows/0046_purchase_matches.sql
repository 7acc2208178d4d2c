insert into purchase_match (id, programme_no, member_no, earlier_id, later_id, likeness, proposed_at)
values ('00000000-0000-7000-8000-0000000000e1', 1, 1, '00000000-0000-7000-8000-00000000000a',
        '00000000-0000-7000-8000-00000000000d', '{"score": 65, "grounds": ["AMOUNT_WITH_TIP"]}', now());
