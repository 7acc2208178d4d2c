insert into api_client (id, name, kind, partner_no, scopes, registered_by, registered_at)
  values ('01900000-0000-7000-8000-000000003801', 'Till', 'PARTNER', 1, '{transactions:write}', 'admin', now());
insert into client_secret (id, client_id, hash, created_at)
  values ('01900000-0000-7000-8000-000000003802', '01900000-0000-7000-8000-000000003801', sha256('x'), now());
insert into client_key (id, client_id, kid, algorithm, jwk, added_at)
  values ('01900000-0000-7000-8000-000000003803', '01900000-0000-7000-8000-000000003801', 'k1', 'ES256', '{"kty": "EC"}', now());
