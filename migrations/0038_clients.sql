-- Programs that sign in by themselves: OAuth clients of partners and of whoever runs the programmes, and what they
-- prove themselves with. The id is the client_id.

create table api_client (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  kind text not null check (kind in ('ADMIN', 'OPERATOR', 'SERVICE', 'PARTNER')),
  partner_no integer,
  scopes text[] not null check (cardinality(scopes) > 0),
  -- Where the client publishes its keys, instead of registering them here.
  jwks_uri text check (length(jwks_uri) between 1 and 500),
  registered_by text not null,
  registered_at timestamptz not null,
  revoked_by text,
  revoked_at timestamptz,
  check ((kind = 'PARTNER') = (partner_no is not null)),
  check ((revoked_by is null) = (revoked_at is null))
);
create index api_client_partner_no_idx on api_client (partner_no);
call hansa_protect('api_client', 'hansa_sees_all() or partner_no = hansa_partner_no()');
revoke delete on api_client from hansa_writer;

-- 256 bits of chance need no salt and no slow hash: SHA-256 of them cannot be turned back.
create table client_secret (
  id uuid primary key,
  client_id uuid not null references api_client (id),
  hash bytea not null check (octet_length(hash) = 32),
  created_at timestamptz not null,
  -- From then on it is good no more: the next one has taken over, or it was revoked.
  ends_at timestamptz,
  last_used_at timestamptz
);
create index client_secret_client_id_idx on client_secret (client_id);
call hansa_protect('client_secret', 'exists (select from api_client c where c.id = client_id)');
revoke delete on client_secret from hansa_writer;
-- Not even the hash is for those who read.
revoke select on client_secret from hansa_reader;
grant select (id, client_id, created_at, ends_at, last_used_at) on client_secret to hansa_reader;

create table client_key (
  id uuid primary key,
  client_id uuid not null references api_client (id),
  kid text not null check (length(kid) between 1 and 200),
  algorithm text not null check (algorithm in ('ES256', 'RS256', 'EdDSA')),
  -- The public half alone.
  jwk jsonb not null check (not jwk ?| array['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']),
  added_at timestamptz not null,
  removed_at timestamptz,
  last_used_at timestamptz
);
create index client_key_client_id_idx on client_key (client_id);
create unique index client_key_client_id_kid_key on client_key (client_id, kid) where removed_at is null;
call hansa_protect('client_key', 'exists (select from api_client c where c.id = client_id)');
revoke delete on client_key from hansa_writer;
