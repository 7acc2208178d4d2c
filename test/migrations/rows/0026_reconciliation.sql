insert into reconciliation (id, programme_no, partner_no, from_day, until_day, sha256, given_count, here_count, matched_count,
    given_minor, here_minor, requested_by, requested_at)
  select gen_random_uuid(), g.no, p.no, '2026-01-01', '2026-01-31', repeat('a', 64), 1, 0, 0, 100, 0, 'finance', now()
  from programme g, partner p limit 1;
insert into reconciliation_difference (reconciliation_id, no, partner_no, kind, reference, row_no, given_minor)
  select id, 1, partner_no, 'MISSING_HERE', 'r-1', 1, 100 from reconciliation;
