insert into outflow_review (id, member_no, programme_no, kind, reason, bank_no, requested_by, requested_at)
  select gen_random_uuid(), m.no, m.programme_no, 'CASH_OUT', 'LARGE_AMOUNT', p.no, 'app', now() from member m, partner p limit 1;
