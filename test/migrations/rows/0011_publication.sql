insert into programme_proposal (id, programme_id, source, digest, effective_from, proposed_by, proposed_at)
values ('00000000-0000-7000-8000-000000000111', '00000000-0000-7000-8000-000000000001', 'code: coalition', 'd', '2027-01-01', 'somebody', now());
update programme_version set approved_by = 'somebody else';
