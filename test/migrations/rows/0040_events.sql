insert into event (id, type, programme_no, ordering_key, member_no, partner_nos, audience)
values ('0190a000-0000-7000-8000-000000000040', 'balance.changed', 1, 'member/1', 1, '{}', 'ISSUERS');
