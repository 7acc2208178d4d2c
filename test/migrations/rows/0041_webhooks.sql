insert into webhook_endpoint (id, url, event_types, status_at, created_by, created_at, cursor)
values ('0190a000-0000-7000-8000-000000000041', 'https://hooks.example/', '{}', now(), 'somebody', now(), 0);
insert into webhook_secret (id, endpoint_no, sealed, created_at)
select '0190a000-0000-7000-8000-000000000042', no, '\x00', now() from webhook_endpoint;
insert into webhook_delivery (endpoint_no, number, ordering_key) select no, 1, 'member/1' from webhook_endpoint;
insert into webhook_attempt (id, endpoint_no, number, event_id, event_type, attempt, attempted_at, latency_ms, outcome)
select '0190a000-0000-7000-8000-000000000043', no, 1, '0190a000-0000-7000-8000-000000000040', 'balance.changed', 1, now(), 1, 'FAILED' from webhook_endpoint;
