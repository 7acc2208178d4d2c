insert into connector (id, code, partner_no, programme_no, kind, address, auth, endpoints, every_seconds, created_by, created_at, changed_at, next_run_at)
values ('00000000-0000-7000-8000-0000000000f1', 'shop-feed', 1, 1, 'HTTP_JSON', 'https://shop.example/', '{"kind": "NONE"}', '[]', 60, 'test', '2026-02-01', '2026-02-01', '2026-02-01');
insert into connector_run (id, connector_id, partner_no, started_at)
values ('00000000-0000-7000-8000-0000000000f2', '00000000-0000-7000-8000-0000000000f1', 1, '2026-02-01');
insert into connector_reject (id, connector_id, partner_no, run_id, item_hash, code, reason, rejected_at)
values ('00000000-0000-7000-8000-0000000000f3', '00000000-0000-7000-8000-0000000000f1', 1, '00000000-0000-7000-8000-0000000000f2', '\x00', 'UNKNOWN_PAYER', 'Nobody.', '2026-02-01');
insert into connector_file (connector_id, sha256, partner_no, name, rows, taken_at)
values ('00000000-0000-7000-8000-0000000000f1', '\x00', 1, 'day.csv', 1, '2026-02-01');
