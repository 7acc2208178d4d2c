insert into adjustment (id, programme_no, kind, partner_no, amount_minor, reason, evidence, requested_by, requested_at)
  select gen_random_uuid(), g.no, 'BAD_DEBT', p.no, 100, 'insolvent', '[]', 'first', now() from programme g, partner p limit 1;
