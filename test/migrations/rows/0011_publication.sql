insert into programme_proposal (id, programme_id, source, digest, effective_from, proposed_by, proposed_at)
values ('00000000-0000-7000-8000-000000000111', '00000000-0000-7000-8000-000000000001', 'code: coalition', 'd', '2027-01-01', 'somebody', now());
insert into programme_version (id, programme_id, version, effective_from, source, digest, published_by, published_at, approved_by)
values ('00000000-0000-7000-8000-000000000112', '00000000-0000-7000-8000-000000000001', 2, '2027-01-01', 'code: coalition', 'e', 'somebody', now(), 'somebody else');
