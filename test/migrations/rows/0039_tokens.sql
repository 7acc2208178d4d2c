insert into signing_key (kid, public_jwk, private_sealed, created_at, signs_from) values ('k1', '{"kty": "EC"}', '\x01', now(), now());
insert into used_assertion (client_id, jti_hash, expires_at) values ('01900000-0000-7000-8000-000000005101', sha256('x'), now());
insert into revoked_token (jti, expires_at) values ('01900000-0000-7000-8000-000000005102', now());
