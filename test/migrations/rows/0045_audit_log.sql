insert into audit_entry (id, recorded_at, actor, actor_kind, operation, request_id, outcome, subjects, input)
values ('00000000-0000-7000-8000-0000000000a7', now(), 'a', 'ADMIN', 'windowClose', 'r', 'DONE', '{}', '{}');
